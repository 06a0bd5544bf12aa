import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { EVENT_TABLES } from "../../../../src/schema/tables/index.ts"
import { createIndexSql, createTableSql, quoteIdentifier } from "../../../../src/store/sqlite/ddl.ts"

describe("createTableSql", () => {
  it.each(EVENT_TABLES.map((table) => [table.name, table] as const))(
    "makes %s as the schema says",
    (_, table) => {
      const db = new Database(":memory:")
      db.exec(createTableSql(table))
      for (const sql of createIndexSql(table)) db.exec(sql)
      const columns = db.prepare("SELECT name, type FROM pragma_table_info(?) ORDER BY cid").all(table.name)
      expect(columns).toEqual(table.columns.map(({ name, type }) => ({ name, type })))
      expect(db.prepare("SELECT count(*) FROM pragma_index_list(?)").pluck().get(table.name)).toBe(
        table.indexes.length,
      )
      db.close()
    },
  )

  it("keeps a name with a quote a name", () => {
    const db = new Database(":memory:")
    const table = {
      name: 'a"b',
      description: "",
      indexes: [['c"; d']],
      columns: [{ name: 'c"; d', type: "TEXT", description: "" }],
    } as const
    db.exec(createTableSql(table))
    for (const sql of createIndexSql(table)) db.exec(sql)
    expect(db.prepare("SELECT name FROM sqlite_schema ORDER BY name").pluck().all()).toEqual([
      'a"b',
      'a"b_c"; d',
    ])
    expect(quoteIdentifier('a"b')).toBe('"a""b"')
    db.close()
  })
})
