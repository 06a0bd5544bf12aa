/**
 * Field values that are one number: a constant by name, bits, a mode, an address.
 * Source of truth: audit-userspace auparse/interpret.c and its tables.
 */
import * as tables from "../tables/constants.gen.ts"
import { formatOpenFlags } from "./arguments.ts"
import type { Interpret } from "./context.ts"
import { reportEncoded, reportHex, reportNumber } from "./damage.ts"
import { decodeEncoded, decodeHex } from "./encoded.ts"
import { formatFileMode, formatPermissions } from "./mode.ts"
import { hexHalves, hexLow, leadingDecimal, leadingOctal } from "./number.ts"
import { formatSockaddr } from "./socket-text.ts"
import { formatTerminalInput } from "./terminal-input.ts"

/** A decimal number with a name, or `unknown-<what>(…)`; words stay words. */
export const decimalName =
  (name: (number: number) => string | undefined, what: string): Interpret =>
  (field) => {
    const number = leadingDecimal(field.raw)
    return Number.isNaN(number) ? field.raw : (name(number) ?? `unknown-${what}(${field.raw})`)
  }

/** The same for a hexadecimal number. */
export const hexadecimal =
  (read: (low: number, raw: string) => string | undefined): Interpret =>
  (field) => {
    const low = hexLow(field.raw)
    return Number.isNaN(low) ? field.raw : (read(low, field.raw) ?? field.raw)
  }

export const mode: Interpret = (field) => formatFileMode(leadingOctal(field.raw)) ?? field.raw
export const permissions: Interpret = (field) => formatPermissions(leadingOctal(field.raw)) ?? field.raw

/** AUDIT_PERM_* in the order of ausearch. */
const ACCESS_BITS: readonly (readonly [bit: number, name: string])[] = [
  [4, "read"],
  [2, "write"],
  [1, "exec"],
  [8, "attr"],
]

/** No bit means all of them. */
export const watchedAccess: Interpret = (field) => {
  const bits = leadingDecimal(field.raw)
  if (Number.isNaN(bits)) return field.raw
  const isSet = ([bit]: readonly [number, string]): boolean => bits === 0 || (bits & bit) !== 0
  return ACCESS_BITS.filter(isSet)
    .map(([, name]) => name)
    .join(",")
}

export const socketAddress: Interpret = (field, context) => {
  const bytes = decodeHex(field.raw)
  return bytes === undefined || bytes.length === 0 ? reportHex(field, context) : formatSockaddr(bytes)
}

export const terminalInput: Interpret = (field, context) => {
  const bytes = decodeHex(field.raw)
  if (bytes !== undefined) return formatTerminalInput(bytes)
  return field.raw.charCodeAt(0) === 0x22
    ? (decodeEncoded(field.raw) ?? reportEncoded(field, context))
    : reportEncoded(field, context)
}

/** A mask of up to 64 bits. */
export const capabilities: Interpret = (field, context) => {
  if (field.raw === "0" || field.raw === "0000000000000000") return "none"
  const halves = hexHalves(field.raw)
  if (halves === undefined) return reportNumber(field, context, "a hexadecimal mask")
  let names = ""
  for (const [bit, name] of tables.CAPABILITIES.pairs()) {
    const isSet = ((bit < 32 ? halves.low : halves.high) & (1 << (bit & 31))) !== 0
    if (isSet) names += names === "" ? name : `,${name}`
  }
  return names === "" ? "none" : names
}

/** `0x42` in hexadecimal, `0102` in octal, else decimal. */
export const openFlags: Interpret = (field) => {
  const { raw: text } = field
  const bits = text.startsWith("0x")
    ? hexLow(text)
    : text.startsWith("0")
      ? leadingOctal(text)
      : leadingDecimal(text)
  return formatOpenFlags(bits) ?? text
}

export const seccompAction = hexadecimal(
  (low, text) => tables.SECCOMP_ACTIONS.name((low & 0xffff0000) >>> 0) ?? `unknown-seccomp-code(${text})`,
)

const NFPROTO_ARP = 3

export const hook: Interpret = (field, context) => {
  const number = hexLow(field.raw)
  if (Number.isNaN(number)) return field.raw
  const isArp = leadingDecimal(context.find("family")) === NFPROTO_ARP
  return (isArp ? tables.ARP_HOOKS : tables.INET_HOOKS).name(number) ?? `unknown-hook(${field.raw})`
}

export const etherType = hexadecimal((low) => (low === 0x0800 ? "IP" : low === 0x0806 ? "ARP" : "UNKNOWN"))

export const words =
  (names: ReadonlyMap<string, string>, otherwise: string): Interpret =>
  (field) =>
    startsWithDigit(field.raw) ? (names.get(field.raw) ?? otherwise) : field.raw

/** The number of the rule, where the record says that it is one. */
export const fanotifyDetail: Interpret = (field, context) => {
  const number = hexHalves(field.raw)
  if (context.find("fan_type") !== "1" || number === undefined) return field.raw
  return String(number.high * 2 ** 32 + number.low)
}

export function startsWithDigit(text: string): boolean {
  const first = text.charCodeAt(0)
  return first >= 0x30 && first <= 0x39
}
