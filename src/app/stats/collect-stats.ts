/** A case at a glance: counts from its tables, and the most frequent of what an analyst asks for first. */
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import type { SqliteDatabase } from "../../store/sqlite/open-readonly.ts"
import { type HostSilence, readAuditFlags } from "../audit-flags.ts"
import { type CommandLines, readCommandLines } from "../command-lines.ts"
import type { CellValue } from "../output/row-printer.ts"

/** A list cut to its most frequent rows. */
export interface Section {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly CellValue[])[]
  /** Rows before the cut. */
  readonly total: number
}

export interface Stats {
  /** Seconds since 1970; null without a row. */
  readonly firstTime: bigint | null
  readonly lastTime: bigint | null
  readonly sections: readonly Section[]
  /** What Windows hosts say of command lines. */
  readonly commandLines: CommandLines
  /** What BSM trails hold none of, by host; null where the case has no trail. */
  readonly auditFlags: readonly HostSilence[] | null
}

interface SectionQuery {
  readonly name: string
  /** Ends without LIMIT. */
  readonly sql: string
  /** Small lists are never cut. */
  readonly isWhole?: true
}

const HOSTS = EVENT_TABLES.map(({ name }) => `SELECT host, time FROM ${name}`).join(" UNION ALL ")

const SECTIONS: readonly SectionQuery[] = [
  {
    name: "sources",
    isWhole: true,
    sql: `SELECT format, state, count(*) AS sources, sum(content_size) AS bytes, sum(events) AS events,
      sum(records) AS records, sum(rejected) AS rejected FROM _sources GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
  },
  {
    name: "hosts",
    sql: `SELECT host, count(*) AS rows, min(time) AS first, max(time) AS last FROM (${HOSTS}) GROUP BY 1 ORDER BY 2 DESC, 1`,
  },
  {
    name: "executables",
    sql: "SELECT path, count(*) AS execs FROM process_events WHERE event_type = 'exec' GROUP BY 1 ORDER BY 2 DESC, 1",
  },
  {
    name: "users",
    sql: `SELECT username, uid, auid, count(*) AS execs FROM process_events WHERE event_type = 'exec'
      GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3`,
  },
  {
    name: "remote addresses",
    sql: `SELECT remote_address, action, count(*) AS calls, count(DISTINCT remote_port) AS ports FROM socket_events
      WHERE remote_address <> '' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
  },
  {
    name: "failed calls",
    sql: `SELECT syscall, status, count(*) AS calls FROM (
      SELECT syscall, 'errno ' || status AS status FROM process_events WHERE status <> 0
      UNION ALL SELECT syscall, status FROM socket_events WHERE status = 'failed') GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
  },
  {
    name: "failed logins",
    sql: `SELECT username, address, terminal, count(*) AS failures, max(time) AS last FROM user_events
      WHERE result = 'failed' AND event_type IN ('USER_LOGIN', 'USER_AUTH', 'USER_ERR', 'USER_ACCT', 'LOGON', 'CREDENTIAL_VALIDATION')
      GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3`,
  },
  { name: "gaps", sql: "SELECT kind, host, count(*) AS gaps FROM _gaps GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2" },
  {
    name: "problems",
    sql: `SELECT severity, code, count(*) AS problems, count(DISTINCT source_id) AS sources FROM _problems
      GROUP BY 1, 2 ORDER BY CASE severity WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, 3 DESC, 2`,
  },
]

/** @param limit rows of a list; what is cut off is counted in `total` */
export function collectStats(db: SqliteDatabase, limit: number): Stats {
  const tables = EVENT_TABLES.map(({ name }) => {
    const sql = `SELECT count(*) AS rows, min(time) AS first, max(time) AS last FROM ${name}`
    return { name, ...(db.prepare(sql).get() as { rows: bigint; first: bigint | null; last: bigint | null }) }
  }).filter(({ rows }) => rows > 0n)
  const rowsByTable: Section = {
    name: "tables",
    columns: ["table", "rows", "first", "last"],
    rows: tables.map(({ name, rows, first, last }) => [name, rows, first, last]),
    total: tables.length,
  }
  return {
    firstTime: extreme(
      tables.map(({ first }) => first),
      (a, b) => a < b,
    ),
    lastTime: extreme(
      tables.map(({ last }) => last),
      (a, b) => a > b,
    ),
    sections: [rowsByTable, ...SECTIONS.map((query) => collect(db, query, limit))],
    commandLines: readCommandLines(db),
    auditFlags: readAuditFlags(db),
  }
}

function collect(db: SqliteDatabase, { name, sql, isWhole }: SectionQuery, limit: number): Section {
  const statement = db.prepare<[number], CellValue[]>(
    `SELECT *, count(*) OVER () AS total FROM (${sql}) LIMIT ?`,
  )
  const rows = statement.raw().all(isWhole ? -1 : limit)
  const columns = statement.columns().map((column) => column.name)
  return {
    name,
    columns: columns.slice(0, -1),
    rows: rows.map((row) => row.slice(0, -1)),
    total: Number(rows[0]?.at(-1) ?? 0),
  }
}

function extreme(
  times: readonly (bigint | null)[],
  isBetter: (a: bigint, b: bigint) => boolean,
): bigint | null {
  let best: bigint | null = null
  for (const time of times) if (time !== null && (best === null || isBetter(time, best))) best = time
  return best
}
