/** Reads files or bytes into row objects the way the program does, for the tests of this folder. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { NO_PROGRESS } from "../../src/app/progress.ts"
import { type ReadSource, readSources } from "../../src/app/reading/read-sources.ts"
import type { Accounts } from "../../src/app/reading/reader.ts"
import type { Gap, Problem } from "../../src/base/problem.ts"
import { ObjectSink } from "../../src/rows/object-sink.ts"
import type { RowValue } from "../../src/rows/value-sink.ts"

const root = path.resolve(import.meta.dirname, "../..")
export const CORPUS = path.join(root, "corpus/linux-audit")
export const SHARED = path.resolve(root, "../shared/data")
export const hasShared = existsSync(SHARED)
export const NEEDS_SHARED = "(needs ../shared)"

export type Row = Readonly<Record<string, RowValue>>

export interface Reading {
  readonly rows: ReadonlyMap<string, readonly Row[]>
  readonly problems: readonly (Problem & { readonly sourceId: number })[]
  readonly gaps: readonly Gap[]
  readonly sources: readonly ReadSource[]
  readonly records: number
  readonly rejected: number
  readonly otherLines: number
  readonly events: number
}

export interface ReadingOptions {
  readonly host?: string
  readonly accounts?: Accounts
  readonly start?: number
  readonly end?: number
  /** Time of made files: gives the year that syslog stamps lack. */
  readonly modified?: Date
}

/** Reads files of one case. */
export async function readPaths(paths: readonly string[], options: ReadingOptions = {}): Promise<Reading> {
  const sink = new ObjectSink()
  const problems: (Problem & { sourceId: number })[] = []
  const gaps: Gap[] = []
  const sources = await readSources({
    ...options,
    host: options.host ?? "",
    paths,
    writer: sink,
    progress: NO_PROGRESS,
    onProblem: (problem, source) => problems.push({ ...problem, sourceId: source.id }),
    onGap: (gap) => gaps.push(gap),
  })
  const rows = new Map<string, Row[]>()
  for (const { table, values } of sink.rows) {
    const list = rows.get(table) ?? []
    list.push(values)
    rows.set(table, list)
  }
  const sum = (key: "records" | "rejected" | "otherLines" | "events") =>
    sources.reduce((total, { tally }) => total + tally[key], 0)
  return {
    rows,
    problems,
    gaps,
    sources,
    records: sum("records"),
    rejected: sum("rejected"),
    otherLines: sum("otherLines"),
    events: sum("events"),
  }
}

/** Reads one made file. */
export async function readBytes(
  bytes: string | Buffer,
  options: ReadingOptions & { readonly name?: string } = {},
): Promise<Reading> {
  return readFolder({ [options.name ?? "audit.log"]: bytes }, options)
}

/** Reads a folder of made files. */
export async function readFolder(
  files: Readonly<Record<string, string | Buffer>>,
  options: ReadingOptions = {},
): Promise<Reading> {
  const folder = mkdtempSync(path.join(tmpdir(), "retrail-acceptance-"))
  try {
    for (const [name, bytes] of Object.entries(files)) {
      const file = path.join(folder, name)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, bytes)
      if (options.modified !== undefined) utimesSync(file, options.modified, options.modified)
    }
    return await readPaths([folder], options)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Columns that say where a row came from rather than what happened. */
export const PLACE_COLUMNS = ["eid", "source_id", "source_offset", "host"] as const
/** What depends on the order of events: the parent's program is known from earlier rows only. */
export const ORDER_COLUMNS = [...PLACE_COLUMNS, "parent_path"] as const

/** All rows as sorted texts, without the columns left out: equal for equal content in any order. */
export function essence(reading: Reading, leaveOut: readonly string[] = PLACE_COLUMNS): string[] {
  const lines: string[] = []
  for (const [table, rows] of reading.rows) {
    for (const row of rows) {
      const kept = Object.entries(row).filter(([name]) => !leaveOut.includes(name))
      lines.push(
        `${table} ${JSON.stringify(kept, (_, value) => (typeof value === "bigint" ? String(value) : value))}`,
      )
    }
  }
  return lines.sort()
}

/** Lines of `a` that `b` lacks and the other way round, the first few of each; both empty for equal lists. */
export function differences(
  a: readonly string[],
  b: readonly string[],
): { missing: string[]; extra: string[] } {
  const counts = new Map<string, number>()
  for (const line of a) counts.set(line, (counts.get(line) ?? 0) + 1)
  for (const line of b) counts.set(line, (counts.get(line) ?? 0) - 1)
  const missing: string[] = []
  const extra: string[] = []
  for (const [line, count] of counts) {
    if (count > 0) missing.push(line)
    if (count < 0) extra.push(line)
  }
  return { missing: missing.slice(0, 5), extra: extra.slice(0, 5) }
}

/** Random numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
