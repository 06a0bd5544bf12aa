/** The SQL text that creates a table and its indexes, from the schema; the same text in every file we write. */
import type { TableSchema } from "../../schema/column.ts"

/**
 * `CREATE TABLE` for a plain rowid table, one column a line, no constraints, no semicolon. Every writer of a
 * case file uses this very text: SQLite copies rows between two tables at full speed only if they match.
 */
export function createTableSql(table: TableSchema): string {
  const columns = table.columns.map((column) => `  ${quoteIdentifier(column.name)} ${column.type}`)
  return `CREATE TABLE ${quoteIdentifier(table.name)} (\n${columns.join(",\n")}\n)`
}

/** `CREATE INDEX` for each index of the schema, named `<table>_<columns>`; to be run once the rows are loaded. */
export function createIndexSql(table: TableSchema): string[] {
  return table.indexes.map((columns) => {
    const name = quoteIdentifier(`${table.name}_${columns.join("_")}`)
    return `CREATE INDEX ${name} ON ${quoteIdentifier(table.name)} (${columns.map(quoteIdentifier).join(", ")})`
  })
}

/** A name as an SQL identifier that can be nothing else. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
