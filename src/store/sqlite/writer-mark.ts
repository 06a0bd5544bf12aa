/**
 * The mark by which a capture holds a live case: a file in WAL mode has no lock that lasts. Sources: proc_pid_stat(5),
 * random(4) (boot_id), kill(2).
 *
 *   _meta: live.writer = {"pid":811,"started":"4711","boot":"4c8b…"}
 */
import { readFileSync } from "node:fs"
import { META } from "../../schema/case-tables.ts"
import { OSQUERY_EVENTS } from "../../schema/osquery-tables.ts"
import { putMeta } from "./case-rows.ts"
import type { SqliteDatabase } from "./open-readonly.ts"
import { CaseFileError } from "./prepare-file.ts"

const KEY = "live.writer"

/** A process by which it cannot be mistaken for a later one. */
export interface Writer {
  readonly pid: number
  /** Its start in clock ticks since boot; '' where there is no proc(5). */
  readonly started: string
  readonly boot: string
}

/** Takes the case for this process, in the caller's transaction; a dead writer's mark gives way. */
export function claimWriter(db: SqliteDatabase, path: string): void {
  const writer = readWriter(db)
  if (writer !== null && isAlive(writer)) {
    throw new CaseFileError("locked", `${path} is being written by a capture (process ${writer.pid})`)
  }
  const { pid } = process
  putMeta(db, KEY, JSON.stringify({ pid, started: readStart(pid), boot: readBoot() }))
}

/** Takes the mark away, in the caller's transaction; nothing is written when there is none. */
export function releaseWriter(db: SqliteDatabase): void {
  if (db.prepare(`SELECT 1 FROM ${META.name} WHERE key = ?`).get(KEY) === undefined) return
  db.prepare(`DELETE FROM ${META.name} WHERE key = ?`).run(KEY)
  const table = db
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")
    .get(OSQUERY_EVENTS.name)
  if (table !== undefined) db.prepare(`UPDATE ${OSQUERY_EVENTS.name} SET active = 0 WHERE active = 1`).run()
}

/** Who holds the case, or held it when it was killed; null when nobody does. */
export function readWriter(db: SqliteDatabase): Writer | null {
  const row = db.prepare(`SELECT value FROM ${META.name} WHERE key = ?`).get(KEY)
  return row === undefined ? null : parseWriter(String((row as { value: unknown }).value))
}

/** The text may come from anybody. */
function parseWriter(text: string): Writer | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== "object" || value === null) return null
    if (!("pid" in value && "started" in value && "boot" in value)) return null
    const { pid, started, boot } = value
    if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return null
    return typeof started === "string" && typeof boot === "string" ? { pid, started, boot } : null
  } catch {
    return null
  }
}

/** Whether the very process still runs. What cannot be told counts as alive. */
export function isAlive({ pid, started, boot }: Writer): boolean {
  if (boot !== readBoot()) return false
  const now = readStart(pid)
  // Without an entry in /proc the process is gone, or /proc hides it (hidepid), or there is no proc(5).
  return now === "" ? isThere(pid) : now === started
}

/** Field 22 of /proc/PID/stat; '' when it cannot be read, or the process has ended and waits to be reaped. */
function readStart(pid: number): string {
  const text = readText(`/proc/${pid}/stat`)
  // The name in field 2 may hold blanks and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ")
  return fields[19] ?? ""
}

function readBoot(): string {
  return readText("/proc/sys/kernel/random/boot_id").trim()
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1")
  } catch {
    return ""
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
