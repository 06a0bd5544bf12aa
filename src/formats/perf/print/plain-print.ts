/**
 * A print format as a list of steps over a plain sample's bytes, each a constant piece and one value behind it:
 *
 *   "fd: 0x%08lx, count: %u", REC->fd, REC->count      ->      `fd: 0x` hex of 8 | `, count: ` decimal | ``
 *
 * What it prints is what printer.ts prints; a format with anything that is not here is left to that.
 */
import type { ConstantPool } from "../../../base/constant-pool.ts"
import { INTEGER_BYTES } from "../../../base/decimal.ts"
import { copyWords, type GrowingBytes } from "../../../base/growing-bytes.ts"
import type { PlainSample } from "../perf-data/plain-sample.ts"
import type { SamplePlan } from "../perf-data/sample-plan.ts"
import { type Expression, parsePrintFormat } from "./expression.ts"
import { compileInteger, type PlainInteger } from "./plain-integer.ts"
import { padLeft, writeDecimal, writeHex } from "./plain-number.ts"
import { compileText, type PlainText } from "./plain-text.ts"
import { BITS, CONVERSION } from "./printer.ts"
import type { Machine } from "./value.ts"

/** Wider conversions are left to the general way. */
const MOST_WIDTH = 64
const NUMBER_BYTES = INTEGER_BYTES + MOST_WIDTH

interface Step {
  /** The piece before the value, in the pool. */
  readonly start: number
  readonly length: number
  readonly integer: PlainInteger | null
  readonly text: PlainText | null
  readonly isHex: boolean
  readonly hasPrefix: boolean
  readonly isSigned: boolean
  readonly width: number
  readonly hasZeros: boolean
}

type Value = Omit<Step, "start" | "length">

const NOTHING: Value = {
  integer: null,
  text: null,
  isHex: false,
  hasPrefix: false,
  isSigned: false,
  width: 0,
  hasZeros: false,
}

export class PlainPrint {
  readonly #steps: readonly Step[]
  readonly #pool: ConstantPool
  readonly #fixedRoom: number

  constructor(steps: readonly Step[], pool: ConstantPool) {
    this.#steps = steps
    this.#pool = pool
    this.#fixedRoom = steps.reduce((sum, { length }) => sum + length + NUMBER_BYTES, 0)
  }

  /** Bytes that a record of `length` becomes at most. */
  roomFor(length: number): number {
    let room = this.#fixedRoom
    for (const { text } of this.#steps) if (text !== null) room += text.roomFor(length)
    return room
  }

  /** Writes to `out` from `at` on, where there is room; returns the end. */
  write(sample: PlainSample, out: GrowingBytes, at: number): number {
    const { view } = this.#pool
    const target = out.view
    const steps = this.#steps
    let to = at
    for (let next = 0; next < steps.length; next++) {
      const step = steps[next] as Step
      copyWords(view, step.start, target, to, step.length)
      to += step.length
      if (step.integer !== null) to = writeNumber(step, step.integer, sample, target, to)
      else if (step.text !== null) to = step.text.write(sample, out, to)
    }
    return to
  }
}

function writeNumber(
  step: Step,
  integer: PlainInteger,
  sample: PlainSample,
  target: DataView,
  at: number,
): number {
  integer.read(sample)
  const { low, high } = integer
  const { width, hasZeros } = step
  if (!step.isHex) {
    const end = writeDecimal(target, at, low, high, step.isSigned)
    return width === 0 ? end : padLeft(target, at, end, width, hasZeros)
  }
  if (hasZeros) return writeHex(target, at, low, high, width, false)
  const end = writeHex(target, at, low, high, 0, step.hasPrefix)
  return width === 0 ? end : padLeft(target, at, end, width, false)
}

/** null for a format that is left to the general way. @param before what stands before each line, `after` behind it */
export function compilePlainPrint(
  plan: SamplePlan,
  machine: Machine,
  pool: ConstantPool,
  before: string,
  after: string,
): PlainPrint | null {
  const parsed = parsePrintFormat(plan.format.printFormat)
  if (parsed === null) return null
  const { format, args } = parsed
  const steps: Step[] = []
  let piece = before
  let from = 0
  let next = 0
  for (const found of format.matchAll(CONVERSION)) {
    piece += format.slice(from, found.index)
    from = found.index + found[0].length
    if (found[0] === "%%") {
      piece += "%"
      continue
    }
    const [, , , , , type = "", pointer = ""] = found
    // Only pointers have letters behind them.
    if (type !== "p") from -= pointer.length
    const arg = args[next++]
    const value = arg === undefined ? null : compileValue(found, arg, plan, machine, pool)
    if (value === null) return null
    steps.push({ ...keep(piece, pool), ...value })
    piece = ""
  }
  steps.push({ ...keep(piece + format.slice(from) + after, pool), ...NOTHING })
  return new PlainPrint(steps, pool)
}

function keep(piece: string, pool: ConstantPool): { readonly start: number; readonly length: number } {
  return { start: pool.add(Buffer.from(piece, "latin1")), length: piece.length }
}

function compileValue(
  [, flags = "", widthText = "0", precision, modifier = "", type = ""]: RegExpMatchArray,
  arg: Expression,
  plan: SamplePlan,
  machine: Machine,
  pool: ConstantPool,
): Value | null {
  const width = Number(widthText)
  if (precision !== undefined || !(width <= MOST_WIDTH)) return null
  if (type === "s") {
    const text = flags === "" && width === 0 ? compileText(arg, plan, machine, pool) : null
    return text === null ? null : { ...NOTHING, text }
  }
  if (type === "p") {
    const integer = flags === "" ? compileInteger(arg, plan, machine) : null
    return integer === null ? null : { ...NOTHING, integer, isHex: true, hasPrefix: true, width }
  }
  if (!"diux".includes(type) || (flags !== "" && flags !== "0")) return null
  const isSigned = type === "d" || type === "i"
  const bits = BITS.get(modifier) ?? machine.longBytes * 8
  const cast: Expression = { kind: "cast", type: castName(bits, isSigned), of: arg }
  const integer = compileInteger(cast, plan, machine)
  if (integer === null) return null
  return { ...NOTHING, integer, isHex: type === "x", isSigned, width, hasZeros: flags === "0" }
}

/** printf takes as many bits as its conversion says. */
function castName(bits: number, isSigned: boolean): string {
  return `${isSigned ? "s" : "u"}${bits}`
}
