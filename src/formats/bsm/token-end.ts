/**
 * Where a token ends: each layout is compiled once to a few steps, runs of fixed width taken together, so that a walk
 * looks at no field that it does not need. Source: layout.ts.
 */
import { type FieldType, TOKEN_LAYOUTS, type TokenLayout } from "./layout.ts"
import { readU16, readU32 } from "./tokens/integers.ts"
import { stringEnd } from "./tokens/strings.ts"

/** What `tokenEnd` answers when there is no end. */
export const NO_END = { unknownToken: -1, overrun: -2, badAddress: -3 } as const

const STEP = {
  skip: 0,
  sized16: 1,
  strings: 2,
  texts16: 3,
  ids16: 4,
  addr: 5,
  path108: 6,
  units: 7,
  host: 8,
} as const
const STEP_BITS = 4
const STEP_MASK = (1 << STEP_BITS) - 1
/** Behind the family of a sockunix token; the size of sun_path in OpenBSM. */
const UNIX_PATH_BYTES = 108
const ID_BYTES = 4

const WIDTHS: Readonly<Partial<Record<FieldType, number>>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  ip4: 4,
  ip6: 16,
  uuid: 16,
  ids: 16 * ID_BYTES,
}

/** By id: the width of a token without variable fields, -1 when it has some, 0 for an unknown id. */
const FIXED = new Int8Array(256)
const PROGRAMS: (Int32Array | undefined)[] = Array.from({ length: 256 }, () => undefined)
for (const layout of TOKEN_LAYOUTS) compile(layout)

/** Bytes of one item of a data token, by its unit: byte, short, int32, int64. */
const UNIT_BYTES = [1, 2, 4, 8] as const

/**
 * End of the token whose id byte lies before `from`, at most `end`; negative: `NO_END`. Strings that are fewer than
 * their count says are an overrun.
 */
export function tokenEnd(bytes: Uint8Array, id: number, from: number, end: number): number {
  const fixed = FIXED[id] as number
  if (fixed > 0) return from + fixed <= end ? from + fixed : NO_END.overrun
  const program = PROGRAMS[id]
  if (program === undefined) return NO_END.unknownToken
  let at = from
  for (let step = 0; step < program.length; step++) {
    at = runStep(bytes, program[step] as number, from, at, end)
    if (at < 0) return at
  }
  return at
}

/** True when a layout is known for the id. */
export function isKnownToken(id: number): boolean {
  return FIXED[id] !== 0
}

/** Bytes of one item of a data token with this unit, 0 for a unit that does not exist. */
export function unitBytes(unit: number): number {
  return UNIT_BYTES[unit] ?? 0
}

function runStep(bytes: Uint8Array, step: number, from: number, at: number, end: number): number {
  const argument = step >> STEP_BITS
  switch (step & STEP_MASK) {
    case STEP.skip:
      return within(at + argument, end)
    case STEP.sized16:
      return at + 2 > end ? NO_END.overrun : within(at + 2 + readU16(bytes, at), end)
    case STEP.strings:
      return stringsEnd(bytes, at, end)
    case STEP.texts16:
      return textsEnd(bytes, at, end)
    case STEP.ids16:
      return at + 2 > end ? NO_END.overrun : within(at + 2 + readU16(bytes, at) * ID_BYTES, end)
    case STEP.addr:
      return addressEnd(bytes, argument, from, at, end)
    case STEP.host:
      return hostEnd(bytes, argument, from, at, end)
    case STEP.path108:
      return pathEnd(bytes, at, end)
    default:
      return unitsEnd(bytes, at, end)
  }
}

function within(at: number, end: number): number {
  return at <= end ? at : NO_END.overrun
}

function stringsEnd(bytes: Uint8Array, from: number, end: number): number {
  if (from + 4 > end) return NO_END.overrun
  let at = from + 4
  for (let left = readU32(bytes, from); left > 0; left--) {
    const nul = stringEnd(bytes, at, end)
    if (nul === end) return NO_END.overrun
    at = nul + 1
  }
  return at
}

function textsEnd(bytes: Uint8Array, from: number, end: number): number {
  if (from + 2 > end) return NO_END.overrun
  let at = from + 2
  for (let left = readU16(bytes, from); left > 0; left--) {
    if (at + 2 > end) return NO_END.overrun
    at += 2 + readU16(bytes, at)
  }
  return within(at, end)
}

/** @param place of the field with the type: its offset in the token, times 8, plus its width */
function addressEnd(bytes: Uint8Array, place: number, from: number, at: number, end: number): number {
  const typeAt = from + (place >> 3)
  const type = (place & 7) === 2 ? readU16(bytes, typeAt) : readU32(bytes, typeAt)
  if (type !== 4 && type !== 16) return NO_END.badAddress
  return within(at + type, end)
}

/** libbsm reads on behind a header's address of no known type as if there were none. */
function hostEnd(bytes: Uint8Array, place: number, from: number, at: number, end: number): number {
  const to = addressEnd(bytes, place, from, at, end)
  return to === NO_END.badAddress ? at : to
}

function pathEnd(bytes: Uint8Array, from: number, end: number): number {
  const last = Math.min(from + UNIX_PATH_BYTES, end)
  for (let at = from; at < last; at++) if (bytes[at] === 0) return at + 1
  return last
}

function unitsEnd(bytes: Uint8Array, from: number, end: number): number {
  if (from + 3 > end) return NO_END.overrun
  const size = unitBytes(bytes[from + 1] as number)
  if (size === 0) return NO_END.overrun
  return within(from + 3 + size * (bytes[from + 2] as number), end)
}

function compile(layout: TokenLayout): void {
  const steps: number[] = []
  let run = 0
  let offset = 0
  let typePlace = 0
  for (const { name, type } of layout.fields) {
    const width = WIDTHS[type]
    if (width !== undefined) {
      if (name.endsWith("type")) typePlace = (offset << 3) | width
      run += width
      offset += width
      continue
    }
    if (run > 0) steps.push(encode(STEP.skip, run))
    run = 0
    steps.push(encode(stepOf(type), type === "addr" || type === "host" ? typePlace : 0))
  }
  if (run > 0) steps.push(encode(STEP.skip, run))
  const only = steps.length === 1 ? (steps[0] as number) : -1
  if (only >= 0 && (only & STEP_MASK) === STEP.skip) FIXED[layout.id] = only >> STEP_BITS
  else {
    FIXED[layout.id] = -1
    PROGRAMS[layout.id] = Int32Array.from(steps)
  }
}

function encode(step: number, argument: number): number {
  return step | (argument << STEP_BITS)
}

function stepOf(type: FieldType): number {
  if (type === "str16" || type === "blob16") return STEP.sized16
  if (type === "strings" || type === "texts16" || type === "ids16") return STEP[type]
  if (type === "addr" || type === "host" || type === "path108") return STEP[type]
  return STEP.units
}
