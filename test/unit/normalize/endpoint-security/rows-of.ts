/** Reads messages the way an ingest does, into rows, problems and gaps. */

import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { chooseFormat } from "../../../../src/app/reading/choose-format.ts"
import { newTally, type Tally } from "../../../../src/app/reading/reader.ts"
import type { Gap, Problem } from "../../../../src/base/problem.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import { KeptRecords } from "../../../kept-records.ts"
import { readerOf } from "../../../readers.ts"

/** Test data that is not part of the project; tests that want it are skipped without it. */
export const SHARED = path.resolve(import.meta.dirname, "../../../../../shared/data/es")

export function hasShared(): boolean {
  return existsSync(SHARED)
}

export function sharedFile(name: string): Buffer {
  return readFileSync(path.join(SHARED, name))
}

export type Row = Readonly<Record<string, unknown>>

export interface Reading {
  readonly rows: ObjectSink["rows"]
  readonly problems: Problem[]
  readonly gaps: Gap[]
  readonly records: string[]
  readonly tally: Tally
  readonly variant: string
}

export interface ReadingOptions {
  /** Sizes of the pieces; the whole at once unless given. */
  readonly piece?: number
  readonly isRecords?: boolean
  readonly users?: ReadonlyMap<number, string>
}

/** @param content bytes, text, or objects of which each becomes a line */
export function readMessages(
  content: Buffer | string | readonly object[],
  options: ReadingOptions = {},
): Reading {
  const bytes = bytesOf(content)
  const facts = { path: "es.ndjson", member: "", packing: "", storedSize: bytes.length, modifiedMs: 0 }
  const choice = chooseFormat(bytes.subarray(0, 256 * 1024), facts, "endpoint-security")
  if (choice.kind !== "format") throw new Error("not recognised")
  const sink = new ObjectSink()
  const problems: Problem[] = []
  const gaps: Gap[] = []
  const output = new KeptRecords()
  const { piece = bytes.length, isRecords = false, users } = options
  const reader = readerOf(choice.format)({
    writer: sink,
    host: "mac-1",
    problem: (problem) => problems.push(problem),
    gap: (gap) => gaps.push(gap),
    ...(users === undefined ? {} : { accounts: { users, groups: new Map() } }),
    ...(isRecords ? { records: output } : {}),
  })
  const tally = newTally()
  reader.beginSource({ sourceId: 1, detection: choice.detection, modifiedMs: 0, tally })
  for (let at = 0; at < bytes.length; at += piece) {
    // A buffer of its own, overwritten afterwards: nothing may keep looking into it.
    const chunk = Buffer.from(bytes.subarray(at, at + piece))
    reader.push(chunk, at)
    chunk.fill(0x2a)
  }
  reader.endSource()
  reader.end()
  return { rows: sink.rows, problems, gaps, records: output.texts, tally, variant: choice.detection.variant }
}

export function rowsOf({ rows }: Reading, table: string): Row[] {
  return rows.filter((row) => row.table === table).map(({ values }) => values)
}

/** The only row of a table. */
export function rowOf(reading: Reading, table: string): Row {
  const rows = rowsOf(reading, table)
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Error(`${rows.length} rows of ${table}`)
  return row
}

function bytesOf(content: Buffer | string | readonly object[]): Buffer {
  if (Buffer.isBuffer(content)) return content
  if (typeof content === "string") return Buffer.from(content)
  return Buffer.from(content.map((object) => `${JSON.stringify(object)}\n`).join(""))
}
