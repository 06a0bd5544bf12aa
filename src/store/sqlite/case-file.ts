/**
 * A case in one SQLite file: created 0600, held exclusively while it is written, every batch one transaction of
 * rows and checkpoints. Source: sqlite.org/lockingv3.html, lang_insert.html (transfer optimisation).
 */
import { statSync } from "node:fs"
import { resolve } from "node:path"
import Database from "better-sqlite3"
import { META, SOURCES } from "../../schema/case-tables.ts"
import type { TableSchema } from "../../schema/column.ts"
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import type { Batch, CaseStore, ProcessRow, Renumber, RunRow, SourceRow } from "../case-store.ts"
import {
  beginRun,
  deleteRows,
  endRun,
  putEids,
  putMeta,
  putSource,
  readEids,
  readProcessRows,
  readSources,
} from "./case-rows.ts"
import { checkSchema, createIndexes, createSchema, FILLED_TABLES, isEmpty } from "./case-schema.ts"
import { createTableSql, quoteIdentifier } from "./ddl.ts"
import { describeOpening, prepareFile } from "./prepare-file.ts"
import { fromStored, type StoredSource } from "./source-rows.ts"
import { releaseWriter } from "./writer-mark.ts"

export { CaseFileError } from "./prepare-file.ts"

const BUSY_MS = 2000

/** Opens the case for writing, and creates it when it does not exist. The caller closes it. */
export function openCaseFile(path: string): CaseStore {
  const absolute = resolve(path)
  const isNew = prepareFile(absolute)
  try {
    return new CaseFile(absolute, isNew)
  } catch (error) {
    throw describeOpening(error, path)
  }
}

class CaseFile implements CaseStore {
  readonly path: string
  readonly stagingTables = FILLED_TABLES.map((schema) => ({ schema, sql: createTableSql(schema) }))
  readonly #db: Database.Database

  constructor(path: string, isNew: boolean) {
    this.path = path
    this.#db = new Database(path, { fileMustExist: true, timeout: BUSY_MS })
    try {
      // Exclusive: two writers would give the same ids; the kernel frees the lock however a process ends.
      this.#db.pragma("locking_mode=EXCLUSIVE")
      this.#db.pragma("trusted_schema=OFF")
      if (isNew) this.#db.pragma("page_size=16384")
      this.#db.pragma("journal_mode=DELETE")
      this.#db.pragma("synchronous=NORMAL")
      this.#db.pragma("cache_size=-16384")
      this.#db.exec("BEGIN IMMEDIATE")
      if (isNew || isEmpty(this.#db)) createSchema(this.#db)
      else checkSchema(this.#db, path)
      // Nobody else has the file: a mark in it is that of a capture that was killed.
      releaseWriter(this.#db)
      this.#db.exec("COMMIT")
    } catch (error) {
      this.#db.close()
      throw error
    }
  }

  beginRun(run: RunRow): number {
    return beginRun(this.#db, run)
  }

  endRun(id: number, ended: string, exitCode: number): void {
    endRun(this.#db, id, ended, exitCode)
  }

  sources(): SourceRow[] {
    return readSources(this.#db)
  }

  eids(): Map<string, number> {
    return readEids(this.#db)
  }

  lastRows(): Map<string, number> {
    const last = new Map<string, number>()
    for (const { name } of FILLED_TABLES) {
      const row = this.#db.prepare(`SELECT ifnull(max(rowid), 0) AS last FROM ${quoteIdentifier(name)}`).get()
      last.set(name, (row as { last: number }).last)
    }
    return last
  }

  processRows(sourceIds: readonly number[], end: number): Iterable<ProcessRow> {
    return readProcessRows(this.#db, sourceIds, end)
  }

  commit(batch: Batch): void {
    const hasRows = batch.stagingPath !== ""
    if (hasRows) this.#db.prepare("ATTACH ? AS stage").run(batch.stagingPath)
    try {
      this.#db.transaction(() => this.#write(batch, hasRows)).immediate()
    } finally {
      if (hasRows) this.#db.exec("DETACH stage")
    }
  }

  peekHeads(path: string): string[] {
    return this.#attached(path, () => {
      const rows = this.#db
        .prepare(`SELECT head_sha256 AS head FROM job.${SOURCES.name} WHERE head_size > 0`)
        .all()
      return (rows as { head: string }[]).map(({ head }) => head)
    })
  }

  absorb(path: string, runId: number, renumber: Renumber): void {
    this.#attached(path, () => this.#db.transaction(() => this.#absorb(runId, renumber)).immediate())
  }

  dropIndexes(): void {
    for (const table of EVENT_TABLES) {
      for (const columns of table.indexes as readonly (readonly string[])[]) {
        this.#db.exec(`DROP INDEX IF EXISTS ${quoteIdentifier(`${table.name}_${columns.join("_")}`)}`)
      }
    }
  }

  createIndexes(): void {
    createIndexes(this.#db)
  }

  size(): number {
    return statSync(this.path).size
  }

  close(): void {
    this.#db.close()
  }

  #attached<Result>(path: string, use: () => Result): Result {
    this.#db.prepare("ATTACH ? AS job").run(path)
    try {
      return use()
    } finally {
      this.#db.exec("DETACH job")
    }
  }

  #absorb(runId: number, renumber: Renumber): void {
    const rowOffsets = this.lastRows()
    const eidOffsets = this.eids()
    const last = this.#db.prepare(`SELECT ifnull(max(id), 0) AS id FROM ${SOURCES.name}`).get() as {
      id: number
    }
    for (const table of FILLED_TABLES) this.#copyRows(table, last.id, eidOffsets.get(table.name) ?? 0, runId)
    const eids = this.#db.prepare(`SELECT key, value FROM job.${META.name} WHERE key LIKE 'eid.%'`).all()
    for (const { key, value } of eids as { key: string; value: string }[]) {
      putMeta(this.#db, key, String(Number(value) + (eidOffsets.get(key.slice(4)) ?? 0)))
    }
    const rows = this.#db.prepare(`SELECT * FROM job.${SOURCES.name} ORDER BY id`).all() as StoredSource[]
    for (const row of rows) {
      putSource(this.#db, { ...renumber(fromStored(row), last.id, rowOffsets, eidOffsets), runId })
    }
  }

  /** Copies the rows of one table of the attached case, in order, with ids moved behind those that are here. */
  #copyRows(table: TableSchema, idOffset: number, eidOffset: number, runId: number): void {
    const columns = table.columns.map(({ name }) => {
      const column = quoteIdentifier(name)
      if (name === "source_id") return `${column} + ${idOffset}`
      if (name === "eid" && eidOffset > 0) return `printf('%010d', CAST(${column} AS INTEGER) + ${eidOffset})`
      return name === "run_id" ? String(runId) : column
    })
    const name = quoteIdentifier(table.name)
    this.#db.exec(`INSERT INTO main.${name} SELECT ${columns.join(", ")} FROM job.${name} ORDER BY rowid`)
  }

  #write(batch: Batch, hasRows: boolean): void {
    for (const range of batch.retracted ?? []) deleteRows(this.#db, range)
    for (const id of batch.replaced ?? []) {
      for (const { name } of FILLED_TABLES)
        this.#db.prepare(`DELETE FROM ${quoteIdentifier(name)} WHERE source_id = ?`).run(id)
    }
    if (hasRows) {
      for (const { name } of FILLED_TABLES) {
        const table = quoteIdentifier(name)
        this.#db.exec(`INSERT INTO main.${table} SELECT * FROM stage.${table}`)
      }
    }
    for (const source of batch.sources) putSource(this.#db, source)
    putEids(this.#db, batch.eids)
  }
}
