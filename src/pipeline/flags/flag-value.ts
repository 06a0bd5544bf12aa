/** Values of flags as gflags reads them: words for bools, decimal or 0x numbers within the type's range. */
import type { FlagType } from "./flag-spec.ts"

export type FlagValue =
  /** `text` is the value as gflags prints it. */
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly expected: string }

const TRUE = new Set(["1", "t", "true", "y", "yes"])
const FALSE = new Set(["0", "f", "false", "n", "no"])

const RANGES: ReadonlyMap<FlagType, readonly [bigint, bigint]> = new Map([
  ["int32", [-(2n ** 31n), 2n ** 31n - 1n]],
  ["uint32", [0n, 2n ** 32n - 1n]],
  ["int64", [-(2n ** 63n), 2n ** 63n - 1n]],
  ["uint64", [0n, 2n ** 64n - 1n]],
])

export function readFlagValue(type: FlagType, raw: string): FlagValue {
  const range = RANGES.get(type)
  if (range !== undefined) return readInteger(raw, range)
  if (type === "string") return { ok: true, text: raw }
  const word = raw.toLowerCase()
  if (TRUE.has(word)) return { ok: true, text: "true" }
  if (FALSE.has(word)) return { ok: true, text: "false" }
  return { ok: false, expected: "true or false" }
}

function readInteger(raw: string, [least, most]: readonly [bigint, bigint]): FlagValue {
  const expected = `an integer from ${least} to ${most}`
  const match = /^(-?)(\d{1,20}|0[xX][\da-fA-F]{1,16})$/.exec(raw.trim())
  if (match === null) return { ok: false, expected }
  const size = BigInt(match[2] ?? "")
  const value = match[1] === "-" ? -size : size
  return value < least || value > most ? { ok: false, expected } : { ok: true, text: value.toString() }
}
