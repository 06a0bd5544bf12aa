/**
 * The strings of exec_args, exec_env, xatpath, krb5_principal and cert_hash: u32 count, then each up to a NUL.
 *
 *   00000002 | 6c 73 00 | 2d 6c 00        ls -l
 */
import type { BsmRecord } from "../record.ts"
import { readU32 } from "./integers.ts"

/** What the token says; the strings that are there may be fewer (`BsmRecord.failure` "fewer-strings"). */
export function countedStrings(record: BsmRecord, token: number): number {
  return readU32(record.bytes, record.from(token))
}

/** Where the first string begins; the strings end at `record.to(token)`. */
export function firstString(record: BsmRecord, token: number): number {
  return record.from(token) + 4
}

/** The NUL that ends the string at `at`, or `to`; the next string begins behind it. */
export function stringEnd(bytes: Uint8Array, at: number, to: number): number {
  let end = at
  while (end < to && bytes[end] !== 0) end++
  return end
}
