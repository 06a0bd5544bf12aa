/** Names of the target host's accounts, from its own passwd and group files. Source: passwd(5), group(5). */
import { readFileSync } from "node:fs"
import { MissingInputError, PermissionError } from "./errors.ts"
import type { Accounts } from "./reading/reader.ts"

const MAX_NAME = 256

/** undefined when neither file is given. @throws when one cannot be read */
export function readAccounts(passwd: string | undefined, group: string | undefined): Accounts | undefined {
  if (passwd === undefined && group === undefined) return undefined
  return { users: readNames(passwd, "--passwd"), groups: readNames(group, "--group") }
}

/** `name:password:id:…`, the first of several names for one id. Lines of another form are passed over. */
function readNames(path: string | undefined, flag: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  if (path === undefined) return names
  for (const line of readText(path, flag).split("\n")) {
    const [name = "", , id = ""] = line.split(":")
    if (name === "" || name.startsWith("#") || name.length > MAX_NAME || !/^\d{1,10}$/.test(id)) continue
    if (!names.has(Number(id))) names.set(Number(id), name)
  }
  return names
}

function readText(path: string, flag: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === "EACCES" || code === "EPERM")
      throw new PermissionError(`${flag}: no permission to read ${path}`)
    throw new MissingInputError(`${flag}: ${path} cannot be read (${code})`)
  }
}
