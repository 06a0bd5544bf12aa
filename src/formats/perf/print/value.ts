/** Evaluates an expression of a print format over one sample. Integers are 64 bits, as the kernel's are. */
import { FIELD, type FieldNames, PerfSample } from "../sample.ts"
import type { Expression } from "./expression.ts"

/** bytes: a text or an array of the sample. */
export type Value =
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "bytes"
      readonly from: number
      readonly to: number
      readonly elementBytes: number
      readonly isText: boolean
    }

export interface Machine {
  readonly longBytes: number
}

export const ZERO: Value = { kind: "int", value: 0n }

/** Computes a value from a sample of one event. */
export type Compute = (sample: PerfSample) => Value

/** null for what cannot be computed: a field that is not there, a function that is not known. */
export function compile(expression: Expression, fields: FieldNames, machine: Machine): Compute | null {
  switch (expression.kind) {
    case "number":
      return constant({ kind: "int", value: expression.value })
    case "text":
      return constant({ kind: "text", text: expression.value })
    case "field":
      return compileField(fields.find(expression.name))
    case "cast":
      return compileCast(expression.type, compile(expression.of, fields, machine), machine)
    case "unary":
      return compileUnary(expression.operator, compile(expression.of, fields, machine))
    case "binary": {
      const left = compile(expression.left, fields, machine)
      const right = compile(expression.right, fields, machine)
      return left === null || right === null ? null : compileBinary(expression.operator, left, right)
    }
    case "choice": {
      const test = compile(expression.test, fields, machine)
      const yes = compile(expression.yes, fields, machine)
      const no = compile(expression.no, fields, machine)
      if (test === null || yes === null || no === null) return null
      return (sample) => (intOf(test(sample)) === 0n ? no(sample) : yes(sample))
    }
    case "index": {
      const of = compile(expression.of, fields, machine)
      const at = compile(expression.at, fields, machine)
      return of === null || at === null
        ? null
        : (sample) => element(sample, of(sample), Number(intOf(at(sample))))
    }
    case "call":
      return compileCall(expression.name, expression.args, fields, machine)
    case "pair":
      return null
  }
}

export function intOf(value: Value): bigint {
  return value.kind === "int" ? value.value : 0n
}

function constant(value: Value): Compute {
  return () => value
}

function compileField(field: number): Compute | null {
  if (field < 0) return null
  return (sample) => {
    if (field >= sample.fieldCount) return ZERO
    const kind = sample.fieldKind(field)
    if (kind === FIELD.int) {
      const high = sample.isUnsigned(field) ? sample.high(field) >>> 0 : sample.high(field)
      return { kind: "int", value: (BigInt(high) << 32n) | BigInt(sample.low(field) >>> 0) }
    }
    const isText = kind === FIELD.text
    const elementBytes = isText ? 1 : sample.elementBytes(field)
    return { kind: "bytes", from: sample.from(field), to: sample.to(field), elementBytes, isText }
  }
}

function compileCast(type: string, of: Compute | null, machine: Machine): Compute | null {
  const width = castOf(type, machine)
  if (of === null || width === null) return of
  const { bits, isUnsigned } = width
  return (sample) => {
    const value = of(sample)
    if (value.kind !== "int") return value
    return {
      kind: "int",
      value: isUnsigned ? BigInt.asUintN(bits, value.value) : BigInt.asIntN(bits, value.value),
    }
  }
}

export interface Width {
  readonly bits: number
  readonly isUnsigned: boolean
}

/** What a cast to the type makes of an integer; null for one to a pointer, which changes nothing. */
export function castOf(type: string, { longBytes }: Machine): Width | null {
  if (type.includes("*")) return null
  const isUnsigned = /\bunsigned\b|^u\d|\bsize_t\b|\bbool\b|__u/.test(type)
  return { bits: bitsOf(type, longBytes), isUnsigned }
}

function bitsOf(type: string, longBytes: number): number {
  const told = /(?:^|[us_])(8|16|32|64)(?:_t)?$/.exec(type)
  if (told !== null) return Number(told[1])
  if (/\blong long\b/.test(type)) return 64
  if (/\blong\b|\bsize_t\b/.test(type)) return longBytes * 8
  if (/\bchar\b|\bbool\b/.test(type)) return 8
  return /\bshort\b/.test(type) ? 16 : /\bint\b|\bunsigned\b|\bsigned\b/.test(type) ? 32 : 64
}

function compileUnary(operator: string, of: Compute | null): Compute | null {
  if (of === null) return null
  const apply = (value: bigint): bigint => {
    if (operator === "-") return -value
    if (operator === "~") return ~value
    return operator === "!" ? (value === 0n ? 1n : 0n) : value
  }
  if (operator === "*") return (sample) => element(sample, of(sample), 0)
  if (operator === "&") return of
  return (sample) => ({ kind: "int", value: apply(intOf(of(sample))) })
}

const OPERATORS: ReadonlyMap<string, (a: bigint, b: bigint) => bigint> = new Map([
  ["+", (a, b) => a + b],
  ["-", (a, b) => a - b],
  ["*", (a, b) => a * b],
  ["/", (a, b) => (b === 0n ? 0n : a / b)],
  ["%", (a, b) => (b === 0n ? 0n : a % b)],
  ["&", (a, b) => a & b],
  ["|", (a, b) => a | b],
  ["^", (a, b) => a ^ b],
  ["<<", (a, b) => a << (b & 63n)],
  [">>", (a, b) => a >> (b & 63n)],
  ["==", (a, b) => (a === b ? 1n : 0n)],
  ["!=", (a, b) => (a === b ? 0n : 1n)],
  ["<", (a, b) => (a < b ? 1n : 0n)],
  [">", (a, b) => (a > b ? 1n : 0n)],
  ["<=", (a, b) => (a <= b ? 1n : 0n)],
  [">=", (a, b) => (a >= b ? 1n : 0n)],
  ["&&", (a, b) => (a !== 0n && b !== 0n ? 1n : 0n)],
  ["||", (a, b) => (a !== 0n || b !== 0n ? 1n : 0n)],
])

function compileBinary(operator: string, left: Compute, right: Compute): Compute | null {
  const apply = OPERATORS.get(operator)
  if (apply === undefined) return null
  return (sample) => {
    const value = apply(intOf(left(sample)), intOf(right(sample)))
    return { kind: "int", value: BigInt.asIntN(64, value) }
  }
}

function element(sample: PerfSample, value: Value, at: number): Value {
  if (value.kind !== "bytes") return ZERO
  const { from, to, elementBytes } = value
  const place = from + at * elementBytes
  if (at < 0 || place + elementBytes > to) return ZERO
  return { kind: "int", value: readElement(sample, place, elementBytes) }
}

/** An integer of an array, without sign. */
export function readElement(sample: PerfSample, place: number, length: number): bigint {
  let value = 0n
  for (let byte = 0; byte < length; byte++) {
    const at = sample.isBigEndian ? place + byte : place + length - 1 - byte
    value = (value << 8n) | BigInt(sample.bytes[at] ?? 0)
  }
  return value
}

function compileCall(
  name: string,
  args: readonly Expression[],
  fields: FieldNames,
  machine: Machine,
): Compute | null {
  const [first, ...rest] = args
  if (first === undefined) return null
  const of = compile(first, fields, machine)
  if (of === null) return null
  switch (name) {
    case "__print_symbolic":
    case "__print_symbolic_u64":
      return symbolic(of, pairsOf(rest, fields, machine))
    case "__print_flags":
    case "__print_flags_u64": {
      const [delimiter, ...pairs] = rest
      if (delimiter?.kind !== "text") return null
      return flags(of, delimiter.value, pairsOf(pairs, fields, machine))
    }
    case "__print_hex":
    case "__print_hex_str":
      return hexOf(
        of,
        rest[0] === undefined ? null : compile(rest[0], fields, machine),
        name === "__print_hex",
      )
    case "__get_str":
    case "__get_rel_str":
    case "__get_dynamic_array":
    case "__get_rel_dynamic_array":
      return of
    case "__get_dynamic_array_len":
    case "__get_rel_dynamic_array_len":
      return (sample) => {
        const value = of(sample)
        return value.kind === "bytes" ? { kind: "int", value: BigInt(value.to - value.from) } : ZERO
      }
    default:
      return null
  }
}

export type Pair = readonly [bigint, string]

/** The value of an expression in which nothing of a sample is; null for others. */
export function constantOf(expression: Expression, fields: FieldNames, machine: Machine): bigint | null {
  const compute = hasField(expression) ? null : compile(expression, fields, machine)
  return compute === null ? null : intOf(compute(NO_SAMPLE))
}

/** Of the lists of __print_symbolic and __print_flags; their numbers are constants. */
export function pairsOf(
  list: readonly Expression[],
  fields: FieldNames,
  machine: Machine,
): readonly Pair[] | null {
  const pairs: Pair[] = []
  for (const pair of list) {
    if (pair.kind !== "pair") return null
    const [number, text] = pair.items
    if (number === undefined || text?.kind !== "text") return null
    const value = constantOf(number, fields, machine)
    if (value === null) return null
    pairs.push([BigInt.asUintN(64, value), text.value])
  }
  return pairs
}

const NO_SAMPLE = new PerfSample()

function hasField(expression: Expression): boolean {
  switch (expression.kind) {
    case "field":
    case "call":
    case "index":
      return true
    case "cast":
    case "unary":
      return hasField(expression.of)
    case "binary":
      return hasField(expression.left) || hasField(expression.right)
    case "choice":
      return hasField(expression.test) || hasField(expression.yes) || hasField(expression.no)
    default:
      return false
  }
}

function symbolic(of: Compute, pairs: readonly Pair[] | null): Compute | null {
  if (pairs === null) return null
  return (sample) => {
    const value = BigInt.asUintN(64, intOf(of(sample)))
    const found = pairs.find(([number]) => number === value)
    return { kind: "text", text: found?.[1] ?? `0x${value.toString(16)}` }
  }
}

function flags(of: Compute, delimiter: string, pairs: readonly Pair[] | null): Compute | null {
  if (pairs === null) return null
  return (sample) => {
    let left = BigInt.asUintN(64, intOf(of(sample)))
    const names: string[] = []
    for (const [mask, name] of pairs) {
      if (left === 0n && mask === 0n && names.length === 0) return { kind: "text", text: name }
      if (mask === 0n || (left & mask) !== mask) continue
      names.push(name)
      left &= ~mask
    }
    if (left !== 0n) names.push(`0x${left.toString(16)}`)
    return { kind: "text", text: names.join(delimiter) }
  }
}

function hexOf(of: Compute, length: Compute | null, isSpaced: boolean): Compute {
  return (sample) => {
    const value = of(sample)
    if (value.kind !== "bytes") return { kind: "text", text: "" }
    const most = length === null ? value.to - value.from : Number(intOf(length(sample)))
    const digits = sample.bytes
      .subarray(value.from, Math.min(value.to, value.from + Math.max(0, most)))
      .toString("hex")
    return { kind: "text", text: isSpaced ? (digits.match(/../g) ?? []).join(" ") : digits }
  }
}
