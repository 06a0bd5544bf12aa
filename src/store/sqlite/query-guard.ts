/**
 * Lets only statements run that read: one statement, which SQLite itself calls read-only and which gives rows.
 * A read-only connection alone is no wall: `VACUUM INTO` writes files on it (sqlite.org/lang_vacuum.html).
 */
import type Database from "better-sqlite3"
import { withDoubleQuotedStrings } from "./double-quotes.ts"
import type { SqliteDatabase } from "./open-readonly.ts"
import { scanSql, unquote } from "./sql-tokens.ts"

export type QueryStatement = Database.Statement<[], readonly SqlValue[]>

/** Integers come as bigint, so that 64 bits stay exact. */
export type SqlValue = null | string | number | bigint | Buffer

export type PreparedQuery =
  | { readonly kind: "ready"; readonly statement: QueryStatement }
  /** It would write, or change the connection. */
  | { readonly kind: "refused"; readonly reason: string }
  /** SQLite does not understand it: `message` is SQLite's. */
  | { readonly kind: "invalid"; readonly message: string }

/** PRAGMAs that only tell, and tell about their argument. */
const PRAGMAS_WITH_ARGUMENT = new Set([
  "foreign_key_check",
  "foreign_key_list",
  "index_info",
  "index_list",
  "index_xinfo",
  "integrity_check",
  "quick_check",
  "table_info",
  "table_list",
  "table_xinfo",
])
/** PRAGMAs that only tell, as long as they are given no value. */
const PRAGMAS_WITHOUT = new Set([
  "application_id",
  "collation_list",
  "compile_options",
  "data_version",
  "database_list",
  "encoding",
  "freelist_count",
  "function_list",
  "module_list",
  "page_count",
  "page_size",
  "pragma_list",
  "schema_version",
  "user_version",
])

/** Compiles `sql`; nothing has run when it returns. Double-quoted strings work as in osquery. */
export function prepareQuery(db: SqliteDatabase, sql: string): PreparedQuery {
  const words = significantTokens(sql)
  const refusal = refusePragma(words) ?? refusePragmaTable(sql)
  if (refusal !== null) return { kind: "refused", reason: refusal }
  try {
    const statement = withDoubleQuotedStrings(sql, (text) => db.prepare<[], readonly SqlValue[]>(text))
    if (!statement.reader || !statement.readonly) return { kind: "refused", reason: refusalOf(words) }
    return { kind: "ready", statement: statement.raw() }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error.message.includes("more than one statement")) {
      return { kind: "refused", reason: "only one statement can run at a time" }
    }
    if (error.message.includes("no statements")) return { kind: "refused", reason: "the query is empty" }
    if (!("code" in error)) throw error
    return { kind: "invalid", message: error.message }
  }
}

/** Names and signs in upper case, without blanks and comments, EXPLAIN taken off: enough to tell what it is. */
function significantTokens(sql: string): string[] {
  const words: string[] = []
  for (const token of scanSql(sql)) {
    if (token.kind === "space" || token.kind === "comment") continue
    const text = sql.slice(token.start, token.end)
    const isQuoted = token.kind === "quoted-name" || token.kind === "string"
    // Empty statements before the first one are skipped, as SQLite does.
    if (words.length === 0 && text === ";") continue
    words.push(isQuoted ? unquote(text) : text.toUpperCase())
    if (words.length === 16) break
  }
  if (words[0] !== "EXPLAIN") return words
  return words[1] === "QUERY" && words[2] === "PLAN" ? words.slice(3) : words.slice(1)
}

/** Many PRAGMAs act while they are compiled, even under EXPLAIN: they are judged before SQLite sees them. */
function refusePragma(words: readonly string[]): string | null {
  if (words[0] !== "PRAGMA") return null
  const at = words[2] === "." ? 3 : 1
  const name = (words[at] ?? "").toLowerCase()
  const next = words[at + 1]
  const isBare = next === undefined || next === ";"
  if (PRAGMAS_WITH_ARGUMENT.has(name) && (isBare || next === "(")) return null
  if (PRAGMAS_WITHOUT.has(name) && isBare) return null
  return `PRAGMA ${name} is not allowed: it can change the database or the connection`
}

/** Most PRAGMAs are tables as well: `SELECT * FROM pragma_optimize`. A table's name may stand in any quotes. */
function refusePragmaTable(sql: string): string | null {
  for (const token of scanSql(sql)) {
    if (token.kind !== "word" && token.kind !== "quoted-name" && token.kind !== "string") continue
    const text = sql.slice(token.start, token.end)
    const name = (token.kind === "word" ? text : unquote(text)).toLowerCase()
    if (!name.startsWith("pragma_")) continue
    const pragma = name.slice("pragma_".length)
    if (!PRAGMAS_WITH_ARGUMENT.has(pragma) && !PRAGMAS_WITHOUT.has(pragma)) {
      return `${name} is not allowed: it can change the database or the connection`
    }
  }
  return null
}

function refusalOf(words: readonly string[]): string {
  const verb = words[0] ?? ""
  if (verb === "ATTACH" || verb === "DETACH") return `${verb} is not allowed: a query reads one database`
  if (["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"].includes(verb)) {
    return `${verb} is not allowed: a query needs no transaction`
  }
  if (verb === "WITH") return "this statement is not allowed: it would change the database"
  return `${verb} is not allowed: it would change the database or write a file`
}
