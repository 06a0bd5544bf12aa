/** A text of a print format, written from a plain sample: a field, a constant, names of bits, or one of two. */
import type { ConstantPool } from "../../../base/constant-pool.ts"
import { copyWords, type GrowingBytes } from "../../../base/growing-bytes.ts"
import type { PlainSample } from "../perf-data/plain-sample.ts"
import type { PlainField, SamplePlan } from "../perf-data/sample-plan.ts"
import type { Expression } from "./expression.ts"
import { compileInteger, type PlainInteger } from "./plain-integer.ts"
import { HEX_BYTES, writeHex } from "./plain-number.ts"
import { type Machine, type Pair, pairsOf } from "./value.ts"

export interface PlainText {
  /** Bytes that it becomes at most, in a record of `length`. */
  roomFor(length: number): number
  /** Writes to `out` from `at` on, where there is room; returns the end. */
  write(sample: PlainSample, out: GrowingBytes, at: number): number
}

/** A piece in the pool. */
class Piece implements PlainText {
  readonly #pool: ConstantPool
  readonly #start: number
  readonly length: number

  constructor(text: string, pool: ConstantPool) {
    const bytes = Buffer.from(text)
    this.#pool = pool
    this.#start = pool.add(bytes)
    this.length = bytes.length
  }

  roomFor(): number {
    return this.length
  }

  write(_sample: PlainSample, out: GrowingBytes, at: number): number {
    copyWords(this.#pool.view, this.#start, out.view, at, this.length)
    return at + this.length
  }
}

/** Bytes of the sample up to the first NUL. */
class FieldText implements PlainText {
  readonly #field: PlainField

  constructor(field: PlainField) {
    this.#field = field
  }

  roomFor(length: number): number {
    return length
  }

  write(sample: PlainSample, out: GrowingBytes, at: number): number {
    const { bytes } = sample
    const to = sample.toOf(this.#field)
    const target = out.bytes
    let end = at
    for (let from = sample.fromOf(this.#field); from < to && bytes[from] !== 0; from++)
      target[end++] = bytes[from] as number
    return end
  }
}

class Choice implements PlainText {
  readonly #test: PlainInteger
  readonly #yes: PlainText
  readonly #no: PlainText

  constructor(test: PlainInteger, yes: PlainText, no: PlainText) {
    this.#test = test
    this.#yes = yes
    this.#no = no
  }

  roomFor(length: number): number {
    return Math.max(this.#yes.roomFor(length), this.#no.roomFor(length))
  }

  write(sample: PlainSample, out: GrowingBytes, at: number): number {
    const test = this.#test
    test.read(sample)
    return (test.low === 0 && test.high === 0 ? this.#no : this.#yes).write(sample, out, at)
  }
}

interface Name {
  readonly low: number
  readonly high: number
  readonly piece: Piece
}

function namesOf(pairs: readonly Pair[], pool: ConstantPool): readonly Name[] {
  return pairs.map(([value, text]) => ({
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    piece: new Piece(text, pool),
  }))
}

/** The name of a value, or its digits. */
class Symbolic implements PlainText {
  readonly #of: PlainInteger
  readonly #names: readonly Name[]

  constructor(of: PlainInteger, names: readonly Name[]) {
    this.#of = of
    this.#names = names
  }

  roomFor(): number {
    return Math.max(HEX_BYTES, ...this.#names.map(({ piece }) => piece.length))
  }

  write(sample: PlainSample, out: GrowingBytes, at: number): number {
    this.#of.read(sample)
    const { low, high } = this.#of
    for (const name of this.#names)
      if (name.low === low && name.high === high) return name.piece.write(sample, out, at)
    return writeHex(out.view, at, low, high, 0, true)
  }
}

/** The names of the bits that are set, and the digits of those without one. */
class Flags implements PlainText {
  readonly #of: PlainInteger
  readonly #names: readonly Name[]
  readonly #between: Piece

  constructor(of: PlainInteger, names: readonly Name[], between: Piece) {
    this.#of = of
    this.#names = names
    this.#between = between
  }

  roomFor(): number {
    const between = this.#between.length
    return this.#names.reduce((sum, { piece }) => sum + piece.length + between, HEX_BYTES)
  }

  write(sample: PlainSample, out: GrowingBytes, at: number): number {
    this.#of.read(sample)
    let { low, high } = this.#of
    let to = at
    let count = 0
    for (const { low: maskLow, high: maskHigh, piece } of this.#names) {
      const isNone = maskLow === 0 && maskHigh === 0
      if (isNone && count === 0 && low === 0 && high === 0) return piece.write(sample, out, to)
      if (isNone || (low & maskLow) !== maskLow || (high & maskHigh) !== maskHigh) continue
      if (count++ > 0) to = this.#between.write(sample, out, to)
      to = piece.write(sample, out, to)
      low &= ~maskLow
      high &= ~maskHigh
    }
    if (low === 0 && high === 0) return to
    if (count > 0) to = this.#between.write(sample, out, to)
    return writeHex(out.view, to, low, high, 0, true)
  }
}

/** null for a text that is left to the general way. */
export function compileText(
  expression: Expression,
  plan: SamplePlan,
  machine: Machine,
  pool: ConstantPool,
): PlainText | null {
  switch (expression.kind) {
    case "text":
      return new Piece(expression.value, pool)
    case "field": {
      const field = plan.fields[plan.format.fieldNames.find(expression.name)]
      return field === undefined || field.form === "integer" ? null : new FieldText(field)
    }
    case "choice": {
      const test = compileInteger(expression.test, plan, machine)
      const yes = compileText(expression.yes, plan, machine, pool)
      const no = compileText(expression.no, plan, machine, pool)
      return test === null || yes === null || no === null ? null : new Choice(test, yes, no)
    }
    case "call":
      return compileCall(expression.name, expression.args, plan, machine, pool)
    default:
      return null
  }
}

function compileCall(
  name: string,
  [first, ...rest]: readonly Expression[],
  plan: SamplePlan,
  machine: Machine,
  pool: ConstantPool,
): PlainText | null {
  if (first === undefined) return null
  if (name === "__get_str" || name === "__get_rel_str") return compileText(first, plan, machine, pool)
  const isSymbolic = name === "__print_symbolic" || name === "__print_symbolic_u64"
  if (!isSymbolic && name !== "__print_flags" && name !== "__print_flags_u64") return null
  const of = compileInteger(first, plan, machine)
  const delimiter = isSymbolic ? undefined : rest.shift()
  const pairs = pairsOf(rest, plan.format.fieldNames, machine)
  if (of === null || pairs === null) return null
  if (isSymbolic) return new Symbolic(of, namesOf(pairs, pool))
  return delimiter?.kind === "text"
    ? new Flags(of, namesOf(pairs, pool), new Piece(delimiter.value, pool))
    : null
}
