/** Runs of the live use cases inside this process, and what their databases hold, for the tests of this folder. */
import Database from "better-sqlite3"
import type { CaptureDisplay, CaptureSummary, LiveRequest } from "../../src/app/capture/capture-request.ts"
import { captureFollow, type FollowRequest } from "../../src/app/capture/run-follow.ts"
import { type IngestRequest, runIngest } from "../../src/app/ingest/run-ingest.ts"
import { NO_PROGRESS } from "../../src/app/progress.ts"
import { type ReplayRequest, replay } from "../../src/app/replay/run-replay.ts"
import { SYSTEM_CLOCK } from "../../src/base/clock.ts"
import { OsqueryFlags } from "../../src/pipeline/flags/osquery-flags.ts"
import { rowChoiceOfGiven } from "../../src/pipeline/flags/row-choice.ts"
import { EVENT_TABLES } from "../../src/schema/tables/index.ts"

/** Keeps what a person would have seen. */
export class KeptDisplay implements CaptureDisplay {
  readonly messages: string[] = []
  ends = 0

  log(message: string): void {
    this.messages.push(message)
  }

  note(): void {}

  update(): void {}

  end(): void {
    this.ends++
  }
}

/** Flags as given on a command line: `audit_allow_unix=false`. */
export function flagsOf(given: readonly string[]): OsqueryFlags {
  const flags = new OsqueryFlags()
  for (const one of given) {
    const [name = "", value = ""] = one.split("=")
    const taken = flags.set(name, value, "command-line")
    if (!taken.ok) throw new Error(taken.message)
  }
  return flags
}

/** What every live source is asked, but for the database. */
export function liveRequest(
  database: string,
  given: readonly string[] = [],
): Omit<LiveRequest, "display"> & { readonly display: KeptDisplay } {
  return {
    database,
    version: "0",
    argv: [],
    flags: flagsOf(given),
    host: "",
    stallMs: 0,
    clock: SYSTEM_CLOCK,
    display: new KeptDisplay(),
    signal: new AbortController().signal,
  }
}

/** What both ways of reading saved records can be asked. */
export interface ReadingSetup {
  /** osquery's flags */
  readonly flags?: readonly string[]
  readonly host?: string
  readonly start?: number
  readonly end?: number
}

export async function replayInto(
  database: string,
  paths: readonly string[],
  { flags = [], ...setup }: ReadingSetup & Partial<Pick<ReplayRequest, "clock" | "stallMs" | "speed">> = {},
): Promise<{ readonly summary: CaptureSummary; readonly messages: readonly string[] }> {
  const request = liveRequest(database, flags)
  const summary = await replay({ ...request, speed: Number.POSITIVE_INFINITY, ...setup, paths })
  return { summary, messages: request.display.messages }
}

export async function ingestLike(
  database: string,
  paths: readonly string[],
  { flags = [], ...setup }: ReadingSetup & Partial<IngestRequest> = {},
): Promise<number> {
  const { exitCode } = await runIngest({
    version: "0",
    argv: [],
    host: "",
    progress: NO_PROGRESS,
    signal: new AbortController().signal,
    rows: rowChoiceOfGiven(flagsOf(flags)),
    ...setup,
    paths,
    database,
  })
  return exitCode
}

const COMPARED = [...EVENT_TABLES.map(({ name }) => name), "_problems", "_gaps"]

export interface Comparison {
  /** Tables whose rows differ, with the first row that only one of them has. */
  readonly differences: readonly string[]
  /** Rows of the first database, by table; none that are empty. */
  readonly rows: Readonly<Record<string, number>>
}

/** Holds two databases against each other with SQLite's own EXCEPT, both ways, and counts what EXCEPT folds. */
export function compareDatabases(
  a: string,
  b: string,
  leaveOut: readonly string[] = [],
  tables: readonly string[] = COMPARED,
): Comparison {
  const db = new Database(a, { readonly: true })
  try {
    db.defaultSafeIntegers(true)
    db.prepare("ATTACH ? AS b").run(b)
    const differences: string[] = []
    const rows: Record<string, number> = {}
    for (const table of tables) {
      const count = (schema: string) =>
        Number(db.prepare(`SELECT count(*) FROM ${schema}."${table}"`).pluck().get())
      const [inA, inB] = [count("main"), count("b")]
      if (inA > 0) rows[table] = inA
      const list = columnsOf(db, table, leaveOut)
      const only = (one: string, other: string) =>
        db
          .prepare(`SELECT ${list} FROM ${one}."${table}" EXCEPT SELECT ${list} FROM ${other}."${table}"`)
          .get()
      const [first, second] = [only("main", "b"), only("b", "main")]
      if (inA === inB && first === undefined && second === undefined) continue
      differences.push(`${table}: ${inA} and ${inB} rows\n  ${textOf(first)}\n  ${textOf(second)}`)
    }
    return { differences, rows }
  } finally {
    db.close()
  }
}

function columnsOf(db: Database.Database, table: string, leaveOut: readonly string[]): string {
  const columns = db.pragma(`table_info("${table}")`) as { readonly name: string }[]
  return columns
    .filter(({ name }) => !leaveOut.includes(name))
    .map(({ name }) => `"${name}"`)
    .join()
}

function textOf(row: unknown): string {
  return JSON.stringify(row, (_, value) => (typeof value === "bigint" ? String(value) : value)) ?? "-"
}

/** All rows that a query gives, as objects. */
export function rowsOf(database: string, sql: string): Record<string, unknown>[] {
  const db = new Database(database, { readonly: true })
  try {
    return db.prepare(sql).all() as Record<string, unknown>[]
  } finally {
    db.close()
  }
}

/** Follows what is there, to its end, and stops. */
export async function followInto(
  database: string,
  paths: readonly string[],
  {
    flags = [],
    ...more
  }: { readonly flags?: readonly string[] } & Partial<Omit<FollowRequest, "flags">> = {},
): Promise<{ readonly summary: CaptureSummary; readonly messages: readonly string[] }> {
  const request = liveRequest(database, flags)
  const summary = await captureFollow({
    ...request,
    fromEnd: false,
    durationMs: 0,
    stdin: NO_STREAM,
    signal: AbortSignal.abort(),
    ...more,
    paths,
  })
  return { summary, messages: request.display.messages }
}

const NO_STREAM: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
}
