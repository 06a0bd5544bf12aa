/**
 * Double-quoted strings, as osquery has them: `"x"` that names no column is the string 'x'. Our SQLite is built
 * with SQLITE_DQS=0 and refuses it (sqlite.org/quirks.html#dblquote), so the token is rewritten and prepared again.
 */
import { type SqlToken, scanSql, unquote } from "./sql-tokens.ts"

/** Each rewrite compiles the statement again; a query with more such strings is better written with '…'. */
const MOST_REWRITES = 200
const MISSING = /^no such column: "([\s\S]*)" - should this be a string literal in single-quotes\?$/

/**
 * Calls `prepare` with `sql`, and again with double-quoted strings rewritten for as long as it fails over one.
 * Errors of `prepare` that have another reason come through.
 */
export function withDoubleQuotedStrings<Prepared>(sql: string, prepare: (sql: string) => Prepared): Prepared {
  let text = sql
  for (let rewrites = 0; ; rewrites++) {
    try {
      return prepare(text)
    } catch (error) {
      const name = missingName(error)
      if (name === null || rewrites >= MOST_REWRITES) throw error
      const rewritten = rewriteOne(text, name, prepare)
      if (rewritten === null) throw error
      text = rewritten
    }
  }
}

function missingName(error: unknown): string | null {
  return error instanceof Error ? (MISSING.exec(error.message)?.[1] ?? null) : null
}

/**
 * One name may be a column in one place and a string in another (the arms of a UNION). The place to rewrite is
 * the one that still fails when all its namesakes are strings.
 */
function rewriteOne(sql: string, name: string, prepare: (sql: string) => unknown): string | null {
  const places: SqlToken[] = []
  for (const token of scanSql(sql)) {
    if (token.kind !== "quoted-name" || sql[token.start] !== '"') continue
    if (unquote(sql.slice(token.start, token.end)) === name) places.push(token)
  }
  if (places.length <= 1) return places.length === 0 ? null : asStrings(sql, places)
  for (const place of places.slice(0, MOST_REWRITES)) {
    const others = places.filter((other) => other !== place)
    try {
      prepare(asStrings(sql, others))
    } catch (error) {
      if (missingName(error) === name) return asStrings(sql, [place])
    }
  }
  return null
}

/** `sql` with the given double-quoted tokens as string literals. */
function asStrings(sql: string, tokens: readonly SqlToken[]): string {
  let text = ""
  let from = 0
  for (const token of tokens) {
    const inner = unquote(sql.slice(token.start, token.end))
    text += `${sql.slice(from, token.start)}'${inner.replaceAll("'", "''")}'`
    from = token.end
  }
  return text + sql.slice(from)
}
