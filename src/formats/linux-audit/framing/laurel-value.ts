/**
 * One value of laurel's JSON as the kernel had written it.
 * Source of truth: laurel src/quote.rs (percent-encoding), linux-audit-parser src/value.rs (`0x` hex, `0o` octal).
 */
import { hexValue } from "../../../base/digits.ts"
import { bytesOfJson } from "./json-text.ts"
import { hexOf, untrustedString } from "./kernel-text.ts"
import { ALWAYS_HEX, CAPABILITY_MASKS, MISREAD_NUMBERS, OCTAL, UNTRUSTED, WITH_0X } from "./laurel-fields.ts"

const PERCENT = 0x25
/** Text in which nothing needs decoding or hex. */
const CLEAN = /^[\x21\x23\x24\x26-\x7e]*$/
const APOSTROPHE = Buffer.from("'", "latin1")
const HEX_NUMBER = /^0x([0-9a-f]{1,16})$/
const OCTAL_NUMBER = /^0o([0-7]{1,22})$/
const DEVICE = /^[0-9a-f]+:[0-9a-f]+$/

/** The bytes of a laurel string: `%` and two hex digits stand for the bytes that JSON cannot hold. */
export function decodePercent(text: string): Buffer {
  const bytes = bytesOfJson(text)
  let out = bytes.indexOf(PERCENT)
  if (out < 0) return bytes
  for (let at = out; at < bytes.length; at++, out++) {
    const high = bytes[at] === PERCENT && at + 2 < bytes.length ? hexValue(bytes[at + 1] as number) : -1
    const low = high < 0 ? -1 : hexValue(bytes[at + 2] as number)
    bytes[out] = low < 0 ? (bytes[at] as number) : (high << 4) | low
    if (low >= 0) at += 2
  }
  return bytes.subarray(0, out)
}

/** Text of `value` after `key=`; null when no kernel value has this shape (an object, a list). */
export function kernelValue(key: string, value: unknown): string | Buffer | null {
  if (value === null) return "(null)"
  if (typeof value === "number" || typeof value === "bigint") return String(value)
  if (typeof value !== "string") return null
  const isUntrusted = UNTRUSTED.has(key)
  if (isUntrusted && !ALWAYS_HEX.has(key)) return kernelStringOf(value)
  const number = isUntrusted ? null : kernelNumber(key, value)
  return number ?? kernelString(key, decodePercent(value))
}

/** An untrusted string as the kernel writes it, from laurel's percent-encoded form. */
export function kernelStringOf(text: string): string | Buffer {
  return CLEAN.test(text) ? `"${text}"` : untrustedString(decodePercent(text))
}

function kernelNumber(key: string, text: string): string | null {
  const octal = OCTAL_NUMBER.exec(text)
  if (octal !== null) return OCTAL.has(key) && octal[1] !== "0" ? `0${octal[1]}` : (octal[1] as string)
  const hex = HEX_NUMBER.exec(text)
  if (hex === null) return null
  const digits = hex[1] as string
  if (WITH_0X.has(key)) return text
  return CAPABILITY_MASKS.has(key) && digits !== "0" ? digits.padStart(16, "0") : digits
}

function kernelString(key: string, bytes: Buffer): Buffer {
  if (ALWAYS_HEX.has(key) && !(bytes.length === 1 && MISREAD_NUMBERS.has(key))) return hexOf(bytes)
  const text = bytes.latin1Slice(0, bytes.length)
  if (key === "dev") return DEVICE.test(text) ? bytes : untrustedString(bytes)
  if (key === "msg") return Buffer.concat([APOSTROPHE, bytes, APOSTROPHE])
  if (MISREAD_NUMBERS.has(key) && isMisread(text)) return Buffer.from(bytes.toString("hex"), "latin1")
  if (/^[\x21\x23-\x7e]*$/.test(text) || text.startsWith("{")) return bytes
  return /^[\x20\x21\x23-\x7e]*$/.test(text) ? Buffer.from(`"${text}"`, "latin1") : hexOf(bytes)
}

/** Of hex digits in even number laurel makes bytes; only what has another shape is still the kernel's text. */
function isMisread(text: string): boolean {
  return !/^(?:-?\d+|0x[0-9a-f]+|\?)$/.test(text) || /^(?:[0-9a-f]{2})+$/.test(text)
}
