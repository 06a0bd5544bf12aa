/** Reads the fields of one event out of a sample's raw data, by the event's format. */
import type { PerfSample } from "../sample.ts"
import type { EventField } from "./event-format.ts"

/**
 * Adds the fields to the sample, as many as the data has room for; false when it is too short for all.
 * @param from first byte of the data, `to` its end
 */
export function readFields(
  sample: PerfSample,
  fields: readonly EventField[],
  view: DataView,
  from: number,
  to: number,
  isLittle: boolean,
): boolean {
  for (let next = 0; next < fields.length; next++) {
    const field = fields[next] as EventField
    const at = from + field.offset
    if (at + field.size > to) return false
    if (field.place !== "inline") {
      if (field.size !== 4 || !addLocated(sample, field, view, at, from, to, isLittle)) return false
    } else if (field.isArray) addArray(sample, field, at, at + field.size)
    else addInteger(sample, field, view, at, isLittle)
  }
  return true
}

function addInteger(sample: PerfSample, field: EventField, view: DataView, at: number, isLittle: boolean) {
  const { isSigned } = field
  switch (field.size) {
    case 8: {
      const low = view.getInt32(isLittle ? at : at + 4, isLittle)
      const high = view.getInt32(isLittle ? at + 4 : at, isLittle)
      if (isSigned) sample.addInt(low, high)
      else sample.addUnsigned(low, high)
      return
    }
    case 4: {
      const value = view.getInt32(at, isLittle)
      if (isSigned) sample.addInt(value, value >> 31)
      else sample.addUnsigned(value, 0)
      return
    }
    case 2: {
      const value = isSigned ? view.getInt16(at, isLittle) : view.getUint16(at, isLittle)
      if (isSigned) sample.addInt(value, value >> 31)
      else sample.addUnsigned(value, 0)
      return
    }
    case 1: {
      const value = isSigned ? view.getInt8(at) : view.getUint8(at)
      if (isSigned) sample.addInt(value, value >> 31)
      else sample.addUnsigned(value, 0)
      return
    }
    default:
      sample.addBytes(at, at + field.size, 1)
  }
}

function addArray(sample: PerfSample, field: EventField, from: number, to: number): void {
  if (field.isText) addText(sample, from, to)
  else sample.addBytes(from, to, field.elementBytes, !field.isSigned)
}

/** Where the bytes lie: offset in the lower 16 bits, length in the upper ones. */
function addLocated(
  sample: PerfSample,
  field: EventField,
  view: DataView,
  at: number,
  from: number,
  to: number,
  isLittle: boolean,
): boolean {
  const word = view.getUint32(at, isLittle)
  const start = (word & 0xffff) + (field.place === "relLoc" ? at + 4 : from)
  const end = start + (word >>> 16)
  if (end > to) return false
  addArray(sample, field, start, end)
  return true
}

/** Up to the NUL. */
function addText(sample: PerfSample, from: number, to: number): void {
  const { bytes } = sample
  let end = from
  while (end < to && bytes[end] !== 0) end++
  sample.addText(from, end)
}
