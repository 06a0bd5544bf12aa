/**
 * Where everything of an event's samples lies, worked out once: for samples whose parts all have fixed places, which
 * those of most tracepoints are. What such a sample holds is then read at those places, and not walked to.
 *
 *   identifier … tid … time … cpu … | u32 size, raw data: the fields of the event's format
 *
 * Source: perf_event_open(2), PERF_RECORD_SAMPLE.
 */
import { hasBit, SAMPLE_BIT } from "./attribute.ts"
import type { EventField, EventFormat } from "./event-format.ts"
import type { RecordingEvent } from "./recording-events.ts"
import type { SampleLayout } from "./sample-layout.ts"

/** `bytes`: an array of integers, or an integer of no usual size. */
export type PlainForm = "integer" | "text" | "bytes"

/** A field by its place from the record's start. */
export interface PlainField {
  readonly form: PlainForm
  readonly at: number
  readonly size: number
  readonly isUnsigned: boolean
  /** Of an array. */
  readonly elementBytes: number
  /** What the offset in the word at `at` counts from; -1 for a field that lies at `at` itself. */
  readonly base: number
}

export interface SamplePlan {
  /** Among the plans that are in use together. */
  readonly index: number
  /** Number of the event. */
  readonly event: number
  /** As perf prints it. */
  readonly label: string
  readonly format: EventFormat
  readonly fields: readonly PlainField[]
  /** First byte of the raw data from the record's start. */
  readonly rawAt: number
  /** Bytes of raw data that all fields need. */
  readonly leastRaw: number
  readonly located: readonly PlainField[]
}

/** Places that all samples of a recording share, in words from the record's start. */
export interface PlainPlaces {
  /** -1 when the samples do not tell their events apart. */
  readonly idWord: number
  readonly tidWord: number
  readonly timeWord: number
  readonly cpuWord: number
  readonly rawWord: number
  readonly leastBytes: number
}

const WORD = 4

/** null for samples that have no time or thread, or parts whose places change from one to the next. */
export function placesOf({ attribute, fixedEnd, identifier, id, tid, time, cpu }: SampleLayout) {
  const { sampleType } = attribute
  const has = (bit: number) => hasBit(sampleType, bit)
  const isMoving = has(SAMPLE_BIT.read) || has(SAMPLE_BIT.callchain) || has(SAMPLE_BIT.cgroup)
  if (isMoving || !has(SAMPLE_BIT.raw) || tid < 0 || time < 0 || cpu < 0) return null
  const idAt = identifier >= 0 ? identifier : id
  const places: PlainPlaces = {
    idWord: idAt < 0 ? -1 : idAt / WORD,
    tidWord: tid / WORD,
    timeWord: time / WORD,
    cpuWord: cpu / WORD,
    rawWord: fixedEnd / WORD,
    leastBytes: fixedEnd + 2 * WORD,
  }
  return places
}

/** Texts of plans are copied eight bytes at a time, as numbers, which keep those of ASCII as they are. */
const ASCII = /^[\0-\x7e]*$/

/** null for an event whose fields are not known, or lie where words cannot be read, or whose texts are no kernel's. */
export function planOf({ number, label, format }: RecordingEvent, { rawWord }: PlainPlaces, index: number) {
  if (format === null) return null
  const { system, name, printFormat } = format
  if (![system, name, label, printFormat].every((text) => ASCII.test(text))) return null
  const rawAt = (rawWord + 1) * WORD
  const fields: PlainField[] = []
  let leastRaw = 0
  for (const field of format.fields) {
    const plain = plainField(field, rawAt)
    if (plain === null) return null
    fields.push(plain)
    leastRaw = Math.max(leastRaw, field.offset + field.size)
  }
  const located = fields.filter(({ base }) => base >= 0)
  const plan: SamplePlan = { index, event: number, label, format, fields, rawAt, leastRaw, located }
  return plan
}

function plainField(field: EventField, rawAt: number): PlainField | null {
  const { size, isArray, isText, place } = field
  const at = rawAt + field.offset
  const isLocated = place !== "inline"
  const isInteger = !isArray && (size === 8 || size === 4 || size === 2 || size === 1)
  if (isLocated && size !== WORD) return null
  if ((isLocated || (isInteger && size >= WORD)) && at % WORD !== 0) return null
  return {
    form: isArray && isText ? "text" : isInteger ? "integer" : "bytes",
    at,
    size,
    isUnsigned: isArray || isInteger ? !field.isSigned : true,
    elementBytes: isArray ? field.elementBytes : 1,
    base: isLocated ? (place === "relLoc" ? at + WORD : rawAt) : -1,
  }
}
