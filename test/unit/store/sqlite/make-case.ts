/** A case file with rows of windows_events, for tests; the folder goes when the test is over. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import Database from "better-sqlite3"
import { onTestFinished } from "vitest"
import { createSchema } from "../../../../src/store/sqlite/case-schema.ts"
import type { Row } from "../../normalize/windows/rows-of.ts"

export function makeCase(rows: Iterable<Row>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "retrail-windows-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, "case.db")
  const db = new Database(file)
  createSchema(db)
  db.transaction(() => {
    for (const row of rows) {
      const names = Object.keys(row)
      const sql = `INSERT INTO windows_events (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`
      db.prepare(sql).run(...Object.values(row))
    }
  })()
  db.close()
  return file
}
