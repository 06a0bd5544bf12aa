/**
 * Which event tables a query reads, as far as its text tells. Source of truth: osquery
 * osquery/events/eventfactory.cpp (minimum of expiry), osquery/events/eventsubscriberplugin.cpp (constraints on time).
 */
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import { scanSql, unquote } from "../../store/sqlite/sql-tokens.ts"

export interface TablesRead {
  /** In the order of their first mention. */
  readonly eventTables: readonly string[]
  /** It reads event tables under their bare names, and nothing beside them. */
  readonly isEventsOnly: boolean
}

interface Token {
  /** In lower case, unquoted. */
  readonly text: string
  readonly isName: boolean
}

const EVENT_NAMES: ReadonlySet<string> = new Set(EVENT_TABLES.map(({ name }) => name))
/** What ends the list of tables behind FROM. */
const LIST_ENDS = new Set(
  "where group order limit having union except intersect window select on using".split(" "),
)

export function tablesOf(sql: string): TablesRead {
  const tokens = tokensOf(sql)
  const ownNames = commonTables(tokens)
  const events = new Set<string>()
  let hasOthers = false
  for (const at of tablePlaces(tokens)) {
    const name = tokens[at]?.text ?? ""
    const isQualified = tokens[at + 1]?.text === "."
    const table = isQualified ? (tokens[at + 2]?.text ?? "") : name
    // A function that gives rows, such as json_each(argv), reads what it is given.
    if (tokens[at + 1]?.text === "(" || (!isQualified && ownNames.has(table))) continue
    if (EVENT_NAMES.has(table)) events.add(table)
    if (isQualified || !EVENT_NAMES.has(table)) hasOthers = true
  }
  return { eventTables: [...events], isEventsOnly: events.size > 0 && !hasOthers }
}

/**
 * Does it compare the column `time` with something? Such a query asks for a range of its own, and gets the whole of it
 * every time.
 */
export function usesTimeConstraint(sql: string): boolean {
  const tokens = tokensOf(sql)
  return tokens.some(({ text, isName }, at) => {
    if (!isName || text !== "time" || tokens[at + 1]?.text === "(") return false
    const before = tokens[at - 1]?.text === "." ? tokens[at - 3] : tokens[at - 1]
    return isComparison(tokens[at + 1]) || isComparison(before)
  })
}

/**
 * The shortest time in seconds for which rows of each event table have to be kept: three times the longest interval
 * of a query that reads it, up to the next full minute.
 */
export function scheduleMinimums(
  queries: readonly { readonly sql: string; readonly intervalS: number }[],
): ReadonlyMap<string, number> {
  const longest = new Map<string, number>()
  for (const { sql, intervalS } of queries) {
    for (const table of tablesOf(sql).eventTables) {
      longest.set(table, Math.max(longest.get(table) ?? 0, intervalS))
    }
  }
  return new Map([...longest].map(([table, intervalS]) => [table, pastNextMinute(intervalS * 3)]))
}

/** A full minute is rounded up as well. */
function pastNextMinute(seconds: number): number {
  return seconds + 60 - (seconds % 60)
}

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (const { kind, start, end } of scanSql(sql)) {
    if (kind === "space" || kind === "comment") continue
    const text = sql.slice(start, end)
    if (kind === "quoted-name") tokens.push({ text: unquote(text).toLowerCase(), isName: true })
    else if (kind === "word") tokens.push({ text: text.toLowerCase(), isName: true })
    // A string is never taken for a name.
    else tokens.push({ text: kind === "string" ? "''" : text, isName: false })
  }
  return tokens
}

/** Names that WITH gives to queries: `WITH a AS (…), b (x) AS MATERIALIZED (…)`. */
function commonTables(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>()
  if (!tokens.some(({ text }) => text === "with")) return names
  for (const [at, { text }] of tokens.entries()) {
    if (text !== "as") continue
    const opens = ["(", "materialized", "not"].includes(tokens[at + 1]?.text ?? "")
    if (!opens) continue
    let before = at - 1
    if (tokens[before]?.text === ")") while (before > 0 && tokens[before]?.text !== "(") before--
    const name = tokens[tokens[before]?.text === "(" ? before - 1 : before]
    if (name?.isName) names.add(name.text)
  }
  return names
}

/** Where the name of a table begins: behind FROM, JOIN, and the commas of such a list. */
function tablePlaces(tokens: readonly Token[]): number[] {
  const places: number[] = []
  /** For each open parenthesis: are we in a list of tables? */
  const isList = [false]
  let isNext = false
  for (const [at, { text, isName }] of tokens.entries()) {
    const last = isList.length - 1
    if (text === "(") {
      isList.push(isNext)
      continue
    }
    if (text === ")") {
      if (last > 0) isList.pop()
      isNext = false
      continue
    }
    if (isName && (text === "from" || text === "join")) {
      isList[last] = true
      isNext = true
      continue
    }
    if (isName && isNext && !LIST_ENDS.has(text)) places.push(at)
    if (isName && LIST_ENDS.has(text)) isList[last] = text === "on" || text === "using"
    isNext = text === "," && isList[last] === true
  }
  return places
}

function isComparison(token: Token | undefined): boolean {
  if (token === undefined) return false
  return token.isName ? token.text === "between" || token.text === "in" : "=<>!".includes(token.text)
}
