/**
 * A case that a capture writes while queries read: WAL, one transaction a batch, indexes from the start. Once it is
 * open no file is opened again, so that it outlives the loss of all rights to its folder. Sources: sqlite.org/wal.html,
 * pragma.html, osquery/events/eventsubscriberplugin.cpp.
 */
import { accessSync, constants, lchownSync } from "node:fs"
import { dirname, resolve } from "node:path"
import Database from "better-sqlite3"
import type { TableSchema } from "../../schema/column.ts"
import { OSQUERY_EVENTS, OSQUERY_FLAGS, OSQUERY_TABLES } from "../../schema/osquery-tables.ts"
import type { QueuedRow, RowValue } from "../../schema/row-value.ts"
import type { ProcessRow, RowRange, RunRow, SourceRow } from "../case-store.ts"
import type { BatchRule, ExpiryRule } from "../events-retention.ts"
import { gapRow, problemRow } from "../evidence-rows.ts"
import type { EventsRow, FlagRow, LiveBatch, LiveStore } from "../live-store.ts"
import {
  beginRun,
  deleteRows,
  endRun,
  putSource,
  readEids,
  readProcessRows,
  readSources,
} from "./case-rows.ts"
import { checkSchema, createIndexes, createSchema, isEmpty } from "./case-schema.ts"
import { createTableSql } from "./ddl.ts"
import { EidStore } from "./eid-store.ts"
import { EventIndex } from "./event-index.ts"
import { describeOpening, prepareFile } from "./prepare-file.ts"
import { RowInserts } from "./row-inserts.ts"
import { claimWriter, releaseWriter } from "./writer-mark.ts"

const OPENING_BUSY_MS = 2000
/** Long enough for a query that deletes old rows meanwhile. */
const BUSY_MS = 10_000
/** A reader keeps the last steps of closing waiting no longer than this. */
const CLOSING_BUSY_MS = 1000
/** A log that a long reader made grow shrinks to this. */
const JOURNAL_BYTES = 64 * 1024 * 1024
/** Why the file may have to stay in WAL mode. */
const NOT_OURS_TO_CHANGE = /^SQLITE_(?:BUSY|LOCKED|CANTOPEN|PERM|READONLY|FULL|IOERR)/

export interface LiveCaseOptions {
  /** Pages that the file may have; SQLITE_FULL beyond. */
  readonly maxPages?: number
}

/**
 * Opens the case for a capture, and creates it when it does not exist. The caller closes it.
 * @throws CaseFileError "locked" while another capture or an ingest writes it
 */
export function openLiveCase(path: string, options: LiveCaseOptions = {}): LiveStore {
  const absolute = resolve(path)
  const isNew = prepareFile(absolute)
  try {
    return new LiveCase(absolute, isNew, options)
  } catch (error) {
    throw describeOpening(error, path)
  }
}

class LiveCase implements LiveStore {
  readonly path: string
  readonly #db: Database.Database
  readonly #inserts: RowInserts
  readonly #index: EventIndex
  readonly #eids: EidStore
  /** Made once: a batch comes many times a second. */
  readonly #commit: Database.Transaction<(batch: LiveBatch) => void>
  #runId: number | null = null

  constructor(path: string, isNew: boolean, { maxPages }: LiveCaseOptions) {
    this.path = path
    this.#db = new Database(path, { fileMustExist: true, timeout: OPENING_BUSY_MS })
    try {
      this.#prepare(isNew)
      this.#db.pragma(`busy_timeout=${BUSY_MS}`)
      if (maxPages !== undefined) this.#db.pragma(`max_page_count=${maxPages}`)
      this.#inserts = new RowInserts(this.#db)
      this.#index = new EventIndex(this.#db)
      this.#eids = new EidStore(this.#db)
      this.#commit = this.#db.transaction((batch: LiveBatch) => this.#write(batch))
    } catch (error) {
      this.#db.close()
      throw error
    }
  }

  #prepare(isNew: boolean): void {
    const db = this.#db
    db.pragma("trusted_schema=OFF")
    // Small pages make a small log when little happens, large ones make few writes when much does.
    if (isNew) db.pragma("page_size=8192")
    // Before the first change: the file of somebody else stays as it is.
    if (!isNew && !isEmpty(db)) checkSchema(db, this.path)
    db.pragma("journal_mode=WAL")
    db.pragma("synchronous=NORMAL")
    db.pragma("temp_store=MEMORY")
    // Rows are appended: a large cache would only hold pages that nobody asks for again.
    db.pragma("cache_size=-2048")
    db.pragma(`journal_size_limit=${JOURNAL_BYTES}`)
    db.transaction(() => {
      if (isEmpty(db)) createSchema(db)
      else checkSchema(db, this.path)
      claimWriter(db, this.path)
      createIndexes(db)
      for (const table of OSQUERY_TABLES) createAnew(db, table)
    }).immediate()
  }

  beginRun(run: RunRow): number {
    this.#runId = beginRun(this.#db, run)
    return this.#runId
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

  processRows(sourceIds: readonly number[], end: number): Iterable<ProcessRow> {
    return readProcessRows(this.#db, sourceIds, end)
  }

  commit(batch: LiveBatch): void {
    this.#commit.immediate(batch)
    this.#eids.settle()
    for (const { schema, values } of batch.rows) this.#index.add(schema.name, timeOf(schema, values))
  }

  retract(ranges: readonly RowRange[], source: SourceRow): void {
    const retract = () => {
      for (const range of ranges) deleteRows(this.#db, range)
      putSource(this.#db, source)
    }
    this.#db.transaction(retract).immediate()
    this.#index.forget()
  }

  setFlags(rows: readonly FlagRow[]): void {
    const values = rows.map(({ name, type, description, defaultValue, value, isShellOnly }) => {
      return [name, type, description, defaultValue, value, isShellOnly ? 1 : 0]
    })
    this.#db.transaction(() => this.#fill(OSQUERY_FLAGS, values)).immediate()
  }

  setEvents(rows: readonly EventsRow[]): void {
    this.#db.transaction(() => this.#fill(OSQUERY_EVENTS, rows.map(eventsValues))).immediate()
  }

  expire({ table, expirySeconds, nowSeconds }: ExpiryRule): number {
    return this.#index.expire(table, expirySeconds, nowSeconds)
  }

  limitBatches({ table, max }: BatchRule): number {
    return this.#index.limit(table, max)
  }

  sizes(): Map<string, number> {
    return this.#index.sizes()
  }

  handOver(uid: number, gid: number): void {
    for (const suffix of ["", "-wal", "-shm"]) lchownSync(this.path + suffix, uid, gid)
  }

  close(): void {
    try {
      this.#db.pragma(`busy_timeout=${CLOSING_BUSY_MS}`)
      // Where this fails the mark stays, and gives way once the process has ended.
      tolerate(() => this.#db.transaction(() => releaseWriter(this.#db)).immediate())
      tolerate(() => this.#db.pragma("wal_checkpoint(TRUNCATE)"))
      // Leaving WAL mode makes and removes files in the folder.
      if (mayWriteTo(dirname(this.path))) tolerate(() => this.#db.pragma("journal_mode=DELETE"))
    } finally {
      this.#db.close()
    }
  }

  #write({ rows, problems, gaps, sources, eids, publishers }: LiveBatch): void {
    for (const row of rows) this.#inserts.insert(row)
    for (const { problem, sourceId } of problems) {
      this.#inserts.insert(problemRow(problem, sourceId, this.#currentRun()))
    }
    for (const { gap, host, sourceId } of gaps) this.#inserts.insert(gapRow(gap, host, sourceId))
    for (const source of sources) putSource(this.#db, source)
    this.#eids.put(eids)
    if (publishers !== undefined) this.#fill(OSQUERY_EVENTS, publishers.map(eventsValues))
  }

  #currentRun(): number {
    if (this.#runId === null) throw new Error("a problem is recorded before a run has begun")
    return this.#runId
  }

  #fill(schema: TableSchema, rows: readonly (readonly RowValue[])[]): void {
    this.#db.exec(`DELETE FROM ${schema.name}`)
    for (const values of rows) this.#inserts.insert({ schema, values })
  }
}

/** An earlier capture's table may stand there. */
function createAnew(db: Database.Database, table: TableSchema): void {
  db.exec(`DROP TABLE IF EXISTS ${table.name}`)
  db.exec(createTableSql(table))
}

function eventsValues(row: EventsRow): RowValue[] {
  return [row.name, row.publisher, row.type, row.subscriptions, row.events, row.refreshes, row.active]
}

function timeOf({ columns }: TableSchema, values: QueuedRow["values"]): RowValue {
  return values[columns.findIndex(({ name }) => name === "time")] ?? null
}

function mayWriteTo(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Lets pass what the file system or a reader may refuse while the case is being closed. */
function tolerate(step: () => void): void {
  try {
    step()
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : ""
    if (!NOT_OURS_TO_CHANGE.test(code)) throw error
  }
}
