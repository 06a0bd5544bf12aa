/**
 * The fields of one event as JSON, as a list of steps over a plain sample's bytes:
 *
 *   key in the pool, its length | what the value is | its place | bytes of an element
 */

import type { ConstantPool } from "../../base/constant-pool.ts"
import { writeInteger } from "../../base/decimal.ts"
import { copyWords, type GrowingBytes } from "../../base/growing-bytes.ts"
import { putJsonString, WIDEST_JSON_BYTE } from "../../base/json-string.ts"
import type { PlainSample } from "../../formats/perf/perf-data/plain-sample.ts"
import type { PlainField, SamplePlan } from "../../formats/perf/perf-data/sample-plan.ts"
import { JSON_INTEGER_BYTES, putElements, writeJsonInteger } from "./perf-record-values.ts"

const STEP = {
  int32: 0,
  uint32: 1,
  int64: 2,
  uint64: 3,
  int16: 4,
  uint16: 5,
  int8: 6,
  uint8: 7,
  text: 8,
  bytes: 9,
}
/** Numbers a step. */
const STRIDE = 4
const INTEGERS: Readonly<Record<number, readonly [number, number]>> = {
  8: [STEP.int64, STEP.uint64],
  4: [STEP.int32, STEP.uint32],
  2: [STEP.int16, STEP.uint16],
  1: [STEP.int8, STEP.uint8],
}

export class PlainFieldWriter {
  readonly #fields: readonly PlainField[]
  readonly #steps: Int32Array
  readonly #pool: ConstantPool
  /** Texts and arrays. */
  readonly #widths: number
  readonly #fixedRoom: number

  constructor({ fields, format }: SamplePlan, pool: ConstantPool) {
    this.#fields = fields
    this.#pool = pool
    this.#steps = new Int32Array(fields.length * STRIDE)
    let room = 0
    let widths = 0
    for (const [place, field] of fields.entries()) {
      const name = format.fieldNames.names[place] ?? ""
      const key = Buffer.from(`${place === 0 ? "" : ","}${JSON.stringify(name)}:`)
      this.#steps.set([pool.add(key), key.length, stepOf(field), field.at], place * STRIDE)
      room += key.length + JSON_INTEGER_BYTES + STRIDE
      if (field.form !== "integer") widths++
    }
    this.#widths = widths
    this.#fixedRoom = room
  }

  /** Bytes that the fields of a sample become at most. */
  roomFor(length: number): number {
    return this.#fixedRoom + this.#widths * length * WIDEST_JSON_BYTE
  }

  /** Writes the fields to `out` from `at` on, where there is room for them; returns the end. */
  write(sample: PlainSample, out: GrowingBytes, at: number): number {
    const steps = this.#steps
    const { view } = this.#pool
    const { words, bytes, at: start } = sample
    const target = out.view
    let to = at
    for (let next = 0; next < steps.length; next += STRIDE) {
      const length = steps[next + 1] as number
      copyWords(view, steps[next] as number, target, to, length)
      to += length
      const place = start + (steps[next + 3] as number)
      switch (steps[next + 2]) {
        case STEP.int32:
          to = writeInteger(target, to, words[place >> 2] as number)
          break
        case STEP.uint32:
          to = writeInteger(target, to, (words[place >> 2] as number) >>> 0)
          break
        case STEP.int64:
        case STEP.uint64: {
          const isUnsigned = steps[next + 2] === STEP.uint64
          const word = place >> 2
          to = writeJsonInteger(target, to, isUnsigned, words[word + 1] as number, words[word] as number)
          break
        }
        case STEP.uint8:
          to = writeInteger(target, to, bytes[place] as number)
          break
        default:
          to = this.#writeRare(sample, next / STRIDE, out, to)
      }
    }
    return to
  }

  #writeRare(sample: PlainSample, place: number, out: GrowingBytes, to: number): number {
    const field = this.#fields[place]
    if (field === undefined) return to
    const { bytes } = sample
    const from = sample.fromOf(field)
    if (field.form === "text")
      return putJsonString(out.bytes, to, bytes, from, endOfText(bytes, from, sample.toOf(field)))
    if (field.form === "integer") return writeInteger(out.view, to, smallInteger(bytes, from, field))
    const elements = { elementBytes: field.elementBytes, isUnsigned: field.isUnsigned, isBigEndian: false }
    out.used = to
    putElements(out, bytes, from, sample.toOf(field), elements)
    return out.used
  }
}

function stepOf({ form, size, isUnsigned }: PlainField): number {
  if (form !== "integer") return form === "text" ? STEP.text : STEP.bytes
  const [signed, unsigned] = INTEGERS[size] ?? [STEP.bytes, STEP.bytes]
  return isUnsigned ? unsigned : signed
}

/** Of one byte with a sign, or of two. */
function smallInteger(bytes: Buffer, at: number, { size, isUnsigned }: PlainField): number {
  return isUnsigned ? bytes.readUIntLE(at, size) : bytes.readIntLE(at, size)
}

function endOfText(bytes: Buffer, from: number, to: number): number {
  let end = from
  while (end < to && bytes[end] !== 0) end++
  return end
}
