/** osquery's SQL functions, registered on a connection, one file a family (osquery/sql/sqlite_*.cpp). */
import type { SqliteDatabase } from "../open-readonly.ts"
import { BASE64_FUNCTIONS } from "./base64.ts"
import { COMMUNITY_ID_FUNCTIONS } from "./community-id.ts"
import type { SqlFunction } from "./function.ts"
import { HASH_FUNCTIONS } from "./hash.ts"
import { HEX_TO_INT_TABLE } from "./hex-to-int-table.ts"
import { MATH_FUNCTIONS } from "./math.ts"
import { NETWORK_FUNCTIONS } from "./network.ts"
import { PATH_FUNCTIONS } from "./path.ts"
import { createRegexFunctions } from "./regex.ts"
import { TEXT_FUNCTIONS } from "./text.ts"
import { VERSION_FUNCTIONS } from "./version.ts"

/** Every function of ours; the regular expressions of one call of this keep their own cache. */
export function createSqlFunctions(): SqlFunction[] {
  return [
    ...createRegexFunctions(),
    ...TEXT_FUNCTIONS,
    ...NETWORK_FUNCTIONS,
    ...COMMUNITY_ID_FUNCTIONS,
    ...BASE64_FUNCTIONS,
    ...HASH_FUNCTIONS,
    ...VERSION_FUNCTIONS,
    ...MATH_FUNCTIONS,
    ...PATH_FUNCTIONS,
  ]
}

/** `directOnly`: a view or an index of the database, which may be an attacker's, cannot call them. */
export function registerSqlFunctions(db: SqliteDatabase): void {
  for (const { name, parameters, call } of createSqlFunctions()) {
    const options = { deterministic: true, directOnly: true, safeIntegers: true, varargs: parameters === -1 }
    db.function(name, options, withArity(parameters, call))
  }
  // A table of the database that has the name stays what it is.
  db.table("hex_to_int", HEX_TO_INT_TABLE)
}

/** better-sqlite3 reads the number of parameters from the function's length. */
function withArity(parameters: number, call: SqlFunction["call"]): SqlFunction["call"] {
  const wrapped: SqlFunction["call"] = (...values) => call(...values)
  return Object.defineProperty(wrapped, "length", { value: Math.max(0, parameters) })
}
