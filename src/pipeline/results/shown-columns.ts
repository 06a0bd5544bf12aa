/**
 * The columns that osquery would show: what it hides from `SELECT *`, and what is ours, is logged only when the
 * query names it. A plain SQLite table cannot hide columns, so they are taken out of the result.
 */
import type { Column, TableSchema } from "../../schema/column.ts"
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import { scanSql, unquote } from "../../store/sqlite/sql-tokens.ts"

/** A column of a result, with the table and column that it comes from, where SQLite knows them. */
export interface ResultColumn {
  readonly name: string
  readonly table: string | null
  readonly column: string | null
}

const TABLES: ReadonlyMap<string, TableSchema> = new Map(EVENT_TABLES.map((table) => [table.name, table]))

/** osquery shows it in `SELECT *`. */
export function isShown({ hidden, extension }: Column): boolean {
  return hidden !== true && extension !== true
}

/** The places of the columns of a result that are shown, in order. */
export function shownPlaces(sql: string, columns: readonly ResultColumn[]): number[] {
  const named = selectedNames(sql)
  return columns.flatMap(({ name, table, column }, at) => {
    const isNamed = named.has(name.toLowerCase()) || (column !== null && named.has(column.toLowerCase()))
    return isNamed || isVisible(name, table, column, sql) ? [at] : []
  })
}

function isVisible(name: string, table: string | null, column: string | null, sql: string): boolean {
  if (table !== null) return shows(TABLES.get(table), column ?? name)
  // Of a UNION SQLite tells no table: a column goes when every event table that is named hides it.
  const read = [...wordsOf(sql)].flatMap((word) => TABLES.get(word) ?? [])
  const having = read.filter((schema) => schema.columns.some((one) => one.name === name))
  return having.length === 0 || having.some((schema) => shows(schema, name))
}

function shows(schema: TableSchema | undefined, name: string): boolean {
  const column: Column | undefined = schema?.columns.find((one) => one.name === name)
  return column === undefined || isShown(column)
}

function wordsOf(sql: string): Set<string> {
  const words = new Set<string>()
  for (const token of scanSql(sql)) {
    const text = sql.slice(token.start, token.end)
    if (token.kind === "word") words.add(text.toLowerCase())
    if (token.kind === "quoted-name") words.add(unquote(text).toLowerCase())
  }
  return words
}

/** Names that stand between a SELECT and its FROM, in lower case. A name in WHERE alone does not ask to be shown. */
function selectedNames(sql: string): ReadonlySet<string> {
  const names = new Set<string>()
  /** For each open parenthesis: are we in a select list? */
  const isList = [false]
  for (const token of scanSql(sql)) {
    const text = sql.slice(token.start, token.end)
    const last = isList.length - 1
    if (text === "(") isList.push(isList[last] === true)
    else if (text === ")" && last > 0) isList.pop()
    else if (token.kind === "quoted-name" && isList[last]) names.add(unquote(text).toLowerCase())
    else if (token.kind === "word") {
      const word = text.toLowerCase()
      if (word === "select") isList[last] = true
      else if (word === "from") isList[last] = false
      else if (isList[last]) names.add(word)
    }
  }
  return names
}
