/**
 * Opens a case file that may come from an attacker, so that it is not written to (sqlite.org/security.html). Beside
 * a file in WAL mode SQLite itself creates `-wal` and `-shm` even for a reader; cases are in that mode only while a
 * capture writes them, or when it could not change it at its end.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs"
import { resolve } from "node:path"
import Database from "better-sqlite3"

export type SqliteDatabase = Database.Database

/** Why a database cannot be opened. */
export type OpenFailure =
  | "missing"
  | "no-permission"
  | "not-a-file"
  | "not-a-database"
  | "not-a-case"
  | "damaged"
  /** Another process writes it. */
  | "locked"
  /** A writer was killed inside a commit, which only a writer can roll back. */
  | "cut-off"
  | "unreadable"

export type OpenResult =
  | { readonly ok: true; readonly db: SqliteDatabase }
  | { readonly ok: false; readonly failure: OpenFailure; readonly detail: string }

const MAGIC = Buffer.from("SQLite format 3\0", "latin1")

/** The caller closes the database. */
export function openReadonly(path: string): OpenResult {
  try {
    if (!statSync(path).isFile()) return failed("not-a-file", "not a regular file")
    const header = readHeader(path)
    if (!header.equals(MAGIC)) {
      return failed("not-a-database", header.length === 0 ? "the file is empty" : "not an SQLite file")
    }
    // An absolute path is never one of the names with a meaning: '', ':memory:'.
    const absolute = resolve(path)
    if (absolute.trim() !== absolute) return failed("unreadable", "its name ends with a blank")
    return harden(new Database(absolute, { readonly: true, fileMustExist: true }))
  } catch (error) {
    return openFailure(error)
  }
}

function harden(db: SqliteDatabase): OpenResult {
  try {
    for (const pragma of ["trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "query_only=ON"]) {
      db.pragma(pragma)
    }
    db.defaultSafeIntegers(true)
    db.prepare("SELECT count(*) FROM sqlite_schema").get()
    return { ok: true, db }
  } catch (error) {
    db.close()
    return openFailure(error)
  }
}

function readHeader(path: string): Buffer {
  const descriptor = openSync(path, "r")
  try {
    const header = Buffer.alloc(MAGIC.length)
    return header.subarray(0, readSync(descriptor, header, 0, header.length, 0))
  } finally {
    closeSync(descriptor)
  }
}

const FAILURE_OF_CODE = new Map<string, OpenFailure>([
  ["ENOENT", "missing"],
  ["ENOTDIR", "missing"],
  ["EACCES", "no-permission"],
  ["EPERM", "no-permission"],
  ["SQLITE_NOTADB", "not-a-database"],
  ["SQLITE_PERM", "no-permission"],
  ["SQLITE_BUSY", "locked"],
  ["SQLITE_BUSY_RECOVERY", "locked"],
  ["SQLITE_READONLY_ROLLBACK", "cut-off"],
  ["SQLITE_READONLY_RECOVERY", "cut-off"],
])

function openFailure(error: unknown): OpenResult {
  if (!(error instanceof Error)) throw error
  const code = "code" in error && typeof error.code === "string" ? error.code : ""
  if (code === "") throw error
  if (code.startsWith("SQLITE_CORRUPT")) return failed("damaged", error.message)
  return failed(FAILURE_OF_CODE.get(code) ?? "unreadable", error.message)
}

function failed(failure: OpenFailure, detail: string): OpenResult {
  return { ok: false, failure, detail }
}
