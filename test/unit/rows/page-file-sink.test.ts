import { execFileSync } from "node:child_process"
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type Database from "better-sqlite3"
import { describe, expect, test } from "vitest"
import { PageFileSink } from "../../../src/rows/page-file-sink.ts"
import { EVENT_TABLES } from "../../../src/schema/tables/index.ts"
import { checkIntegrity, createTables, readRows, withDatabase, withFolder } from "./databases.ts"
import {
  bytesCell,
  column,
  createTable,
  intCell,
  type Row,
  table,
  textCell,
  valuesOf,
  writeRows,
} from "./row-samples.ts"

const SMALL = table("small_events", [column("number", "BIGINT"), column("name", "TEXT")])
const OTHER = table("other_events", [column("name", "TEXT"), column("time", "BIGINT")])
const TABLES = [SMALL, OTHER].map((schema) => ({ schema, sql: createTable(schema) }))

function smallRows(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({
    table: SMALL,
    cells: [intCell(index * 1000 - 5), bytesCell(Buffer.from(`name ${index}`))],
  }))
}

function writeFile(path: string, rows: readonly Row[], pageSize: number): PageFileSink {
  const sink = new PageFileSink(path, { tables: TABLES, pageSize })
  writeRows(sink, rows)
  sink.close()
  return sink
}

/** Depth of a table's tree and number of its pages, as SQLite itself walks it. */
function treeShape(database: Database.Database, name: string): { depth: number; pages: number } {
  const row = database
    .prepare<[string], { depth: bigint; pages: bigint }>(
      "SELECT max(length(path) - length(replace(path, '/', ''))) AS depth, count(*) AS pages FROM dbstat WHERE name = ?",
    )
    .get(name)
  return { depth: Number(row?.depth), pages: Number(row?.pages) }
}

describe("the file", () => {
  test("no rows at all: every table is there, empty", () => {
    withFolder((folder) => {
      const sink = writeFile(join(folder, "a.db"), [], 16_384)
      expect(sink.pagesWritten).toBe(3)
      withDatabase(join(folder, "a.db"), (database) => {
        expect(checkIntegrity(database)).toBe("ok")
        expect(readRows(database, "small_events")).toEqual([])
        const sql = database.prepare("SELECT sql FROM sqlite_schema").pluck().all()
        expect(sql).toEqual(TABLES.map((one) => one.sql))
        expect(database.pragma("encoding", { simple: true })).toBe("UTF-8")
        expect(database.pragma("freelist_count", { simple: true })).toBe(0n)
      })
    })
  })

  test("deep trees: 60,000 rows in pages of 512 bytes need interior pages over interior pages", () => {
    withFolder((folder) => {
      const path = join(folder, "deep.db")
      const rows = smallRows(60_000)
      writeFile(path, rows, 512)
      withDatabase(path, (database) => {
        expect(treeShape(database, "small_events").depth).toBeGreaterThanOrEqual(3)
        expect(checkIntegrity(database)).toBe("ok")
        expect(readRows(database, "small_events")).toEqual(valuesOf(rows, SMALL))
        const one = database.prepare("SELECT number FROM small_events WHERE rowid = ?").pluck()
        for (const rowid of [1, 2, 29_999, 30_000, 59_999, 60_000]) {
          expect(one.get(rowid)).toBe(BigInt((rowid - 1) * 1000 - 5))
        }
      })
    })
  })

  test("every number of leaves around the fan-out of an interior page", () => {
    withFolder((folder) => {
      // One row a leaf: 64 children fit an interior page of 512 bytes.
      const row = (index: number): Row => ({
        table: OTHER,
        cells: [bytesCell(Buffer.alloc(440, 0x61)), intCell(index)],
      })
      for (const count of [1, 2, 3, 62, 63, 64, 65, 66, 71, 72, 73, 143, 144, 145]) {
        const path = join(folder, `${count}.db`)
        const rows = Array.from({ length: count }, (_, index) => row(index))
        writeFile(path, rows, 512)
        withDatabase(path, (database) => {
          expect(checkIntegrity(database)).toBe("ok")
          expect(readRows(database, "other_events")).toEqual(valuesOf(rows, OTHER))
        })
      }
    })
  })

  test("every length of text around the overflow thresholds, and 200 kB", () => {
    withFolder((folder) => {
      const lengths = [40, 57, 58, 59, 200_000, 199_999]
      for (let length = 420; length < 1600; length++) lengths.push(length)
      const rows = lengths.map(
        (length): Row => ({ table: OTHER, cells: [bytesCell(Buffer.alloc(length, "abc")), intCell(length)] }),
      )
      for (const pageSize of [512, 4096]) {
        const path = join(folder, `${pageSize}.db`)
        writeFile(path, rows, pageSize)
        withDatabase(path, (database) => {
          expect(checkIntegrity(database)).toBe("ok")
          expect(readRows(database, "other_events")).toEqual(valuesOf(rows, OTHER))
        })
      }
    })
  })

  test("every number of columns around a record header of 127 bytes, which grows by its own size", () => {
    withFolder((folder) => {
      for (const count of [124, 125, 126, 127, 128, 129, 400]) {
        const path = join(folder, `${count}.db`)
        const columns = Array.from({ length: count }, (_, index) => column(`c${index}`, "BIGINT"))
        const schema = table("wide_events", columns)
        const sink = new PageFileSink(path, { tables: [{ schema, sql: createTable(schema) }] })
        const row: Row = { table: schema, cells: columns.map((_, index) => intCell(index * 7)) }
        writeRows(sink, [row, row])
        sink.close()
        withDatabase(path, (database) => {
          expect(checkIntegrity(database)).toBe("ok")
          expect(readRows(database, "wide_events")).toEqual(valuesOf([row, row], schema))
        })
      }
    })
  })

  test("twenty tables with long SQL spread sqlite_schema over several pages", () => {
    withFolder((folder) => {
      for (const pageSize of [512, 4096, 16_384]) {
        const path = join(folder, `${pageSize}.db`)
        const tables = Array.from({ length: 20 }, (_, index) => {
          const columns = Array.from({ length: 40 }, (_, at) => column(`column_number_${at}_of_many`, "TEXT"))
          const schema = table(`table_${index}`, columns)
          return { schema, sql: createTable(schema) }
        })
        const sink = new PageFileSink(path, { tables, pageSize })
        for (const { schema } of tables) {
          writeRows(sink, [{ table: schema, cells: schema.columns.map(({ name }) => textCell(name)) }])
        }
        sink.close()
        withDatabase(path, (database) => {
          expect(checkIntegrity(database)).toBe("ok")
          expect(database.prepare("SELECT sql FROM sqlite_schema").pluck().all()).toEqual(
            tables.map(({ sql }) => sql),
          )
          for (const { schema } of tables) expect(readRows(database, schema.name).length).toBe(1)
        })
      }
    })
  })

  test("one CREATE TABLE too long to stand beside the file header", () => {
    withFolder((folder) => {
      for (let padding = 300; padding < 560; padding += 3) {
        const path = join(folder, `${padding}.db`)
        const sql = `${createTable(SMALL)} /* ${"x".repeat(padding)} */`
        const sink = new PageFileSink(path, { tables: [{ schema: SMALL, sql }], pageSize: 512 })
        writeRows(sink, smallRows(3))
        sink.close()
        withDatabase(path, (database) => {
          expect(checkIntegrity(database)).toBe("ok")
          expect(readRows(database, "small_events")).toEqual(valuesOf(smallRows(3), SMALL))
        })
      }
    })
  })

  test("the event tables themselves, read by the sqlite3 tool", () => {
    withFolder((folder) => {
      const path = join(folder, "events.db")
      const tables = EVENT_TABLES.map((schema) => ({ schema, sql: createTable(schema) }))
      const sink = new PageFileSink(path, { tables, pageSize: 4096 })
      for (const { schema } of tables) {
        const cells = schema.columns.map(({ type }, index) =>
          type === "TEXT" ? bytesCell(Buffer.from(`cell\xff ${index}`, "latin1")) : intCell(index),
        )
        writeRows(sink, [{ table: schema, cells }])
      }
      sink.close()
      const ask = (sql: string) => execFileSync("sqlite3", [path, sql], { encoding: "utf8" }).trim()
      expect(ask("PRAGMA integrity_check")).toBe("ok")
      expect(ask("SELECT path, cwd, time FROM process_events")).toBe("cell\\xFF 1|cell\\xFF 8|22")
      for (const { schema } of tables) expect(ask(`SELECT count(*) FROM ${schema.name}`)).toBe("1")
    })
  })

  test("is private, and what exists is never touched", () => {
    withFolder((folder) => {
      const path = join(folder, "a.db")
      writeFile(path, [], 4096)
      expect(statSync(path).mode & 0o777).toBe(0o600)
      writeFileSync(join(folder, "b.db"), "evidence")
      symlinkSync(join(folder, "absent"), join(folder, "link.db"))
      for (const name of ["a.db", "b.db", "link.db"]) {
        expect(() => new PageFileSink(join(folder, name), { tables: TABLES })).toThrow(/EEXIST|ELOOP/)
      }
      expect(readFileSync(join(folder, "b.db"), "utf8")).toBe("evidence")
      expect(existsSync(join(folder, "absent"))).toBe(false)
    })
  })

  test("holds nothing of earlier rows in its free bytes", () => {
    withFolder((folder) => {
      const sink = new PageFileSink(join(folder, "a.db"), { tables: TABLES, pageSize: 4096 })
      const secret = { table: SMALL, cells: [intCell(1), bytesCell(Buffer.alloc(9_000, "SECRET"))] }
      writeRows(sink, [secret, ...smallRows(500), secret])
      sink.close()
      sink.reset(join(folder, "b.db"))
      writeRows(sink, smallRows(2))
      sink.close()
      expect(readFileSync(join(folder, "a.db")).includes("SECRET")).toBe(true)
      expect(readFileSync(join(folder, "b.db")).includes("SECRET")).toBe(false)
      const again = new PageFileSink(join(folder, "c.db"), { tables: TABLES, pageSize: 4096 })
      writeRows(again, smallRows(2))
      again.close()
      expect(readFileSync(join(folder, "c.db")).equals(readFileSync(join(folder, "b.db")))).toBe(true)
    })
  })

  test("reset starts over, after a finished file and after an abandoned one", () => {
    withFolder((folder) => {
      const sink = new PageFileSink(join(folder, "0.db"), { tables: TABLES, pageSize: 512 })
      expect(() => sink.reset(join(folder, "early.db"))).toThrow("still open")
      writeRows(sink, smallRows(100))
      sink.begin(SMALL)
      sink.abandon()
      for (const name of ["1.db", "2.db"]) {
        sink.reset(join(folder, name))
        expect(sink.counts.get("small_events")).toBe(0)
        writeRows(sink, smallRows(777))
        expect(sink.counts.get("small_events")).toBe(777)
        sink.close()
        withDatabase(join(folder, name), (database) => {
          expect(checkIntegrity(database)).toBe("ok")
          expect(readRows(database, "small_events")).toEqual(valuesOf(smallRows(777), SMALL))
        })
      }
    })
  })

  test("flush writes full pages while the file grows, and changes nothing in the end", () => {
    withFolder((folder) => {
      const path = join(folder, "a.db")
      const sink = new PageFileSink(path, { tables: TABLES, pageSize: 512 })
      writeRows(sink, smallRows(1000))
      sink.flush()
      expect(statSync(path).size).toBe(sink.bytesWritten)
      writeRows(sink, smallRows(1000))
      sink.flush()
      sink.close()
      writeFile(join(folder, "b.db"), [...smallRows(1000), ...smallRows(1000)], 512)
      expect(readFileSync(path).equals(readFileSync(join(folder, "b.db")))).toBe(true)
    })
  })
})

describe("INSERT … SELECT from the staging file", () => {
  test.each(["delete", "wal"])("into a table that has rows, journal %s", (journal) => {
    withFolder((folder) => {
      const staged = smallRows(5_000)
      const big: Row = { table: SMALL, cells: [intCell(-1), bytesCell(Buffer.alloc(100_000, "\\x00é"))] }
      writeFile(join(folder, "stage.db"), [...staged, big], 16_384)
      withDatabase(join(folder, "case.db"), (database) => {
        expect(database.pragma(`journal_mode = ${journal}`, { simple: true })).toBe(journal)
        createTables(database, [SMALL, OTHER])
        database.exec("INSERT INTO small_events VALUES (7, 'there before')")
        database.prepare("ATTACH ? AS stage").run(join(folder, "stage.db"))
        const insert = "INSERT INTO main.small_events SELECT * FROM stage.small_events"
        const steps = database.prepare<[], { opcode: string }>(`EXPLAIN ${insert}`).all()
        // The transfer copies whole records; the ordinary way takes columns apart and makes records anew.
        expect(steps.some(({ opcode }) => opcode === "RowCell" || opcode === "RowData")).toBe(true)
        expect(steps.some(({ opcode }) => opcode === "MakeRecord")).toBe(false)
        database.transaction(() => database.exec(insert))()
        database.exec("DETACH stage")
        expect(checkIntegrity(database)).toBe("ok")
        expect(readRows(database, "small_events")).toEqual([
          [7n, "there before"],
          ...valuesOf([...staged, big], SMALL),
        ])
      })
    })
  })
})
