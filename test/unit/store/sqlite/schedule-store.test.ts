import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ScheduleStore } from "../../../../src/store/sqlite/schedule-store.ts"
import { createLiveDatabase, insertRow } from "./live-database.ts"

let folder = ""
let live: Database.Database
let store: ScheduleStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "retrail-"))
  live = createLiveDatabase(join(folder, "live.db"))
  store = new ScheduleStore(join(folder, "live.db"))
})
afterEach(() => {
  store.close()
  live.close()
  rmSync(folder, { recursive: true })
})

const exec = (pid: number) =>
  insertRow(live, "process_events", { pid, path: `/bin/p${pid}`, time: 1_772_000_000 + pid })

function ask(sql: string, after: ReadonlyMap<string, number> | null = null) {
  return store.query(sql, after, ({ rows, cursors }) => ({
    rows: [...rows].map((row) => row.join("|")),
    cursors,
  }))
}

describe("a query of the schedule", () => {
  it("sees only rows behind its place, and says where it is", () => {
    for (const pid of [1, 2, 3]) exec(pid)
    insertRow(live, "socket_events", { pid: 3 })
    const after = new Map([["process_events", 1]])
    const { rows, cursors } = ask(
      "SELECT pid FROM process_events p WHERE p.pid <> 2 AND pid IN (SELECT pid FROM process_events)",
      after,
    )
    expect(rows).toEqual(["3"])
    expect([...cursors]).toEqual([["process_events", 3]])
    expect(ask("SELECT count(*) FROM socket_events", after).rows).toEqual(["1"])
    expect(ask("SELECT count(*) FROM process_events").rows).toEqual(["3"])
    expect([...ask("SELECT 1", new Map([["process_events", 9]])).cursors]).toEqual([["process_events", 9]])
  })

  it("sees one moment of the database, while the capture writes on", () => {
    exec(1)
    const seen = store.query(
      "SELECT pid FROM process_events",
      new Map([["process_events", 0]]),
      ({ rows, cursors }) => {
        exec(2)
        return [[...rows].length, cursors.get("process_events")]
      },
    )
    expect(seen).toEqual([1, 1])
    expect(ask("SELECT pid FROM process_events", new Map([["process_events", 1]])).rows).toEqual(["2"])
  })

  it("knows the tables of its columns through the views, and osquery's functions and strings", () => {
    exec(1)
    const columns = store.query(
      "SELECT * FROM process_events",
      new Map([["process_events", 0]]),
      (opened) => opened.columns,
    )
    expect(columns[1]).toMatchObject({ name: "path", column: "path", table: "process_events" })
    expect(ask(`SELECT split(path, "/", 1) FROM process_events WHERE path <> "x"`).rows).toEqual(["p1"])
  })

  it("can only read", () => {
    const attempts = [
      "DELETE FROM process_events",
      "DELETE FROM _schedule",
      "DROP TABLE process_events",
      "CREATE TEMP TABLE x (a)",
      "ATTACH '/tmp/x' AS x",
      `VACUUM INTO '${join(folder, "copy.db")}'`,
      "PRAGMA query_only=OFF",
      "PRAGMA journal_mode=DELETE",
      "INSERT INTO process_events (pid) VALUES (1) RETURNING pid",
      "SELECT 1; SELECT 2",
      "COMMIT",
      "",
    ]
    for (const sql of attempts) expect(() => ask(sql), sql).toThrow()
    expect(() => ask("SELECT absent FROM process_events")).toThrow(/no such column/)
    exec(1)
    expect(ask("SELECT pid FROM process_events", new Map([["process_events", 0]])).rows).toEqual(["1"])
  })
})

describe("the state", () => {
  it("is kept with the places and the rows", () => {
    const { state } = store
    expect(state.read("q")).toBeNull()
    const cursors = new Map([["process_events", 7]])
    state.save("q", { epoch: 1, counter: 2, cursors }, 100, ["b", "a"])
    state.save("other", { epoch: 0, counter: 0, cursors: new Map() }, 100)
    expect(state.read("q")).toEqual({ epoch: 1, counter: 2, cursors, rows: ["b", "a"] })
    state.save("q", { epoch: 1, counter: 3, cursors }, 101)
    expect(state.read("q")?.rows).toEqual(["b", "a"])
    state.save("q", { epoch: 1, counter: 4, cursors }, 102, [])
    expect(state.read("q")?.rows).toEqual([])
  })

  it("knows of an append until the run has come to its end", () => {
    const { state } = store
    const append = { file: "x.log", inode: 2n ** 63n, size: 5n }
    expect(state.openAppend()).toBeNull()
    state.noteAppend({ ...append, size: 1n })
    state.noteAppend(append)
    expect(state.openAppend()).toEqual(append)
    state.save("q", { epoch: 0, counter: 0, cursors: new Map() }, 1)
    expect(state.openAppend()).toBeNull()
    state.noteAppend(append)
    state.forgetAppend()
    expect(state.openAppend()).toBeNull()
  })

  it("is not disturbed by what somebody else has put in its place", () => {
    live.prepare("INSERT INTO _schedule VALUES ('q', 0, 0, ?, 0)").run('[["a"], 5, ["b", 1.5], ["c", 3]]')
    expect([...(store.state.read("q")?.cursors ?? [])]).toEqual([["c", 3]])
    live.prepare("UPDATE _schedule SET cursors = 'x'").run()
    expect(store.state.read("q")?.cursors.size).toBe(0)
  })

  it("is written while the capture holds a transaction for a moment, and while a query reads", () => {
    exec(1)
    store.query("SELECT pid FROM process_events", null, ({ rows }) => {
      for (const _ of rows) store.state.noteAppend({ file: "x", inode: 1n, size: 1n })
    })
    expect(store.state.openAppend()).not.toBeNull()
  })
})
