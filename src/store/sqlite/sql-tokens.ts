/** Cuts SQL into tokens, as far as finding strings, names and comments needs it (sqlite.org/lang_keywords.html, tokenize.c). */

export type SqlTokenKind = "space" | "comment" | "string" | "quoted-name" | "word" | "number" | "other"

export interface SqlToken {
  readonly kind: SqlTokenKind
  readonly start: number
  readonly end: number
}

const WORD_START = /[\p{L}_\u0080-\uffff]/u
const WORD = /[\w$\u0080-\uffff]/
const NUMBER = /[\w.]/
const CLOSING = new Map([
  ["'", "'"],
  ['"', '"'],
  ["`", "`"],
  ["[", "]"],
])

/** The tokens of `sql` in order, without gaps. What is left open at the end (a string, a comment) ends there. */
export function* scanSql(sql: string): Generator<SqlToken> {
  let start = 0
  while (start < sql.length) {
    const token = tokenAt(sql, start)
    yield token
    start = token.end
  }
}

/** The name or string inside a quoted token, its doubled quotes undone. */
export function unquote(token: string): string {
  const quote = token[0] ?? ""
  const inner = token.slice(1, -1)
  return quote === "[" ? inner : inner.replaceAll(quote + quote, quote)
}

function tokenAt(sql: string, start: number): SqlToken {
  const first = sql[start] ?? ""
  if (/\s/.test(first)) return { kind: "space", start, end: endOfRun(sql, start, /\s/) }
  if (sql.startsWith("--", start)) return { kind: "comment", start, end: endAfter(sql, "\n", start + 2) }
  if (sql.startsWith("/*", start)) return { kind: "comment", start, end: endAfter(sql, "*/", start + 2) }
  const closing = CLOSING.get(first)
  if (closing !== undefined) {
    const end = endOfQuoted(sql, start, closing)
    return { kind: first === "'" ? "string" : "quoted-name", start, end }
  }
  if (/\d/.test(first)) return { kind: "number", start, end: endOfRun(sql, start, NUMBER) }
  if (WORD_START.test(first)) return { kind: "word", start, end: endOfRun(sql, start, WORD) }
  return { kind: "other", start, end: start + 1 }
}

function endOfRun(sql: string, start: number, member: RegExp): number {
  let end = start + 1
  while (end < sql.length && member.test(sql[end] ?? "")) end++
  return end
}

function endAfter(sql: string, mark: string, from: number): number {
  const at = sql.indexOf(mark, from)
  return at < 0 ? sql.length : at + mark.length
}

/** A doubled closing quote stands for itself; brackets have no such escape. */
function endOfQuoted(sql: string, start: number, closing: string): number {
  let from = start + 1
  for (;;) {
    const at = sql.indexOf(closing, from)
    if (at < 0) return sql.length
    if (closing === "]" || sql[at + 1] !== closing) return at + 1
    from = at + 2
  }
}
