import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import { PROCESS_EVENTS, USER_EVENTS } from "../../../../src/schema/tables/index.ts"
import { openCaseFile } from "../../../../src/store/sqlite/case-file.ts"
import { expireCase } from "../../../../src/store/sqlite/expire-case.ts"
import { openLiveCase } from "../../../../src/store/sqlite/live-case.ts"
import { batchOf, rowOf } from "../live-rows.ts"

const folder = mkdtempSync(join(tmpdir(), "retrail-expire-"))
const children: ChildProcess[] = []
let files = 0
afterAll(() => {
  for (const child of children) child.kill("SIGKILL")
  rmSync(folder, { recursive: true })
})

function caseWith(times: readonly (number | null)[]): string {
  const path = join(folder, `case-${files++}.db`)
  const store = openLiveCase(path)
  store.commit(batchOf(times.map((time) => rowOf(USER_EVENTS, { time }))))
  store.close()
  return path
}

function change(path: string, sql: string): void {
  const db = new Database(path)
  db.exec(sql)
  db.close()
}

function times(path: string): unknown[] {
  const db = new Database(path, { readonly: true })
  try {
    return db.prepare("SELECT time FROM user_events ORDER BY rowid").pluck().all()
  } finally {
    db.close()
  }
}

const removedOf = (path: string, expiry: number, now: number) => {
  const result = expireCase(path, expiry, now)
  return result.ok ? Object.fromEntries(result.removed) : result.failure
}

describe("expiring a case", () => {
  it("deletes old rows of every event table, not the newest second, nor rows without a time", () => {
    const path = caseWith([1, 2, null, 3, 4, 4])
    const store = openLiveCase(path)
    store.commit(batchOf([1, 2, 3].map((time) => rowOf(PROCESS_EVENTS, { time }))))
    store.close()
    expect(removedOf(path, 1, 3)).toEqual({ user_events: 2, process_events: 2 })
    expect(removedOf(path, 100, 1000)).toEqual({ user_events: 1 })
    expect(times(path)).toEqual([null, 4, 4])
    expect(removedOf(path, 100, 1000)).toEqual({})
    expect(removedOf(path, 1000, 100)).toEqual({})
    expect(readdirSync(folder).filter((name) => name.startsWith("case-0"))).toEqual(["case-0.db"])
  })

  it("keeps the row that was written last, so that its number is not given again", () => {
    const path = caseWith([9, 1, 2])
    expect(removedOf(path, 1, 1000)).toEqual({ user_events: 1 })
    expect(times(path)).toEqual([9, 2])
  })

  it("takes more rows than one transaction deletes", () => {
    const path = caseWith([...Array(25_000).keys()])
    expect(removedOf(path, 1, 100_000)).toEqual({ user_events: 24_999 })
    expect(times(path)).toEqual([24_999])
  })

  it("works while a capture writes, which learns of it", async () => {
    const path = caseWith([1, 2, 3])
    const child = spawn(process.execPath, [join(import.meta.dirname, "live-child.ts"), path])
    children.push(child)
    await once(child.stdout, "data")
    expect(removedOf(path, 10, 1000)).toEqual({ user_events: 3 })
    expect(times(path)).toEqual([1_700_000_000])
    child.kill("SIGKILL")
    await once(child, "exit")
    openCaseFile(path).close()
    expect(times(path)).toEqual([1_700_000_000])
  })

  it("leaves alone what is no case, or comes with a trap", () => {
    const path = caseWith([1, 2, 3])
    const link = join(folder, "link.db")
    symlinkSync(path, link)
    expect(removedOf(link, 1, 1000)).toBe("not-a-file")
    change(path, "CREATE TRIGGER t AFTER DELETE ON user_events BEGIN DELETE FROM _runs; END")
    expect(removedOf(path, 1, 1000)).toBe("not-a-case")
    expect(times(path)).toEqual([1, 2, 3])
    const foreign = join(folder, "foreign.db")
    change(foreign, "CREATE TABLE user_events (time); INSERT INTO user_events VALUES (1), (2), (3)")
    const before = readFileSync(foreign)
    expect(removedOf(foreign, 1, 1000)).toBe("not-a-case")
    expect(readFileSync(foreign).equals(before)).toBe(true)
    const view = caseWith([1])
    change(view, "DROP TABLE user_events; CREATE VIEW user_events AS SELECT 1 AS time")
    expect(removedOf(view, 1, 1000)).toBe("not-a-case")
    expect(removedOf(join(folder, "nowhere.db"), 1, 1000)).toBe("missing")
  })
})
