/** Bits and numbers by name, in the form ausearch prints. */
import type { NameTable } from "../tables/name-table.ts"
import { hexLow } from "./number.ts"

/** The names of the bits set in `bits`, joined by `|`, after `first`; '' when there are none. */
export function joinFlags(table: NameTable, bits: number, first = ""): string {
  let text = first
  for (const [bit, name] of table.pairs()) {
    if (bit <= 0xffffffff && (bits & bit) !== 0) text += text === "" ? name : `|${name}`
  }
  return text
}

/** Flags of a hexadecimal argument; `0x…` when no bit has a name. */
export function hexFlags(table: NameTable, raw: string, first = ""): string {
  const text = joinFlags(table, hexLow(raw), first)
  return text === "" ? asHex(raw) : text
}

/** One constant of a hexadecimal argument, `unknown-<what>(0x…)` without a name. */
export function hexName(table: NameTable, raw: string, what: string): string {
  return table.name(hexLow(raw)) ?? `unknown-${what}(${asHex(raw)})`
}

/** Arguments are logged without the prefix. */
export function asHex(raw: string): string {
  return raw.startsWith("0x") ? raw : `0x${raw}`
}
