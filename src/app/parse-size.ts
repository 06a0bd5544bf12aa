/** Sizes on the command line: `8MiB`, `64KiB`, `1GiB`, `100MB`, bare bytes. */
import { UsageError } from "./errors.ts"

const BYTES_OF_UNIT = new Map([
  ["", 1],
  ["b", 1],
  ["kb", 1000],
  ["mb", 1000 ** 2],
  ["gb", 1000 ** 3],
  ["k", 1024],
  ["m", 1024 ** 2],
  ["g", 1024 ** 3],
  ["kib", 1024],
  ["mib", 1024 ** 2],
  ["gib", 1024 ** 3],
])

/** Whole bytes. `flag` is named in the error. */
export function parseSize(text: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
  const bytes = Number(match?.[1]) * (BYTES_OF_UNIT.get((match?.[2] ?? "?").toLowerCase()) ?? Number.NaN)
  if (!Number.isSafeInteger(Math.round(bytes))) {
    throw new UsageError(`${flag} ${text} is no size`, "Write 512KiB, 8MiB, 1GiB, or bytes.")
  }
  return Math.round(bytes)
}
