/**
 * Deletes old events from a case that may be written by a capture meanwhile, or be finished. Sources:
 * sqlite.org/wal.html, sqlite.org/autoinc.html (which rowids are given again).
 */
import { lstatSync } from "node:fs"
import { resolve } from "node:path"
import Database from "better-sqlite3"
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import { TimeIndex } from "../time-index.ts"
import { quoteIdentifier } from "./ddl.ts"
import { describeForeign, openCaseReadonly } from "./open-case-readonly.ts"
import type { OpenFailure, SqliteDatabase } from "./open-readonly.ts"

const BUSY_MS = 10_000
/** So few that a capture never waits long for its turn. */
const CHUNK_ROWS = 10_000
/** In which a waiting capture takes its turn. */
const PAUSE_MS = 20

export type ExpireResult =
  /** Rows that went, by table; tables that lost none are not named. */
  | { readonly ok: true; readonly removed: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly failure: OpenFailure; readonly detail: string }

/**
 * Every table keeps its newest second. Each deletion of a few thousand rows is a transaction of its own.
 * @throws SqliteError when the file cannot be written
 */
export function expireCase(path: string, expirySeconds: number, nowSeconds: number): ExpireResult {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return { ok: false, failure: "not-a-file", detail: "nothing is deleted through a symbolic link" }
  }
  // The file of somebody else is not even opened for writing.
  const opened = openCaseReadonly(path)
  if (!opened.ok) return opened
  opened.db.close()
  const db = new Database(resolve(path), { fileMustExist: true, timeout: BUSY_MS })
  try {
    db.pragma("trusted_schema=OFF")
    db.pragma("cell_size_check=ON")
    const detail = describeForeign(db) || describeTriggers(db)
    if (detail !== "") return { ok: false, failure: "not-a-case", detail }
    const removed = EVENT_TABLES.map(({ name }) => {
      return [name, expireTable(db, quoteIdentifier(name), expirySeconds, nowSeconds)] as const
    })
    return { ok: true, removed: new Map(removed.filter(([, rows]) => rows > 0)) }
  } finally {
    db.close()
  }
}

/** Retrail makes none; those of an attacker would run with every deletion. */
function describeTriggers(db: SqliteDatabase): string {
  const trigger = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' LIMIT 1").get()
  return trigger === undefined ? "" : "it has triggers"
}

function expireTable(db: SqliteDatabase, table: string, expirySeconds: number, nowSeconds: number): number {
  const bound = readEnds(db, table).expiryBound(expirySeconds, nowSeconds)
  if (bound === null) return 0
  // The row that was written last stays: SQLite would give its number again, and an ingest that goes on with a grown
  // log takes rows back by their numbers.
  const statement = db.prepare(
    `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE typeof("time") = 'integer' ` +
      `AND "time" <= ? AND rowid < (SELECT max(rowid) FROM ${table}) LIMIT ${CHUNK_ROWS})`,
  )
  let rows = 0
  for (;;) {
    const { changes } = statement.run(bound)
    rows += changes
    if (changes < CHUNK_ROWS) return rows
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
  }
}

/** The oldest second and the two newest, which is all that expiry looks at. */
function readEnds(db: SqliteDatabase, table: string): TimeIndex {
  const isTime = `typeof("time") = 'integer'`
  const newest = `SELECT max("time") FROM ${table} WHERE ${isTime}`
  const ends = [
    `SELECT min("time") FROM ${table} WHERE ${isTime}`,
    `${newest} AND "time" < (${newest})`,
    newest,
  ]
  const index = new TimeIndex()
  for (const sql of ends) {
    const second = db.prepare(sql).pluck().get()
    if (typeof second === "number") index.add(second)
  }
  return index
}
