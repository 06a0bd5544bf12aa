import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import Database from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import { OSQUERY_TABLES } from "../../../../src/schema/osquery-tables.ts"
import { PROCESS_EVENTS, USER_EVENTS } from "../../../../src/schema/tables/index.ts"
import type { EventsRow, FlagRow, LiveStore } from "../../../../src/store/live-store.ts"
import { CaseFileError, openCaseFile } from "../../../../src/store/sqlite/case-file.ts"
import { openLiveCase } from "../../../../src/store/sqlite/live-case.ts"
import { compareCases, dumpCase, ingestInto } from "../../../faults/case-dump.ts"
import { batchOf, RUN, rowOf, sourceOf } from "../live-rows.ts"

const SCHEMAS = resolve(import.meta.dirname, "../../../../../shared/data/osquery/schemas.json")
const hasCli = spawnSync("sqlite3", ["--version"]).status === 0
const folder = mkdtempSync(join(tmpdir(), "retrail-live-"))
const children: ChildProcess[] = []
let files = 0
const newPath = () => join(folder, `live-${files++}.db`)
afterAll(() => {
  for (const child of children) child.kill("SIGKILL")
  rmSync(folder, { recursive: true })
})

function withLive<Result>(path: string, use: (store: LiveStore) => Result): Result {
  const store = openLiveCase(path)
  try {
    return use(store)
  } finally {
    store.close()
  }
}

/** One query by a connection of its own. */
function ask(path: string, sql: string): unknown[] {
  const db = new Database(path)
  try {
    return db.prepare(sql).pluck().all()
  } finally {
    db.close()
  }
}

const failureOf = (open: () => unknown) => {
  try {
    open()
  } catch (error) {
    return error instanceof CaseFileError ? error.failure : error
  }
  return "opened"
}

const userRow = (time: number | null, eid = "0000000002") => rowOf(USER_EVENTS, { time, eid, message: "x" })

/** A live case that another process holds, with one row. */
async function heldByChild(path: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "live-child.ts"), path])
  children.push(child)
  await Promise.race([once(child.stdout, "data"), once(child, "exit")])
  expect(child.exitCode).toBeNull()
  return child
}

async function killed(path: string): Promise<void> {
  const child = await heldByChild(path)
  child.kill("SIGKILL")
  await once(child, "exit")
}

describe("a live case", () => {
  it("is private, in WAL mode while it is written and a plain file afterwards", () => {
    const path = newPath()
    withLive(path, () => {
      const modes = ["", "-wal", "-shm"].map((suffix) => statSync(path + suffix).mode & 0o777)
      expect(modes).toEqual([0o600, 0o600, 0o600])
      expect(ask(path, "PRAGMA journal_mode")).toEqual(["wal"])
      expect(ask(path, "SELECT count(*) > 10 FROM sqlite_schema WHERE type = 'index'")).toEqual([1])
    })
    expect(existsSync(`${path}-wal`) || existsSync(`${path}-shm`)).toBe(false)
    expect(ask(path, "PRAGMA journal_mode")).toEqual(["delete"])
  })

  it.skipIf(!hasCli)("shows every committed batch to sqlite3 at once (skipped without sqlite3)", () => {
    const path = newPath()
    const count = () =>
      spawnSync("sqlite3", [path, "SELECT count(*) FROM user_events"], { encoding: "utf8" }).stdout
    withLive(path, (store) => {
      for (let batch = 1; batch <= 3; batch++) {
        store.commit(batchOf(Array.from({ length: 100 }, () => userRow(1_700_000_000 + batch))))
        expect(count()).toBe(`${batch * 100}\n`)
      }
    })
    expect(count()).toBe("300\n")
    expect(spawnSync("sqlite3", [path, "PRAGMA integrity_check"], { encoding: "utf8" }).stdout).toBe("ok\n")
  })

  it("takes a batch whole or not at all, and goes on", () => {
    const path = newPath()
    withLive(path, (store) => {
      store.beginRun(RUN)
      const bad = { ...sourceOf(1, "netlink"), path: Symbol("no text") as unknown as string }
      const rows = [userRow(5)]
      const problem = { code: "x/y", severity: "error", offset: 0, length: 1, message: "m" } as const
      const failing = {
        sources: [bad],
        problems: [{ problem, sourceId: 1 }],
        eids: new Map([["user_events", 9]]),
      }
      expect(() => store.commit(batchOf(rows, failing))).toThrow()
      expect(ask(path, "SELECT count(*) FROM user_events UNION ALL SELECT count(*) FROM _problems")).toEqual([
        0, 0,
      ])
      expect(store.sizes().get("user_events")).toBe(0)
      expect(store.eids().size).toBe(0)
      store.commit(batchOf(rows, { sources: [sourceOf(1, "netlink")], eids: new Map([["user_events", 9]]) }))
      expect([...store.eids()]).toEqual([["user_events", 9]])
      expect(store.sources()).toEqual([sourceOf(1, "netlink")])
      expect(store.sizes().get("user_events")).toBe(1)
    })
  })

  it("stays whole and usable when it must not grow", () => {
    const path = newPath()
    const store = openLiveCase(path, { maxPages: 90 })
    const rows = Array.from({ length: 50 }, () => rowOf(USER_EVENTS, { time: 7, message: "x".repeat(200) }))
    let batches = 0
    const fill = () => {
      for (; batches < 1000; batches++) store.commit(batchOf(rows))
    }
    expect(fill).toThrow(expect.objectContaining({ code: "SQLITE_FULL" }))
    expect(batches).toBeGreaterThan(1)
    expect(ask(path, "SELECT count(*) FROM user_events")).toEqual([batches * 50])
    expect(store.sizes().get("user_events")).toBe(batches * 50)
    store.commit(batchOf([userRow(8)]))
    expect(store.expire({ table: "user_events", expirySeconds: 1, nowSeconds: 9 })).toBe(batches * 50)
    store.commit(batchOf(rows))
    store.close()
    expect(ask(path, "SELECT count(*) FROM user_events")).toEqual([51])
    expect(ask(path, "PRAGMA integrity_check")).toEqual(["ok"])
  })

  it("gives osquery's tables about itself, with osquery's columns", () => {
    const path = newPath()
    const flag: FlagRow = {
      name: "events_expiry",
      type: "uint64",
      description: "d",
      defaultValue: "3600",
      value: "60",
      isShellOnly: false,
    }
    const event: EventsRow = {
      name: "process_events",
      publisher: "auditeventpublisher",
      type: "subscriber",
      subscriptions: 1,
      events: 5,
      refreshes: 0,
      active: 1,
    }
    withLive(path, (store) => {
      store.setFlags([flag, { ...flag, name: "x", isShellOnly: true }])
      store.setFlags([{ ...flag, isShellOnly: true }])
      store.setEvents([event])
      store.commit(batchOf([], { publishers: [event, { ...event, name: "socket_events", active: -1 }] }))
      expect(ask(path, "SELECT sum(active) FROM osquery_events")).toEqual([0])
    })
    const flags = "SELECT name || type || default_value || value || shell_only FROM osquery_flags"
    expect(ask(path, flags)).toEqual(["events_expiryuint643600601"])
    expect(ask(path, "SELECT name || events || active FROM osquery_events")).toEqual([
      "process_events50",
      "socket_events5-1",
    ])
  })

  it.skipIf(!existsSync(SCHEMAS))(
    "has those columns as the specification does (skipped without the shared data)",
    () => {
      const { tables } = JSON.parse(readFileSync(SCHEMAS, "utf8")) as {
        tables: Record<string, { columns: { name: string; type: string }[] }>
      }
      for (const { name, columns } of OSQUERY_TABLES) {
        expect(columns.map((column) => [column.name, column.type])).toEqual(
          tables[name]?.columns.map((column) => [column.name, column.type]),
        )
      }
    },
  )
})

describe("expiry in a live case", () => {
  const tenSeconds = [...Array(10).keys()].map((time) => userRow(time))
  const times = (path: string) => ask(path, "SELECT time FROM user_events ORDER BY time")

  it("deletes what is old, never the newest second nor rows without a time", () => {
    const path = newPath()
    withLive(path, (store) => {
      store.commit(batchOf([...tenSeconds, userRow(null)]))
      store.commit(batchOf([rowOf(PROCESS_EVENTS, { time: 1 })]))
      expect(store.expire({ table: "user_events", expirySeconds: 1, nowSeconds: 5 })).toBe(5)
      expect(times(path)).toEqual([null, 5, 6, 7, 8, 9])
      expect(store.limitBatches({ table: "user_events", max: 3 })).toBe(2)
      expect(store.expire({ table: "user_events", expirySeconds: 1, nowSeconds: 1000 })).toBe(2)
      expect(times(path)).toEqual([null, 9])
      expect(store.sizes().get("user_events")).toBe(2)
      expect(store.sizes().get("process_events")).toBe(1)
      expect(store.expire({ table: "no_such_table", expirySeconds: 1, nowSeconds: 1000 })).toBe(0)
    })
  })

  it("knows the rows of an earlier run, and what another process has deleted", () => {
    const path = newPath()
    withLive(path, (store) => store.commit(batchOf(tenSeconds)))
    withLive(path, (store) => {
      expect(store.limitBatches({ table: "user_events", max: 8 })).toBe(2)
      ask(path, "DELETE FROM user_events WHERE time < 6 RETURNING 1")
      expect(store.sizes().get("user_events")).toBe(4)
      expect(store.limitBatches({ table: "user_events", max: 4 })).toBe(0)
      expect(store.limitBatches({ table: "user_events", max: 3 })).toBe(1)
      expect(times(path)).toEqual([7, 8, 9])
    })
  })
})

describe("the writer of a live case", () => {
  it("is the only one", async () => {
    const path = newPath()
    const child = await heldByChild(path)
    expect(failureOf(() => openLiveCase(path))).toBe("locked")
    expect(failureOf(() => openCaseFile(path))).toBe("locked")
    expect(ask(path, "SELECT message FROM user_events")).toEqual(["from the child"])
    child.kill("SIGKILL")
    await once(child, "exit")
    withLive(path, (store) => expect(store.sizes().get("user_events")).toBe(1))
  })

  it("cannot begin beside an ingest", () => {
    const path = newPath()
    const store = openCaseFile(path)
    expect(failureOf(() => openLiveCase(path))).toBe("locked")
    store.close()
    withLive(path, () => {})
  }, 30_000)

  it.each([
    ["a process that is gone", (mark: object) => ({ ...mark, pid: 2 ** 30 })],
    ["a process with the number of a later one", (mark: object) => ({ ...mark, started: "1" })],
    ["a process from before the host was started", (mark: object) => ({ ...mark, boot: "other" })],
    ["nonsense", () => [1]],
  ])("takes the place of %s", (_, change) => {
    const path = newPath()
    const mark = withLive(path, () => ask(path, "SELECT value FROM _meta WHERE key = 'live.writer'")[0])
    const text = JSON.stringify(change(JSON.parse(String(mark)) as object))
    const leave = (value: string) => {
      const db = new Database(path)
      db.prepare("INSERT INTO _meta VALUES ('live.writer', ?)").run(value)
      db.close()
    }
    leave(text)
    withLive(path, () =>
      expect(ask(path, "SELECT count(*) FROM _meta WHERE key = 'live.writer'")).toEqual([1]),
    )
    // The very same mark, untouched, is that of this process.
    leave(String(mark))
    expect(failureOf(() => openLiveCase(path))).toBe("locked")
  })

  it("leaves a file alone that is no case, and follows no link", () => {
    const foreign = newPath()
    ask(foreign, "SELECT 1")
    const db = new Database(foreign)
    db.exec("CREATE TABLE t (a)")
    db.close()
    const before = readFileSync(foreign)
    expect(failureOf(() => openLiveCase(foreign))).toBe("not-a-case")
    expect(readFileSync(foreign).equals(before)).toBe(true)
    const link = newPath()
    symlinkSync(foreign, link)
    expect(failureOf(() => openLiveCase(link))).toBe("link")
    const text = newPath()
    writeFileSync(text, "type=SYSCALL".repeat(100))
    expect(failureOf(() => openLiveCase(text))).toBe("not-a-case")
    expect(failureOf(() => openLiveCase(folder))).toBe("not-a-case")
  })
})

describe("capture and ingest in one case", () => {
  const eidsOf = (path: string) => ask(path, "SELECT eid FROM user_events ORDER BY rowid")

  it("go on from each other's ids", async () => {
    const [path, log] = [newPath(), join(folder, "audit.log")]
    const login = (serial: number) =>
      `type=USER_LOGIN msg=audit(1700000000.000:${serial}): pid=1 uid=0 auid=1000 ses=1 msg='op=login id=1000 exe="/usr/sbin/sshd" hostname=? addr=192.0.2.1 terminal=ssh res=success'\n`
    writeFileSync(log, login(1) + login(2))
    await ingestInto(path, [log])
    expect(eidsOf(path)).toEqual(["0000000001", "0000000002"])
    withLive(path, (store) => {
      expect(store.eids().get("user_events")).toBe(2)
      const sources = store.sources()
      expect(sources.map(({ id, path: from }) => [id, from])).toEqual([[1, log]])
      expect(store.beginRun(RUN)).toBe(2)
      const rows = [rowOf(USER_EVENTS, { time: 1_700_000_001, eid: "0000000003", source_id: 2 })]
      const source = { ...sourceOf(2, "netlink"), state: "done" as const, runId: 2 }
      store.commit(batchOf(rows, { sources: [source], eids: new Map([["user_events", 3]]) }))
      store.endRun(2, "2026-01-01T00:00:01Z", 0)
    })
    const second = join(folder, "audit2.log")
    writeFileSync(second, login(3))
    await ingestInto(path, [log, second])
    expect(eidsOf(path)).toEqual(["0000000001", "0000000002", "0000000003", "0000000004"])
    expect(ask(path, "SELECT id || ' ' || run_id FROM _sources ORDER BY id")).toEqual(["1 1", "2 2", "3 3"])
    expect(ask(path, "SELECT group_concat(source_id) FROM user_events")).toEqual(["1,1,2,3"])
    expect(ask(path, "PRAGMA integrity_check")).toEqual(["ok"])
  })

  it("an ingest into a case that a capture made gives what it gives into a new one", async () => {
    const [path, fresh, log] = [newPath(), newPath(), join(folder, "audit.log")]
    withLive(path, () => {})
    await ingestInto(path, [log])
    await ingestInto(fresh, [log])
    expect(compareCases(dumpCase(fresh), dumpCase(path))).toEqual([])
  })
})

describe("closing a live case", () => {
  it("leaves WAL mode for the next one when a reader holds the file", () => {
    const path = newPath()
    const store = openLiveCase(path)
    store.commit(batchOf([userRow(1)]))
    const reader = new Database(path, { readonly: true })
    const rows = reader.prepare("SELECT count(*) FROM user_events UNION ALL SELECT 1").iterate()
    rows.next()
    store.close()
    rows.return?.()
    reader.close()
    expect(ask(path, "SELECT count(*) FROM _meta WHERE key = 'live.writer'")).toEqual([0])
    openCaseFile(path).close()
    expect(ask(path, "PRAGMA journal_mode")).toEqual(["delete"])
    expect(ask(path, "SELECT count(*) FROM user_events")).toEqual([1])
  })

  it("is not needed: what was committed outlives a kill, and an ingest clears up", async () => {
    const path = newPath()
    await killed(path)
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
    openCaseFile(path).close()
    expect(existsSync(`${path}-wal`)).toBe(false)
    expect(ask(path, "SELECT message FROM user_events")).toEqual(["from the child"])
    expect(ask(path, "SELECT count(*) FROM _meta WHERE key = 'live.writer'")).toEqual([0])
    expect(ask(path, "SELECT active FROM osquery_events")).toEqual([0])
    expect(ask(path, "PRAGMA integrity_check")).toEqual(["ok"])
  })
})
