import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type {
  ScheduleMessage,
  ScheduleRequest,
} from "../../../../../src/app/capture/schedule/schedule-messages.ts"
import { ScheduleRunner } from "../../../../../src/app/capture/schedule/schedule-runner.ts"
import { ResultsLog } from "../../../../../src/pipeline/results/results-log.ts"
import type { ScheduledQuery } from "../../../../../src/pipeline/schedule/config.ts"
import { ScheduleStore } from "../../../../../src/store/sqlite/schedule-store.ts"
import { createLiveDatabase, insertRow } from "../../../store/sqlite/live-database.ts"
import { type Line, scheduleRequestOf } from "./request.ts"

const START_S = 1_772_000_000

let folder = ""
let live: Database.Database
let nowS = START_S
let messages: ScheduleMessage[] = []
let closing: (() => void)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "retrail-"))
  live = createLiveDatabase(join(folder, "live.db"))
  nowS = START_S
  messages = []
  closing = []
})
afterEach(() => {
  for (const close of closing) close()
  live.close()
  rmSync(folder, { recursive: true })
})

const query = (name: string, sql: string, more: Partial<ScheduledQuery> = {}): ScheduledQuery => ({
  name,
  sql,
  intervalS: 10,
  isSnapshot: false,
  keepsRemoved: true,
  pack: "",
  ...more,
})

function start(queries: readonly ScheduledQuery[], more: Partial<ScheduleRequest> = {}): ScheduleRunner {
  const request = { ...scheduleRequestOf(folder, queries), ...more }
  const store = new ScheduleStore(request.database)
  const log = request.log === null ? null : new ResultsLog(request.log)
  closing.push(() => store.close())
  return new ScheduleRunner({
    request,
    store,
    log,
    nowMs: () => nowS * 1000,
    send: (one) => messages.push(one),
  })
}

/** Ten seconds later everything is due. */
function turn(runner: ScheduleRunner): void {
  nowS += 10
  for (const task of runner.due()) task()
}

const text = (name = "osqueryd.results.log") => readFileSync(join(folder, "log", name), "utf8")
const lines = (name?: string) =>
  text(name)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
const short = () =>
  lines().map(({ action, counter, columns }) => `${action} ${counter} ${columns?.pid ?? columns?.n}`)
const warnings = () => messages.flatMap((one) => (one.kind === "warning" ? [one.message] : []))
const exec = (pid: number) =>
  insertRow(live, "process_events", { pid, path: "/bin/p", time: START_S, eid: `${pid}` })

describe("a query over events", () => {
  it("logs each row once, as added, with a counter that rises with each run that has rows", () => {
    const runner = start([query("execs", "SELECT * FROM process_events")])
    turn(runner)
    expect(text()).toBe("")
    exec(1)
    exec(2)
    turn(runner)
    turn(runner)
    exec(3)
    turn(runner)
    expect(short()).toEqual(["added 1 1", "added 1 2", "added 2 3"])
    expect(lines()[0]).toMatchObject({ name: "execs", hostIdentifier: "web-1", unixTime: START_S + 20 })
    const runs = messages.flatMap((one) =>
      one.kind === "run" ? [[one.rows, one.tables, one.startedAt]] : [],
    )
    expect(runs[1]).toEqual([2, ["process_events"], START_S + 20])
  })

  it("shows what osquery shows, in lines that jq reads with their keys in order", () => {
    const runner = start([query("execs", "SELECT * FROM process_events")])
    exec(1)
    turn(runner)
    const jq = (filter: string) => execFileSync("jq", ["-c", filter], { input: text() }).toString().trim()
    expect(jq("keys_unsorted")).toBe(
      '["name","hostIdentifier","calendarTime","unixTime","epoch","counter","numerics","columns","action"]',
    )
    expect(jq('.columns|keys_unsorted|join(" ")')).toBe(
      '"atime auid btime cmdline ctime cwd egid euid fsgid fsuid gid mode mtime owner_gid owner_uid parent path pid sgid status suid syscall time uid uptime"',
    )
  })

  it("has places of its own for each query and table", () => {
    const sql = "SELECT p.pid FROM process_events p LEFT JOIN socket_events s ON s.pid = p.pid"
    const runner = start([
      query("a", "SELECT pid FROM process_events"),
      query("b", sql),
      query("c", "SELECT pid FROM socket_events"),
    ])
    exec(1)
    turn(runner)
    insertRow(live, "socket_events", { pid: 1 })
    turn(runner)
    expect(lines().map(({ name, columns }) => `${name} ${columns?.pid}`)).toEqual(["a 1", "b 1", "c 1"])
  })

  it("goes on where it was after a restart, and begins its counter anew with an epoch", () => {
    const queries = [query("execs", "SELECT pid FROM process_events")]
    exec(1)
    turn(start(queries))
    exec(2)
    turn(start(queries))
    turn(start(queries))
    exec(3)
    turn(start(queries, { epoch: 5 }))
    expect(short()).toEqual(["added 1 1", "added 2 2", "added 1 3"])
    expect(lines()[2]?.epoch).toBe(5)
  })

  it("is like any other without events_optimize, and with a time of its own", () => {
    const queries = [query("execs", "SELECT pid FROM process_events")]
    const runner = start(queries, { optimizes: false })
    exec(1)
    turn(runner)
    live.exec("DELETE FROM process_events")
    exec(2)
    turn(runner)
    expect(short()).toEqual(["added 0 1", "removed 1 1", "added 1 2"])
    const timed = start([query("timed", "SELECT pid FROM process_events WHERE time > 5")])
    turn(timed)
    turn(timed)
    expect(short().slice(3)).toEqual(["added 0 2"])
  })
})

describe("a query over other tables", () => {
  it("logs what came and what went", () => {
    live.exec("CREATE TABLE t (n)")
    const runner = start([
      query("q", "SELECT n FROM t ORDER BY n"),
      query("quiet", "SELECT n FROM t", { keepsRemoved: false }),
    ])
    turn(runner)
    live.exec("INSERT INTO t VALUES (1), (1), (2)")
    turn(runner)
    turn(runner)
    live.exec("DELETE FROM t WHERE rowid = 1; INSERT INTO t VALUES (3)")
    turn(runner)
    live.exec("DELETE FROM t WHERE n = 3")
    turn(runner)
    const of = (name: string) =>
      lines().flatMap((one) => (one.name === name ? [`${one.action} ${one.counter} ${one.columns?.n}`] : []))
    expect(of("q")).toEqual([
      "added 1 1",
      "added 1 1",
      "added 1 2",
      "removed 2 1",
      "added 2 3",
      "removed 3 3",
    ])
    expect(of("quiet")).toEqual(["added 1 1", "added 1 1", "added 1 2", "added 2 3"])
  })

  it("writes batches and snapshots in their own forms and files", () => {
    live.exec("CREATE TABLE t (n); INSERT INTO t VALUES (1.5), ('a' || char(10))")
    const byRun = { ...scheduleRequestOf(folder, []).lines, isByRow: false, numerics: true }
    const snapshot = query("s", "SELECT n FROM t", { isSnapshot: true })
    turn(start([query("q", "SELECT n FROM t"), snapshot], { lines: byRun }))
    expect(text()).toContain('{"diffResults":{"removed":[],"added":[{"n":1.5},{"n":"a\\\\x0A"}]},"name":"q"')
    expect(text("osqueryd.snapshots.log")).toContain(
      '{"snapshot":[{"n":1.5},{"n":"a\\n"}],"action":"snapshot","name":"s"',
    )
    turn(start([snapshot], { lines: { ...byRun, isSnapshotByRow: true } }))
    expect(lines("osqueryd.snapshots.log").map(({ action }) => action)).toEqual([
      "snapshot",
      "snapshot",
      "snapshot",
    ])
  })
})

describe("what goes wrong", () => {
  it("is said once, and stops no other query", () => {
    const runner = start([
      query("bad", "SELECT nope FROM process_events"),
      query("wipe", "DELETE FROM process_events"),
      query("good", "SELECT pid FROM process_events"),
    ])
    exec(1)
    turn(runner)
    turn(runner)
    expect(short()).toEqual(["added 1 1"])
    expect(warnings()).toEqual([
      expect.stringMatching(/^bad: no such column: nope/),
      expect.stringMatching(/^wipe: cannot modify process_events/),
    ])
    expect(messages.filter((one) => one.kind === "run" && one.hasFailed).length).toBe(4)
  })

  it("in the middle of a run leaves no line behind", () => {
    exec(1)
    const sql =
      "SELECT pid, CASE WHEN pid = 2 THEN json('broken') ELSE hex(zeroblob(600000)) END AS x FROM process_events"
    const runner = start([query("q", sql)])
    exec(2)
    turn(runner)
    expect(text()).toBe("")
    live.exec("UPDATE process_events SET pid = 4 WHERE pid = 2")
    turn(runner)
    expect(short()).toEqual(["added 1 1", "added 1 4"])
  })

  it("with the rotation of the log costs no line", () => {
    mkdirSync(join(folder, "log/osqueryd.results.log.1/x"), { recursive: true })
    const rotation = { sizeBytes: 1, maxFiles: 1 }
    const log = { folder: join(folder, "log"), mode: 0o640, rotation }
    const runner = start([query("execs", "SELECT pid FROM process_events")], { log })
    for (const pid of [1, 2, 3]) {
      exec(pid)
      turn(runner)
    }
    expect(short()).toEqual(["added 1 1", "added 2 2", "added 3 3"])
    expect(warnings()).toEqual([expect.stringContaining("cannot be rotated")])
  })

  it("is a query slower than its interval", () => {
    const runner = start([query("slow", "SELECT pid FROM process_events")], {
      decorators: { load: [], always: [], interval: [] },
    })
    const advance = messages.push.bind(messages)
    messages.push = (one: ScheduleMessage) => {
      if (one.kind === "started") nowS += 11
      return advance(one)
    }
    turn(runner)
    expect(warnings()).toEqual(["slow takes longer than its interval of 10 s"])
  })

  it("killed before the state was saved is taken back by the next start", () => {
    const runner = start([query("q", "SELECT pid FROM process_events")])
    exec(1)
    turn(runner)
    const store = new ScheduleStore(join(folder, "live.db"))
    const log = new ResultsLog({ folder: join(folder, "log"), mode: 0o640 })
    store.state.noteAppend(log.position("results"))
    log.append("results", ['{"name":"q","of":"a run that was killed"}'])
    log.close()
    store.close()
    exec(2)
    turn(start([query("q", "SELECT pid FROM process_events")]))
    expect(short()).toEqual(["added 1 1", "added 2 2"])
  })
})

describe("decorations", () => {
  it("are read at the start, before each query and at intervals", () => {
    live.exec("CREATE TABLE t (n); INSERT INTO t VALUES (1)")
    const decorators = {
      load: ["SELECT n AS loaded, NULL AS none FROM t", "SELECT x FROM absent"],
      always: ["SELECT n AS always FROM t UNION ALL SELECT 99"],
      interval: [{ everyS: 20, queries: ["SELECT n AS sometimes FROM t"] }],
    }
    const runner = start([query("q", "SELECT n FROM t")], { decorators })
    turn(runner)
    live.exec("UPDATE t SET n = 2")
    turn(runner)
    live.exec("UPDATE t SET n = 3")
    turn(runner)
    const seen = lines().flatMap((one) => (one.action === "added" ? [one.decorations] : []))
    expect(seen[0]).toEqual({ always: "1", loaded: "1", none: "" })
    expect(seen[2]).toEqual({ always: "3", loaded: "1", none: "", sometimes: expect.any(String) })
    expect(warnings()).toEqual([expect.stringContaining("decorator SELECT x FROM absent: no such table")])
  })
})

describe("packs", () => {
  it("run while their discovery queries give rows", () => {
    live.exec("CREATE TABLE t (n)")
    const runner = start(
      [query("pack_p_q", "SELECT 1 AS n", { pack: "p" }), query("pack_x_q", "SELECT 2 AS n", { pack: "x" })],
      {
        discovery: [
          { pack: "p", queries: ["SELECT 1", "SELECT n FROM t"] },
          { pack: "x", queries: ["SELECT n FROM absent"] },
        ],
        discoveryS: 15,
      },
    )
    turn(runner)
    live.exec("INSERT INTO t VALUES (1)")
    turn(runner)
    expect(text()).toBe("")
    turn(runner)
    expect(short()).toEqual(["added 0 1"])
    expect(warnings()).toEqual([expect.stringContaining("pack x is off")])
  })
})

describe("disable_logging", () => {
  it("keeps the places without a log", () => {
    const queries = [query("execs", "SELECT pid FROM process_events")]
    exec(1)
    turn(start(queries, { log: null }))
    exec(2)
    turn(start(queries))
    expect(short()).toEqual(["added 2 2"])
  })
})
