/** Use case: delete old events from a case, live or finished. */
import { expireCase } from "../../store/sqlite/expire-case.ts"
import { CaseFileError, describeOpening } from "../../store/sqlite/prepare-file.ts"
import { FailedError, PermissionError, type RetrailError, UsageError } from "../errors.ts"
import { countOf } from "../output/amounts.ts"
import { parseAge } from "./parse-duration.ts"
import { openError, runError } from "./query-errors.ts"

export interface ExpireRequest {
  readonly database: string | undefined
  /** As on the command line: `90s`, `12h`, `7d`. */
  readonly age: string
  /** Queries that are to run afterwards; more than one is a mistake that must be known before rows go. */
  readonly queries: number
  readonly nowMs: number
}

/** @returns what went, for a person */
export function expireRows({ database, age, queries, nowMs }: ExpireRequest): string {
  const expirySeconds = parseAge(age, "--expire")
  if (database === undefined) {
    throw new UsageError("--expire needs a case", "Name it with -d: retrail query -d live.db --expire 7d")
  }
  if (queries > 1)
    throw new UsageError("there is more than one query", "Put the SQL into one pair of quotes.")
  const nowSeconds = Math.floor(nowMs / 1000)
  const result = expireOrThrow(database, expirySeconds, nowSeconds)
  if (!result.ok) throw openError(database, result.failure, result.detail)
  const rows = [...result.removed.values()].reduce((sum, count) => sum + count, 0)
  if (rows === 0) return "deleted no rows"
  const tables = [...result.removed].map(([table, count]) => `${table} ${count}`)
  return `deleted ${countOf(rows, "row")}: ${tables.join(", ")}`
}

function expireOrThrow(database: string, expirySeconds: number, nowSeconds: number) {
  try {
    return expireCase(database, expirySeconds, nowSeconds)
  } catch (error) {
    const described = describeOpening(error, database)
    throw described instanceof CaseFileError ? caseError(described) : runError(error, database)
  }
}

function caseError({ failure, message }: CaseFileError): RetrailError {
  if (failure === "permission") return new PermissionError(message, "Run as the owner of the file.")
  return new FailedError(message, "Try again when it is done.")
}
