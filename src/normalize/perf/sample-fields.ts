/** Fields of a sample as values. */
import { FIELD, type PerfSample } from "../../formats/perf/sample.ts"

const TWO_32 = 0x1_0000_0000
const NUMBER = "__syscall_nr"

/** An integer; NaN when the record has no such field. Beyond 2^53 the nearest that a double holds. */
export function fieldValue(sample: PerfSample, name: string): number {
  const field = sample.find(name)
  if (field < 0 || sample.fieldKind(field) !== FIELD.int) return Number.NaN
  return sample.high(field) * TWO_32 + (sample.low(field) >>> 0)
}

/** A copy of a text; undefined when the record has no such field, or a number in its place. */
export function fieldText(sample: PerfSample, name: string): Buffer | undefined {
  const field = sample.find(name)
  if (field < 0 || sample.fieldKind(field) === FIELD.int) return undefined
  return Buffer.from(sample.bytes.subarray(sample.from(field), sample.to(field)))
}

/** The place of a call's first argument: behind the number of the call, where it is there, and what all events share. */
export function firstField(sample: PerfSample): number {
  const number = sample.find(NUMBER)
  if (number >= 0) return number + 1
  let field = 0
  while (field < sample.fieldCount && sample.fieldName(field).startsWith("common_")) field++
  return field
}
