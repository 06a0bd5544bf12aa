/** md5, sha1, sha256 as hex text (osquery/sql/sqlite_hashing.cpp). */
import { createHash } from "node:crypto"
import type { SqlArgument, SqlFunction } from "./function.ts"
import { textOf } from "./function.ts"

export const HASH_FUNCTIONS: readonly SqlFunction[] = ["md5", "sha1", "sha256"].map((name) => ({
  name,
  parameters: 1,
  call: (...values: SqlArgument[]) => hash(name, values[0]),
}))

/** DEVIATION(osquery): a BLOB and a text with NUL are hashed whole; osquery stops at the first NUL. */
function hash(algorithm: string, value: SqlArgument | undefined): string | null {
  if (value === null || value === undefined) return null
  return createHash(algorithm)
    .update(Buffer.isBuffer(value) ? value : textOf(value))
    .digest("hex")
}
