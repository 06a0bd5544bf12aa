/** osquery's flags where the doctor finds them: in a flag file, or in the table that a capture wrote. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs"
import { parseFlagfile } from "../../../pipeline/flags/flagfile.ts"
import { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { OSQUERY_FLAGS } from "../../../schema/osquery-tables.ts"
import { openCaseReadonly } from "../../../store/sqlite/open-case-readonly.ts"

export interface FoundFlags {
  readonly flags: OsqueryFlags
  /** What was not understood, in the words of its author. */
  readonly problems: readonly string[]
}

/** As of a config of osquery: nobody writes more flags. */
const MOST_BYTES = 4 * 1024 * 1024
const MOST_ROWS = 10_000

/** null when the file cannot be read. */
export function readFlagfile(path: string): FoundFlags | null {
  const text = readText(path)
  if (text === null) return null
  const file = parseFlagfile(text, readText)
  const flags = new OsqueryFlags()
  const problems = file.warnings.map(({ line, message }) => `line ${line}: ${message}`)
  for (const { name, value } of file.given) {
    const result = flags.set(name, value, "flagfile")
    if (!result.ok) problems.push(result.message)
  }
  return { flags, problems }
}

/** null when it is no case, or no capture wrote it. Whether it is whole, other checks say. */
export function readCaseFlags(path: string): FoundFlags | null {
  const opened = openCaseReadonly(path)
  if (!opened.ok) return null
  const { db } = opened
  try {
    // In a file that an attacker made, a view of this name could run for ever.
    const kind = "SELECT type FROM pragma_table_list WHERE schema = 'main' AND name = ?"
    const row = db.prepare(kind).get(OSQUERY_FLAGS.name) as { type: unknown } | undefined
    if (row?.type !== "table") return null
    const rows = db.prepare(`SELECT name, value FROM ${OSQUERY_FLAGS.name} LIMIT ?`).all(MOST_ROWS)
    return rows.length === 0 ? null : flagsOfRows(rows)
  } catch {
    return null
  } finally {
    db.close()
  }
}

function flagsOfRows(rows: readonly unknown[]): FoundFlags {
  const flags = new OsqueryFlags()
  const problems: string[] = []
  for (const row of rows) {
    const { name, value } = row as { name: unknown; value: unknown }
    const result = flags.set(String(name), String(value), "flagfile")
    if (!result.ok) problems.push(result.message)
  }
  return { flags, problems }
}

/** A flag file names others: nothing but regular files is read, so that none of them keeps us waiting. */
function readText(path: string): string | null {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const facts = fstatSync(descriptor)
      return facts.isFile() && facts.size <= MOST_BYTES ? readFileSync(descriptor, "utf8") : null
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return null
  }
}
