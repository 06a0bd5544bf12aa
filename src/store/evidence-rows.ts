/** Problems and gaps as rows of `_problems` and `_gaps`, the same from every writer. Source: schema/case-tables.ts. */
import type { Gap, Problem } from "../base/problem.ts"
import { storableText } from "../base/text.ts"
import { GAPS, PROBLEMS } from "../schema/case-tables.ts"
import type { QueuedRow } from "../schema/row-value.ts"
import type { RowWriter } from "../schema/row-writer.ts"

/** @param runId the run that met it */
export function problemRow(problem: Problem, sourceId: number, runId: number): QueuedRow {
  const { offset, length, code, severity, message, expected = "", found = "" } = problem
  const texts = [code, severity, message, expected, found].map(storableText)
  return { schema: PROBLEMS, values: [sourceId, offset, length, ...texts, runId] }
}

export function gapRow(gap: Gap, host: string, sourceId: number): QueuedRow {
  const values = [
    storableText(gap.kind),
    storableText(gap.what),
    gap.fromNs ?? null,
    gap.toNs ?? null,
    gap.fromId === undefined ? null : BigInt(gap.fromId),
    gap.toId === undefined ? null : BigInt(gap.toId),
    storableText(gap.evidence),
    storableText(host),
    sourceId,
    gap.offset,
  ]
  return { schema: GAPS, values }
}

/** Writes a row whose values are there already. */
export function writeRow(writer: RowWriter, { schema, values }: QueuedRow): void {
  writer.begin(schema)
  for (const value of values) {
    if (value === null) writer.null()
    else if (typeof value === "number") writer.int(value)
    else if (typeof value === "bigint") writer.int64(Number(value >> 32n), Number(value & 0xffff_ffffn))
    else writer.text(value)
  }
  writer.end()
}
