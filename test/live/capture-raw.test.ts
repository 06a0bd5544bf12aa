/**
 * What a capture stored and what `retrail ingest` makes of its raw log are the same rows, column for column: the live
 * way and the way through auditd's log share everything but their ends.
 */
import { spawnSync } from "node:child_process"
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { openAuditSocket } from "../../src/sources/audit/netlink.ts"
import { CaptureProcess, countExecs, ownProgram, RETRAIL, testFolder } from "./capture-process.ts"
import { holdKernel } from "./kernel-lock.ts"
import { run, storm } from "./workload.ts"

const { reason } = await holdKernel()
const CALLS = join(import.meta.dirname, "socket-calls.ts")
const TABLES = ["process_events", "socket_events", "user_events"] as const
const USER_LOGIN = 1112
const PROGRAMS = 150
/** Saved evidence is not filtered, so nothing may be here. */
const EVERYTHING = [
  "--audit_allow_sockets=true",
  "--audit_allow_unix=true",
  "--audit_allow_failed_socket_events=true",
  "--audit_allow_null_accept_socket_events=true",
  "--audit_allow_fork_process_events=true",
  "--audit_allow_kill_process_events=true",
  "--events_expiry=0",
]

describe.skipIf(reason !== "")(`the raw log of a capture${reason}`, () => {
  it.each([
    ["one file", "0", 1],
    ["rotated files", "64KiB", 3],
  ])("gives the rows that were stored: %s", async (_, size, files) => {
    const folder = testFolder()
    const program = ownProgram(folder)
    const capture = await CaptureProcess.start({
      folder,
      arguments: ["--raw", "audit.log", "--raw-size", size, "--raw-keep", "900", ...EVERYTHING],
    })
    sendUserMessage(
      'op=login acct="alice" exe="/usr/sbin/sshd" hostname=web-1 addr=192.0.2.7 terminal=ssh res=failed',
    )
    await run(process.execPath, [CALLS, folder])
    await storm(program, PROGRAMS, 2)
    const { summary, exitCode } = await capture.finish()
    expect([exitCode, countExecs(capture.database, program)]).toEqual([0, 2 * PROGRAMS])
    for (const table of TABLES) expect(summary.rows[table]).toBeGreaterThan(0)
    const logs = readdirSync(folder).filter((name) => name.startsWith("audit.log"))
    expect(logs.length).toBeGreaterThanOrEqual(files)
    for (const log of logs) expect(statSync(join(folder, log)).mode & 0o777).toBe(0o600)
    const ingest = spawnSync(process.execPath, [RETRAIL, "ingest", ...logs, "-d", "case.db"], {
      cwd: folder,
      encoding: "utf8",
    })
    expect([ingest.status, ingest.stderr]).toEqual([0, expect.any(String)])
    expect(compare(join(folder, "live.db"), join(folder, "case.db"))).toEqual(
      TABLES.map((table) => ({ table, onlyLive: [], onlyIngested: [], rows: summary.rows[table] })),
    )
  })
})

/** Needs CAP_AUDIT_WRITE; the kernel puts the sender's ids in front. */
function sendUserMessage(text: string): void {
  const socket = openAuditSocket({ multicast: false, receiveBufferBytes: 65_536 })
  socket.send(USER_LOGIN, Buffer.from(`${text}\0`), 0)
  socket.close()
}

/** Each side's own rows; the file stands for its number, which only the database knows. */
function compare(live: string, ingested: string) {
  const database = new Database(live, { readonly: true })
  database.prepare("ATTACH ? AS ingested").run(ingested)
  const rows = (sql: string) => database.prepare(sql).all()
  try {
    return TABLES.map((table) => {
      const own = (schema: string) =>
        `SELECT e.*, s.path AS source_path FROM (SELECT ${columnsOf(database, table)}, source_id AS id FROM ${schema}.${table}) AS e ` +
        `JOIN ${schema}._sources AS s ON s.id = e.id`
      return {
        table,
        onlyLive: rows(`${own("main")} EXCEPT ${own("ingested")} LIMIT 3`),
        onlyIngested: rows(`${own("ingested")} EXCEPT ${own("main")} LIMIT 3`),
        rows: Number(database.prepare(`SELECT count(*) FROM ingested.${table}`).pluck().get()),
      }
    })
  } finally {
    database.close()
  }
}

function columnsOf(database: Database.Database, table: string): string {
  const names = database.prepare("SELECT name FROM pragma_table_info(?)").pluck().all(table) as string[]
  return names.filter((name) => name !== "source_id").join(", ")
}
