/** The SQL of a query: from the command line, a file, or stdin. */
import { readFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import { IoError, MissingInputError, PermissionError, UsageError } from "../errors.ts"

/** More than this is not a query. */
const MOST_CHARACTERS = 1024 * 1024

/** `-` is stdin. */
export async function readSqlFile(path: string): Promise<string> {
  const sql = path === "-" ? await text(process.stdin) : await readNamed(path)
  if (sql.length > MOST_CHARACTERS) throw new UsageError(`${path} is too long for a query`)
  return sql.replace(/^\ufeff/, "")
}

async function readNamed(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : ""
    if (code === "ENOENT") throw new MissingInputError(`${path} does not exist`)
    if (code === "EACCES") throw new PermissionError(`${path} cannot be read: permission denied`)
    throw new IoError(`${path} cannot be read (${code})`)
  }
}

/** Takes the SQL off the end of the arguments, unless it comes from a file. */
export async function takeSql(file: string | undefined, values: string[]): Promise<string> {
  if (file !== undefined) return readSqlFile(file)
  const sql = values.pop()
  if (sql === undefined) {
    throw new UsageError(
      "no query is given",
      'retrail query -d case.db "SELECT * FROM process_events LIMIT 5"',
    )
  }
  return sql === "-" ? readSqlFile("-") : sql
}
