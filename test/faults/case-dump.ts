/** Ingests in this process, and shows all that a case holds, so that two cases can be compared. */
import { existsSync } from "node:fs"
import Database from "better-sqlite3"
import { ingest } from "../../src/app/ingest/ingest.ts"
import type { IngestSummary } from "../../src/app/ingest/summary.ts"
import { NO_PROGRESS } from "../../src/app/progress.ts"
import { EVENT_TABLES } from "../../src/schema/tables/index.ts"
import { openCaseFile } from "../../src/store/sqlite/case-file.ts"

export interface IngestSetup {
  readonly batchBytes?: number
  readonly stdin?: AsyncIterable<Uint8Array>
  readonly host?: string
}

export async function ingestInto(
  database: string,
  paths: readonly string[],
  setup: IngestSetup = {},
): Promise<IngestSummary> {
  const store = openCaseFile(database)
  try {
    const runId = store.beginRun({ version: "0", args: [], started: "" })
    const { summary } = await ingest({
      host: "",
      ...setup,
      paths,
      store,
      runId,
      progress: NO_PROGRESS,
      signal: new AbortController().signal,
    })
    store.endRun(runId, "", 0)
    return summary
  } finally {
    store.close()
  }
}

/** Every row of every table as text, in the order of rowids; without which run wrote it. */
export function dumpCase(database: string, leaveOut: readonly string[] = []): Map<string, string[]> {
  const db = new Database(database, { readonly: true })
  db.defaultSafeIntegers(true)
  const tables = new Map<string, string[]>()
  for (const name of [...EVENT_TABLES.map((table) => table.name), "_problems", "_gaps", "_sources"]) {
    const rows = db.prepare(`SELECT * FROM "${name}" ORDER BY ${name === "_sources" ? "id" : "rowid"}`).all()
    const lines = (rows as Record<string, unknown>[]).map((row) => {
      const kept = Object.entries(row).filter(([column]) => column !== "run_id" && !leaveOut.includes(column))
      return JSON.stringify(kept, (_, value) => (typeof value === "bigint" ? String(value) : value))
    })
    if (lines.length > 0) tables.set(name, lines)
  }
  const eids = db.prepare("SELECT key, value FROM _meta WHERE key LIKE 'eid.%' ORDER BY key").all()
  tables.set(
    "eids",
    eids.map((row) => JSON.stringify(row)),
  )
  db.close()
  return tables
}

/** The first differing lines of each table, and their numbers; empty for equal cases. */
export function compareCases(
  wanted: ReadonlyMap<string, string[]>,
  got: ReadonlyMap<string, string[]>,
): string[] {
  const differences: string[] = []
  for (const table of new Set([...wanted.keys(), ...got.keys()])) {
    const [a, b] = [wanted.get(table) ?? [], got.get(table) ?? []]
    const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find((i) => a[i] !== b[i])
    if (at === undefined) continue
    differences.push(`${table} ${a.length} ${b.length} rows; row ${at}:\n  ${a[at]}\n  ${b[at]}`)
  }
  return differences
}

/** What a killed run must not leave behind, once another run is through. */
export function faultsOf(database: string): string[] {
  const db = new Database(database, { readonly: true })
  const check = db.pragma("integrity_check", { simple: true })
  db.close()
  const left = [`${database}-staging`, `${database}-journal`].filter((path) => existsSync(path))
  return check === "ok" ? left : [String(check), ...left]
}
