/**
 * Values of templates: the bytes that a record stores, and the text that Windows prints for them, made apart from each
 * other.
 * Source of truth: MS-EVEN6 2.2.12.3, value types; the text forms are those of Windows' own event viewer.
 */
import type { Fragment } from "./xml-model.ts"

export const TYPE = {
  nothing: 0x00,
  text: 0x01,
  ansi: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  real32: 0x0b,
  real64: 0x0c,
  bool: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  sizeT: 0x10,
  filetime: 0x11,
  systemtime: 0x12,
  sid: 0x13,
  hex32: 0x14,
  hex64: 0x15,
  fragment: 0x21,
  array: 0x80,
} as const

export interface PlainValue {
  readonly kind: "plain"
  readonly type: number
  readonly bytes: Buffer
  readonly text: string
}

export type Value =
  | PlainValue
  | { readonly kind: "nothing"; readonly bytes: Buffer }
  | { readonly kind: "list"; readonly type: number; readonly items: readonly PlainValue[] }
  | { readonly kind: "fragment"; readonly fragment: Fragment }

/** @param bytes the room that Windows often leaves for a value although there is none */
export const absent = (bytes: Buffer): Value => ({ kind: "nothing", bytes })

export const nothing: Value = absent(Buffer.alloc(0))

export const fragmentValue = (fragment: Fragment): Value => ({ kind: "fragment", fragment })

/** An array of values of one type; an empty one needs to be told which. */
export function list(items: readonly PlainValue[], type = items[0]?.type ?? TYPE.text): Value {
  if (items.some((item) => item.type !== type)) throw new Error("a list holds values of one type")
  return { kind: "list", type: TYPE.array | type, items }
}

/** @param rest bytes behind the text that belong to the value and are not printed, such as its NUL */
export function unicode(text: string, rest: Uint8Array = new Uint8Array()): PlainValue {
  return plain(TYPE.text, Buffer.concat([Buffer.from(text, "utf16le"), rest]), wellFormed(text))
}

/** Halves of surrogate pairs become U+FFFD. */
export function wellFormed(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8")
}

/** Code page 1252. */
export function ansi(bytes: Buffer): PlainValue {
  return plain(TYPE.ansi, bytes, new TextDecoder("windows-1252").decode(bytes.filter((byte) => byte !== 0)))
}

export const int8 = (value: number) => number(TYPE.int8, 1, BigInt(value))
export const uint8 = (value: number) => number(TYPE.uint8, 1, BigInt(value))
export const int16 = (value: number) => number(TYPE.int16, 2, BigInt(value))
export const uint16 = (value: number) => number(TYPE.uint16, 2, BigInt(value))
export const int32 = (value: number) => number(TYPE.int32, 4, BigInt(value))
export const uint32 = (value: number) => number(TYPE.uint32, 4, BigInt(value))
export const int64 = (value: bigint) => number(TYPE.int64, 8, value)
export const uint64 = (value: bigint) => number(TYPE.uint64, 8, value)
export const hex32 = (value: number) => number(TYPE.hex32, 4, BigInt(value), 16)
export const hex64 = (value: bigint | number) => number(TYPE.hex64, 8, BigInt(value), 16)
/** @param width 4 in events of 32-bit hosts, else 8 */
export const sizeT = (value: bigint, width: 4 | 8 = 8) => number(TYPE.sizeT, width, value, 16)

export function real32(value: number): PlainValue {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((precision) => Number(value.toPrecision(precision)))
  return plain(TYPE.real32, bytes, String(digits.find((short) => Math.fround(short) === Math.fround(value))))
}

export function real64(value: number): PlainValue {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return plain(TYPE.real64, bytes, String(value))
}

/** @param stored the four bytes; any but 0 is true */
export function bool(value: boolean, stored = value ? 1 : 0): PlainValue {
  return { ...number(TYPE.bool, 4, BigInt(stored)), text: String(value) }
}

export function binary(bytes: Buffer): PlainValue {
  return plain(TYPE.binary, bytes, bytes.toString("hex").toUpperCase())
}

/** @param value as Windows prints it: `{54849625-5478-4994-A5BA-3E3B0328C30D}` */
export function guid(value: string): PlainValue {
  const bytes = Buffer.from(value.replaceAll(/[{}-]/g, ""), "hex")
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return plain(TYPE.guid, bytes, value)
}

/** @param value as Windows 10 prints it, `2026-01-02T03:04:05.1234567Z` */
export function filetime(value: string): PlainValue {
  return { ...number(TYPE.filetime, 8, ticksOf(value)), text: value }
}

/** Steps of 100 ns since 1601. */
export function ticksOf(value: string): bigint {
  const [seconds = "", digits = ""] = value.replace("Z", "").split(".")
  return (BigInt(Date.parse(`${seconds}Z`)) + 11_644_473_600_000n) * 10_000n + BigInt(digits.padEnd(7, "0"))
}

/** @param value `2026-01-02T03:04:05.678Z`; "" for sixteen zero bytes, which print as the year 1601 */
export function systemtime(value: string): PlainValue {
  const bytes = Buffer.alloc(16)
  if (value === "") return plain(TYPE.systemtime, bytes, "1601-01-01T00:00:00.000Z")
  const [year = 0, month = 0, ...rest] = value.split(/[-T:.Z]/).map(Number)
  const fields = [year, month, new Date(value).getUTCDay(), ...rest.slice(0, 5)]
  for (const [at, field] of fields.entries()) bytes.writeUInt16LE(field, at * 2)
  return plain(TYPE.systemtime, bytes, value)
}

/** @param value `S-1-5-21-1-2-3-1001` */
export function sid(value: string): PlainValue {
  const [, revision = "1", authority = "0", ...subs] = value.split("-")
  const bytes = Buffer.alloc(8 + 4 * subs.length)
  bytes.writeUInt8(Number(revision), 0)
  bytes.writeUInt8(subs.length, 1)
  bytes.writeUIntBE(Number(authority), 2, 6)
  for (const [at, sub] of subs.entries()) bytes.writeUInt32LE(Number(sub), 8 + 4 * at)
  return plain(TYPE.sid, bytes, value)
}

/** Any type with any bytes, for values that no Windows would write. */
export function plain(type: number, bytes: Buffer, text: string): PlainValue {
  return { kind: "plain", type, bytes, text }
}

/** Type that the descriptor of a value names. */
export function typeOf(value: Value): number {
  if (value.kind === "nothing") return TYPE.nothing
  return value.kind === "fragment" ? TYPE.fragment : value.type
}

function number(type: number, width: number, value: bigint, radix: 10 | 16 = 10): PlainValue {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
  return plain(type, bytes.subarray(0, width), radix === 16 ? `0x${value.toString(16)}` : String(value))
}
