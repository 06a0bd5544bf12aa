/** Rows and batches for the tests of live cases. */
import { RowQueue } from "../../../src/rows/row-queue.ts"
import type { TableSchema } from "../../../src/schema/column.ts"
import type { QueuedRow, RowValue } from "../../../src/schema/row-value.ts"
import type { SourceRow } from "../../../src/store/case-store.ts"
import { writeRow } from "../../../src/store/evidence-rows.ts"
import type { LiveBatch } from "../../../src/store/live-store.ts"

/** A row with these values; what is not named is absent. */
export function rowOf(schema: TableSchema, given: Readonly<Record<string, RowValue>>): QueuedRow {
  const queue = new RowQueue()
  const values = schema.columns.map(({ name, type }) => given[name] ?? (type === "TEXT" ? "" : null))
  writeRow(queue, { schema, values })
  const [row] = queue.take()
  if (row === undefined) throw new Error("no row")
  return row
}

export function batchOf(rows: readonly QueuedRow[], more: Partial<LiveBatch> = {}): LiveBatch {
  return { rows, problems: [], gaps: [], sources: [], eids: new Map(), ...more }
}

export const RUN = { version: "0", args: ["capture", "audit"], started: "2026-01-01T00:00:00Z" }

export function sourceOf(id: number, path: string): SourceRow {
  return {
    id,
    path,
    member: "",
    packing: "",
    format: "linux-audit",
    variant: "netlink",
    state: "reading",
    size: null,
    modified: null,
    sha256: "",
    contentSize: 0,
    contentSha256: "",
    records: 1,
    rejected: 0,
    otherLines: 0,
    events: 1,
    firstTime: null,
    lastTime: null,
    runId: 1,
    duplicateOf: null,
    headSha256: "",
    headSize: 0,
    resumeOffset: 0,
    parserState: "",
  }
}
