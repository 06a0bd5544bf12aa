/**
 * A case in one SQLite file: created 0600, held exclusively while it is written, every batch one transaction of
 * rows and checkpoints. Source: sqlite.org/lockingv3.html, lang_insert.html (transfer optimisation).
 */
import { closeSync, constants, fchmodSync, lstatSync, openSync, statSync } from "node:fs"
import { resolve } from "node:path"
import Database from "better-sqlite3"
import { CASE_TABLES, GAPS, META, PROBLEMS, RUNS, SOURCES } from "../../schema/case-tables.ts"
import type { TableSchema } from "../../schema/column.ts"
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import { VIEWS } from "../../schema/views.ts"
import type { Batch, CaseStore, ProcessRow, Renumber, RunRow, SourceRow, SourceState } from "../case-store.ts"
import { createIndexSql, createTableSql, quoteIdentifier } from "./ddl.ts"

/** "RTRL" in the file header, for file(1) and for ourselves. */
export const APPLICATION_ID = 0x5254524c
export const SCHEMA_VERSION = 1
const BUSY_MS = 2000
const ALL_TABLES: readonly TableSchema[] = [...EVENT_TABLES, ...CASE_TABLES]
/** What comes through staging files. */
const STAGED: readonly TableSchema[] = [...EVENT_TABLES, PROBLEMS, GAPS]

export type CaseFailure = "link" | "not-a-case" | "newer" | "locked" | "permission" | "cannot-create"

/** The file cannot be used as a case. */
export class CaseFileError extends Error {
  readonly failure: CaseFailure

  constructor(failure: CaseFailure, message: string) {
    super(message)
    this.failure = failure
  }
}

/** Opens the case for writing, and creates it when it does not exist. The caller closes it. */
export function openCaseFile(path: string): CaseStore {
  const absolute = resolve(path)
  const isNew = prepareFile(absolute)
  try {
    return new CaseFile(absolute, isNew)
  } catch (error) {
    throw translate(error, path)
  }
}

/** Makes an empty file of mode 0600 when there is none; true when the schema has to be written. */
function prepareFile(path: string): boolean {
  const known = lstatSync(path, { throwIfNoEntry: false })
  if (known?.isSymbolicLink()) throw new CaseFileError("link", `${path} is a symbolic link`)
  if (known !== undefined && !known.isFile())
    throw new CaseFileError("not-a-case", `${path} is not a regular file`)
  if (known !== undefined) return known.size === 0
  try {
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW
    const descriptor = openSync(path, flags, 0o600)
    fchmodSync(descriptor, 0o600)
    closeSync(descriptor)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === "EACCES" || code === "EPERM")
      throw new CaseFileError("permission", `no permission to create ${path}`)
    throw new CaseFileError("cannot-create", `${path} cannot be created (${code})`)
  }
  return true
}

function translate(error: unknown, path: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (code === "SQLITE_NOTADB") return new CaseFileError("not-a-case", `${path} is not an SQLite file`)
  if (code.startsWith("SQLITE_BUSY"))
    return new CaseFileError("locked", `${path} is being written by another process`)
  if (code === "SQLITE_READONLY" || code === "SQLITE_CANTOPEN" || code === "SQLITE_PERM") {
    return new CaseFileError("permission", `no permission to write ${path}`)
  }
  return error
}

class CaseFile implements CaseStore {
  readonly path: string
  readonly stagingTables = STAGED.map((schema) => ({ schema, sql: createTableSql(schema) }))
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
      if (isNew || this.#isEmpty()) this.#createSchema()
      else this.#checkSchema()
      this.#db.exec("COMMIT")
    } catch (error) {
      this.#db.close()
      throw error
    }
  }

  beginRun(run: RunRow): number {
    const last = this.#db.prepare(`SELECT ifnull(max(id), 0) AS id FROM ${RUNS.name}`).get() as { id: number }
    const id = last.id + 1
    this.#db
      .prepare(`INSERT INTO ${RUNS.name} VALUES (?, ?, ?, ?, '', NULL)`)
      .run(id, run.version, JSON.stringify(run.args), run.started)
    return id
  }

  endRun(id: number, ended: string, exitCode: number): void {
    this.#db.prepare(`UPDATE ${RUNS.name} SET ended = ?, exit_code = ? WHERE id = ?`).run(ended, exitCode, id)
  }

  sources(): SourceRow[] {
    const rows = this.#db.prepare(`SELECT * FROM ${SOURCES.name} ORDER BY id`).all() as StoredSource[]
    return rows.map(fromStored)
  }

  eids(): Map<string, number> {
    const rows = this.#db.prepare(`SELECT key, value FROM ${META.name} WHERE key LIKE 'eid.%'`).all()
    return new Map(
      (rows as { key: string; value: string }[]).map(({ key, value }) => [key.slice(4), Number(value)]),
    )
  }

  lastRows(): Map<string, number> {
    const last = new Map<string, number>()
    for (const { name } of STAGED) {
      const row = this.#db.prepare(`SELECT ifnull(max(rowid), 0) AS last FROM ${quoteIdentifier(name)}`).get()
      last.set(name, (row as { last: number }).last)
    }
    return last
  }

  *processRows(sourceIds: readonly number[], end: number): Iterable<ProcessRow> {
    const marks = sourceIds.map(() => "?").join(", ")
    const columns = "host, pid, parent, event_type AS eventType, status, path, parent_path AS parentPath"
    const sql = `SELECT ${columns} FROM process_events WHERE source_id IN (${marks}) AND rowid < ? ORDER BY rowid`
    for (const row of this.#db.prepare(sql).iterate(...sourceIds, end)) yield row as ProcessRow
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
    for (const table of ALL_TABLES) {
      for (const sql of createIndexSql(table)) {
        this.#db.exec(sql.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))
      }
    }
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
    for (const table of STAGED) this.#copyRows(table, last.id, eidOffsets.get(table.name) ?? 0, runId)
    const eids = this.#db.prepare(`SELECT key, value FROM job.${META.name} WHERE key LIKE 'eid.%'`).all()
    for (const { key, value } of eids as { key: string; value: string }[]) {
      this.#putMeta(key, String(Number(value) + (eidOffsets.get(key.slice(4)) ?? 0)))
    }
    const rows = this.#db.prepare(`SELECT * FROM job.${SOURCES.name} ORDER BY id`).all() as StoredSource[]
    for (const row of rows) {
      this.#putSource({ ...renumber(fromStored(row), last.id, rowOffsets, eidOffsets), runId })
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
    for (const { table, from, to } of batch.retracted ?? []) {
      this.#db.prepare(`DELETE FROM ${quoteIdentifier(table)} WHERE rowid BETWEEN ? AND ?`).run(from, to)
    }
    for (const id of batch.replaced ?? []) {
      for (const { name } of STAGED)
        this.#db.prepare(`DELETE FROM ${quoteIdentifier(name)} WHERE source_id = ?`).run(id)
    }
    if (hasRows) {
      for (const { name } of STAGED) {
        const table = quoteIdentifier(name)
        this.#db.exec(`INSERT INTO main.${table} SELECT * FROM stage.${table}`)
      }
    }
    for (const source of batch.sources) this.#putSource(source)
    for (const [table, eid] of batch.eids) this.#putMeta(`eid.${table}`, String(eid))
  }

  #putSource(source: SourceRow): void {
    const values = toStored(source)
    this.#db.prepare(`DELETE FROM ${SOURCES.name} WHERE id = ?`).run(source.id)
    const marks = SOURCES.columns.map(({ name }) => `@${name}`).join(", ")
    this.#db.prepare(`INSERT INTO ${SOURCES.name} VALUES (${marks})`).run(values)
  }

  #putMeta(key: string, value: string): void {
    this.#db.prepare(`DELETE FROM ${META.name} WHERE key = ?`).run(key)
    this.#db.prepare(`INSERT INTO ${META.name} VALUES (?, ?)`).run(key, value)
  }

  #isEmpty(): boolean {
    return this.#db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined
  }

  #createSchema(): void {
    this.#db.pragma(`application_id=${APPLICATION_ID}`)
    this.#db.pragma(`user_version=${SCHEMA_VERSION}`)
    for (const table of ALL_TABLES) this.#db.exec(createTableSql(table))
    for (const view of VIEWS) this.#db.exec(view.sql)
    this.#putMeta("schema_version", String(SCHEMA_VERSION))
    this.#putMeta("created", new Date().toISOString())
  }

  #checkSchema(): void {
    if (this.#db.pragma("application_id", { simple: true }) !== APPLICATION_ID) {
      throw new CaseFileError("not-a-case", `${this.path} is an SQLite file, but no case of retrail`)
    }
    const version = this.#db.pragma("user_version", { simple: true })
    if (version !== SCHEMA_VERSION) {
      throw new CaseFileError(
        "newer",
        `${this.path} has schema version ${version}; this retrail writes ${SCHEMA_VERSION}`,
      )
    }
  }
}

interface StoredSource {
  id: number
  path: string
  member: string
  packing: string
  format: string
  variant: string
  state: SourceState
  size: number | null
  modified: number | null
  sha256: string
  content_size: number
  content_sha256: string
  records: number
  rejected: number
  other_lines: number
  events: number
  first_time: number | null
  last_time: number | null
  run_id: number
  duplicate_of: number | null
  head_sha256: string
  head_size: number
  resume_offset: number
  parser_state: string
}

function fromStored(row: StoredSource): SourceRow {
  const { content_size, content_sha256, other_lines, first_time, last_time, run_id, duplicate_of, ...rest } =
    row
  const { head_sha256, head_size, resume_offset, parser_state, ...same } = rest
  return {
    ...same,
    contentSize: content_size,
    contentSha256: content_sha256,
    otherLines: other_lines,
    firstTime: first_time,
    lastTime: last_time,
    runId: run_id,
    duplicateOf: duplicate_of,
    headSha256: head_sha256,
    headSize: head_size,
    resumeOffset: resume_offset,
    parserState: parser_state,
  }
}

function toStored(row: SourceRow): StoredSource {
  const { contentSize, contentSha256, otherLines, firstTime, lastTime, runId, duplicateOf, ...rest } = row
  const { headSha256, headSize, resumeOffset, parserState, ...same } = rest
  return {
    ...same,
    content_size: contentSize,
    content_sha256: contentSha256,
    other_lines: otherLines,
    first_time: firstTime,
    last_time: lastTime,
    run_id: runId,
    duplicate_of: duplicateOf,
    head_sha256: headSha256,
    head_size: headSize,
    resume_offset: resumeOffset,
    parser_state: parserState,
  }
}
