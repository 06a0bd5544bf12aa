/**
 * Values of a result as osquery's log writes them. Source of truth: osquery osquery/utils/conversions/castvariant.h
 * (doubles as text), osquery/sql/sql.cpp (escaping), rapidjson's Writer (JSON).
 */
import { utf8Length } from "../../base/text.ts"

/** Integers may be bigint, so that 64 bits stay exact. */
export type ResultValue = null | string | number | bigint | Uint8Array

export interface ValueStyle {
  /** logger_numerics: numbers as JSON numbers; else everything is text. */
  readonly numerics: boolean
  /** nullvalue */
  readonly nullText: string
  /** Controls and what is not UTF-8 as `\xHH`, as in everything scheduled but snapshots. */
  readonly escapes: boolean
}

const SIGNIFICANT = 15
/** A double that lies between two numbers of 15 digits has 16; so many more tell it from one that nearly does. */
const TIE_DIGITS = 60
const HEX = "0123456789ABCDEF"
const CONTROL = /[\u0000-\u001f]/g
const NEEDS_QUOTING = /[\u0000-\u001f"\\]/g
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ['"', '\\"'],
  ["\\", "\\\\"],
])

/** The JSON of one value. An integer is written with all its digits, however large. */
export function valueJson(value: ResultValue, style: ValueStyle): string {
  if (typeof value === "string") return textJson(style.escapes ? escapeControls(value) : value)
  if (value === null) return textJson(style.nullText)
  if (typeof value === "bigint") return style.numerics ? value.toString() : `"${value}"`
  if (typeof value === "number") return style.numerics ? doubleJson(value) : textJson(doubleText(value))
  // Bytes that are not UTF-8 have no place in JSON, so a BLOB is escaped in any case.
  return textJson(escapeBytes(value))
}

/** The value as text, not escaped: for decorations. */
export function valueText(value: ResultValue, nullText: string): string {
  if (typeof value === "string") return value
  if (value === null) return nullText
  if (typeof value === "bigint") return value.toString()
  return typeof value === "number" ? doubleText(value) : escapeBytes(value)
}

/** A JSON string with the upper-case escapes of osquery's writer. */
export function textJson(text: string): string {
  const quoted = text.replace(
    NEEDS_QUOTING,
    (sign) => SHORT_ESCAPES.get(sign) ?? `\\u00${hexOf(sign.charCodeAt(0))}`,
  )
  return `"${quoted}"`
}

/** 15 significant digits as C's %.15g gives them, and `.0` where there is no point: 2 is `2.0`. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan.0" : value > 0 ? "inf.0" : "-inf.0"
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0"
  const { digits, exponent } = roundedDigits(Math.abs(value))
  const text =
    exponent >= -4 && exponent < SIGNIFICANT ? plainText(digits, exponent) : powerText(digits, exponent)
  return `${value < 0 ? "-" : ""}${text}${text.includes(".") ? "" : ".0"}`
}

/** Ties go to the even digit, as in C; toExponential() rounds them up. Trailing zeros are left out. */
function roundedDigits(value: number): { readonly digits: string; readonly exponent: number } {
  const [exact = ""] = value.toExponential(TIE_DIGITS).replace(".", "").split("e")
  const isTie = /^50*$/.test(exact.slice(SIGNIFICANT))
  const isEven = Number(exact[SIGNIFICANT - 1]) % 2 === 0
  const [rounded = "", exponent = ""] = value
    .toExponential(SIGNIFICANT - 1)
    .replace(".", "")
    .split("e")
  const digits = isTie && isEven ? exact.slice(0, SIGNIFICANT) : rounded
  return { digits: digits.replace(/0+$/, ""), exponent: Number(exponent) }
}

function plainText(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0")
  const fraction = digits.slice(exponent + 1)
  return fraction === "" ? whole : `${whole}.${fraction}`
}

function powerText(digits: string, exponent: number): string {
  const fraction = digits.slice(1)
  const power = `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`
  return `${digits.slice(0, 1)}${fraction === "" ? "" : `.${fraction}`}${power}`
}

/** The shortest digits that give the same double again, with a point or an exponent. */
function doubleJson(value: number): string {
  if (!Number.isFinite(value)) return textJson(doubleText(value))
  if (Object.is(value, -0)) return "-0.0"
  const text = String(value).replace("e+", "e")
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

function escapeControls(text: string): string {
  return text.replace(CONTROL, (sign) => `\\x${hexOf(sign.charCodeAt(0))}`)
}

function escapeBytes(bytes: Uint8Array): string {
  let text = ""
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0
    const length = byte < 0x20 ? 0 : utf8Length(bytes, at, bytes.length)
    text += length === 0 ? `\\x${hexOf(byte)}` : Buffer.from(bytes.subarray(at, at + length)).toString("utf8")
    at += Math.max(1, length)
  }
  return text
}

function hexOf(byte: number): string {
  return `${HEX[byte >> 4]}${HEX[byte & 15]}`
}
