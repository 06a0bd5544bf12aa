/**
 * Writes a sample as its event's print format says, or field by field where that cannot be followed.
 *
 *   "family=%s sport=%hu saddr=%pI4", …   ->   family=AF_INET sport=40000 saddr=127.0.0.1
 *
 * Source: printf(3); Linux' Documentation/core-api/printk-formats.rst; libtraceevent's tep_print_event(3).
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { formatIpv4, formatIpv6 } from "../../../base/ip-text.ts"
import { FIELD, type FieldNames, type PerfSample } from "../sample.ts"
import { parsePrintFormat } from "./expression.ts"
import { type Compute, compile, intOf, type Machine, readElement, type Value } from "./value.ts"

export type Print = (sample: PerfSample, out: GrowingBytes) => void

/** What the generic listing needs of a field besides its value. */
export interface FieldStyle {
  readonly isPointer: boolean
  readonly isLong: boolean
}

/** A conversion as printf knows it; of pointers, the letters behind them count too. */
export const CONVERSION =
  /%(?:%|([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+))?(hh|h|ll|l|L|q|j|z|t)?([diuoxXcsp])(?:(I4|I6c|I6|ISp?c?|i4|i6|M|m|U|[fFsSBbKx])\b)?)/g

/** A piece of text, or a conversion of one value. */
type Part = string | Conversion

interface Conversion {
  readonly flags: string
  readonly width: number | Compute
  readonly precision: number | Compute
  readonly modifier: string
  readonly type: string
  readonly pointer: string
  readonly value: Compute
}

/** The printer of an event. */
export function createPrinter(
  printFormat: string,
  fields: FieldNames,
  styles: readonly FieldStyle[],
  machine: Machine,
): Print {
  const parts = compileParts(printFormat, fields, machine)
  if (parts === null) {
    return (sample, out) => {
      putLatin1(out, "[FAILED TO PARSE]")
      listFields(sample, styles, out)
    }
  }
  return (sample, out) => {
    for (const part of parts) {
      if (typeof part === "string") putLatin1(out, part)
      else putConversion(part, sample, machine, out)
    }
  }
}

function compileParts(printFormat: string, fields: FieldNames, machine: Machine): Part[] | null {
  const parsed = parsePrintFormat(printFormat)
  if (parsed === null) return null
  const computes = parsed.args.map((arg) => compile(arg, fields, machine))
  const parts: Part[] = []
  let next = 0
  const take = (): Compute | null => computes[next++] ?? null
  let from = 0
  for (const found of parsed.format.matchAll(CONVERSION)) {
    if (found.index > from) parts.push(parsed.format.slice(from, found.index))
    from = found.index + found[0].length
    const [all, flags = "", width, precision, modifier = "", type = "", pointer = ""] = found
    if (all === "%%") {
      parts.push("%")
      continue
    }
    const ownWidth = width === "*" ? take() : width === undefined ? 0 : Number(width)
    const ownPrecision = precision === "*" ? take() : precision === undefined ? -1 : Number(precision)
    const value = take()
    if (value === null || ownWidth === null || ownPrecision === null) return null
    // Only pointers have letters behind them.
    const isPointer = type === "p"
    if (!isPointer) from -= pointer.length
    parts.push({
      flags,
      width: ownWidth,
      precision: ownPrecision,
      modifier,
      type,
      pointer: isPointer ? pointer : "",
      value,
    })
  }
  if (from < parsed.format.length) parts.push(parsed.format.slice(from))
  return parts
}

function putConversion(part: Conversion, sample: PerfSample, machine: Machine, out: GrowingBytes): void {
  const width = typeof part.width === "number" ? part.width : Number(intOf(part.width(sample)))
  const precision =
    typeof part.precision === "number" ? part.precision : Number(intOf(part.precision(sample)))
  const value = part.value(sample)
  const start = out.used
  if (part.type === "s") putText(value, precision, sample, out)
  else if (part.type === "p") putPointer(value, part.pointer, sample, out)
  else if (part.type === "c") putLatin1(out, String.fromCharCode(Number(intOf(value) & 0xffn)))
  else putLatin1(out, integerText(part, intOf(value), Math.min(width, MOST_WIDTH), precision, machine))
  pad(out, start, Math.min(Math.abs(width), MOST_WIDTH), width < 0 || part.flags.includes("-"))
}

const MOST_WIDTH = 1024

/** Moves what was written since `start` to the right, or fills up behind it. */
function pad(out: GrowingBytes, start: number, width: number, isLeft: boolean): void {
  const missing = width - (out.used - start)
  if (missing <= 0) return
  out.reserve(missing)
  if (isLeft) out.bytes.fill(SPACE, out.used, out.used + missing)
  else {
    out.bytes.copyWithin(start + missing, start, out.used)
    out.bytes.fill(SPACE, start, start + missing)
  }
  out.used += missing
}

const SPACE = 0x20

function putText(value: Value, precision: number, sample: PerfSample, out: GrowingBytes): void {
  if (value.kind === "bytes") {
    let end = value.from
    const last = precision < 0 ? value.to : Math.min(value.to, value.from + precision)
    while (end < last && sample.bytes[end] !== 0) end++
    putBytes(out, sample.bytes, value.from, end)
  } else if (value.kind === "text") putUtf8(out, precision < 0 ? value.text : value.text.slice(0, precision))
  else putLatin1(out, value.value === 0n ? "(null)" : `0x${BigInt.asUintN(64, value.value).toString(16)}`)
}

function putPointer(value: Value, pointer: string, sample: PerfSample, out: GrowingBytes): void {
  if (value.kind === "bytes") {
    const length = value.to - value.from
    const isFour = /^[Ii]4/.test(pointer)
    if (isFour && length >= 4) putLatin1(out, formatIpv4(sample.bytes, value.from))
    else if (pointer === "I6c" && length >= 16) putLatin1(out, formatIpv6(sample.bytes, value.from))
    else putLatin1(out, hexText(sample, value, pointer))
    return
  }
  putLatin1(out, `0x${BigInt.asUintN(64, intOf(value)).toString(16)}`)
}

function hexText(sample: PerfSample, value: Value & { readonly kind: "bytes" }, pointer: string): string {
  const digits = sample.bytes.subarray(value.from, value.to).toString("hex")
  if (pointer === "M") return (digits.match(/../g) ?? []).join(":")
  if (pointer === "I6" || pointer === "i6")
    return (digits.match(/..../g) ?? []).join(pointer === "I6" ? ":" : "")
  return digits
}

/** Bits of an integer with a modifier; those that are not here are as wide as a long. */
export const BITS: ReadonlyMap<string, number> = new Map([
  ["hh", 8],
  ["h", 16],
  ["", 32],
  ["ll", 64],
  ["L", 64],
  ["q", 64],
  ["j", 64],
])

function integerText(
  { flags, modifier, type }: Conversion,
  value: bigint,
  width: number,
  precision: number,
  machine: Machine,
): string {
  const bits = BITS.get(modifier) ?? machine.longBytes * 8
  const isSigned = type === "d" || type === "i"
  const own = isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
  const radix = type === "x" || type === "X" ? 16 : type === "o" ? 8 : 10
  let digits = (own < 0n ? -own : own).toString(radix)
  if (type === "X") digits = digits.toUpperCase()
  if (precision > 0) digits = digits.padStart(Math.min(precision, MOST_WIDTH), "0")
  const prefix = flags.includes("#") && own !== 0n && radix === 16 ? `0${type}` : ""
  const sign =
    own < 0n ? "-" : isSigned && flags.includes("+") ? "+" : isSigned && flags.includes(" ") ? " " : ""
  if (flags.includes("0") && !flags.includes("-") && precision < 0)
    digits = digits.padStart(width - sign.length - prefix.length, "0")
  return sign + prefix + digits
}

/** ` name=value` for every field, as libtraceevent lists what it cannot print otherwise. */
export function listFields(sample: PerfSample, styles: readonly FieldStyle[], out: GrowingBytes): void {
  for (let field = 0; field < sample.fieldCount; field++) {
    putLatin1(out, ` ${sample.fieldName(field)}=`)
    const kind = sample.fieldKind(field)
    if (kind === FIELD.text) putBytes(out, sample.bytes, sample.from(field), sample.to(field))
    else if (kind === FIELD.bytes) putLatin1(out, arrayText(sample, field))
    else putLatin1(out, plainInteger(sample, field, styles[field]))
  }
}

function plainInteger(sample: PerfSample, field: number, style: FieldStyle | undefined): string {
  const high = sample.isUnsigned(field) ? sample.high(field) >>> 0 : sample.high(field)
  const value = (BigInt(high) << 32n) | BigInt(sample.low(field) >>> 0)
  if (style?.isPointer === true || (style?.isLong === true && sample.isUnsigned(field)))
    return `0x${BigInt.asUintN(64, value).toString(16)}`
  return String(value)
}

function arrayText(sample: PerfSample, field: number): string {
  const length = Math.max(1, sample.elementBytes(field))
  const items: string[] = []
  for (let at = sample.from(field); at + length <= sample.to(field); at += length)
    items.push(readElement(sample, at, length).toString(16).padStart(2, "0"))
  return `ARRAY[${items.join(", ")}]`
}

export function putLatin1(out: GrowingBytes, text: string): void {
  out.reserve(text.length)
  const target = out.bytes
  for (let at = 0; at < text.length; at++) target[out.used + at] = text.charCodeAt(at)
  out.used += text.length
}

function putUtf8(out: GrowingBytes, text: string): void {
  out.reserve(text.length * 3)
  out.used += out.bytes.utf8Write(text, out.used)
}

export function putBytes(out: GrowingBytes, bytes: Buffer, from: number, to: number): void {
  out.reserve(to - from)
  for (let at = from; at < to; at++) out.bytes[out.used++] = bytes[at] as number
}
