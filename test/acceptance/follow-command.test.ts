/** `retrail capture follow` and `capture audit --from -` as a person runs them: growing files, pipes, signals. */
import { execFileSync, spawnSync } from "node:child_process"
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { GrowingLog } from "../evtx-writer/growing-log.ts"
import { isBuilt, LiveCommand, NEEDS_DIST } from "./live-command.ts"
import { rowsOf } from "./live-runs.ts"

let folder: string
let log: string
let database: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-live-"))
  log = path.join(folder, "audit.log")
  database = path.join(folder, "live.db")
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const COUNT = "SELECT count(*) FROM process_events"
const stamp = (serial: number) => `msg=audit(${1_700_000_000 + serial}.000:${serial})`
const call = (serial: number) =>
  `type=SYSCALL ${stamp(serial)}: arch=c000003e syscall=62 success=yes exit=0 ppid=1 pid=2 uid=0 exe="/bin/x"\n`
const end = (serial: number) => `type=EOE ${stamp(serial)}: \n`
const event = (serial: number) => call(serial) + end(serial)
const events = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => event(first + at)).join("")
const serials = () =>
  rowsOf(database, "SELECT record_id FROM process_events ORDER BY rowid").map((row) => row.record_id)
const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1)
const start = (...args: readonly string[]) => new LiveCommand(folder, [...args, "-d", "live.db", "--json"])

describe.skipIf(!isBuilt)(`capture follow ${NEEDS_DIST}`, () => {
  it("takes what comes until it is stopped, and goes on where it stopped", async () => {
    writeFileSync(log, events(1, 3))
    const first = start("capture", "follow", "audit.log")
    await first.untilCount(database, COUNT, 3)
    appendFileSync(log, event(4) + call(5))
    await first.untilCount(database, COUNT, 4)
    appendFileSync(log, end(5))
    await first.untilCount(database, COUNT, 5)
    const stopped = await first.stop()
    expect([stopped.exit, stopped.stderr]).toEqual([0, ""])
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      ended: "stopped",
      rows: { process_events: 5 },
      problems: {},
    })

    appendFileSync(log, events(6, 7))
    const second = start("capture", "follow", "audit.log")
    await second.untilCount(database, COUNT, 7)
    renameSync(log, `${log}.1`)
    writeFileSync(log, event(8))
    await second.untilCount(database, COUNT, 8)
    const { exit, stdout } = await second.stop("SIGTERM")
    expect([exit, JSON.parse(stdout).rows]).toEqual([0, { process_events: 3 }])
    expect(serials()).toEqual(upTo(8))
  })

  it("adds nothing to what ingest has read, and the other way round", async () => {
    writeFileSync(log, events(1, 4))
    expect((await new LiveCommand(folder, ["ingest", "audit.log", "-d", "live.db"]).ended).exit).toBe(0)
    const follow = start("capture", "follow", "audit.log")
    appendFileSync(log, event(5))
    await follow.untilCount(database, COUNT, 5)
    expect((await follow.stop()).exit).toBe(0)
    expect((await new LiveCommand(folder, ["ingest", "audit.log", "-d", "live.db"]).ended).exit).toBe(0)
    expect(serials()).toEqual(upTo(5))
  })

  it("ends with 3 when a line could not be read, and keeps the others", async () => {
    writeFileSync(log, `${event(1)}type=SYSCALL msg=audit(x\n${event(2)}`)
    const follow = start("capture", "follow", "audit.log")
    await follow.untilCount(database, COUNT, 2)
    const { exit, stdout } = await follow.stop()
    expect([exit, JSON.parse(stdout).exitCode, serials()]).toEqual([3, 3, [1, 2]])
    expect(Object.keys(JSON.parse(stdout).problems)).toEqual(["linux-audit/bad-header"])
  })

  it("takes only what comes when told to begin at the end", async () => {
    writeFileSync(log, events(1, 3))
    const follow = start("capture", "follow", "audit.log", "--from-end")
    await follow.untilCount(database, "SELECT count(*) FROM _runs", 1)
    for (let serial = 4; serial <= 6; serial++) {
      await new Promise((wake) => setTimeout(wake, 300))
      appendFileSync(log, event(serial))
    }
    await follow.untilCount(database, `${COUNT} WHERE record_id = 6`, 1)
    expect((await follow.stop()).exit).toBe(0)
    expect(serials()).not.toContain(3)
    expect(serials()).toContain(6)
  })

  it("stops by itself when the time is up", async () => {
    writeFileSync(log, events(1, 2))
    const { exit, stdout } = await start("capture", "follow", "audit.log", "--duration", "1s").ended
    expect([exit, JSON.parse(stdout).ended, serials()]).toEqual([0, "time is up", [1, 2]])
  })
})

describe.skipIf(!isBuilt)(`an event log that grows in place ${NEEDS_DIST}`, () => {
  const EVENTS = "SELECT count(*) FROM windows_events"
  const recordIds = () =>
    rowsOf(database, "SELECT record_id FROM windows_events ORDER BY rowid").map((row) => row.record_id)

  it("gives events as they come, waits for one that is torn, and goes on in a later run", async () => {
    const written = new GrowingLog(folder)
    written.append(30)
    written.flush()
    const first = start("capture", "follow", "Security.evtx")
    await first.untilCount(database, EVENTS, 30)
    written.append(2)
    written.flushTorn()
    await first.untilCount(database, EVENTS, 31)
    written.flush()
    await first.untilCount(database, EVENTS, 32)
    written.append(150)
    written.flush()
    await first.untilCount(database, EVENTS, 182)
    const stopped = await first.stop()
    expect([stopped.exit, stopped.stderr]).toEqual([0, ""])
    expect(JSON.parse(stopped.stdout)).toMatchObject({ rows: { windows_events: 182 }, problems: {} })

    written.append(1)
    written.archive()
    written.append(1)
    written.flush()
    const second = start("capture", "follow", "Security.evtx")
    await second.untilCount(database, EVENTS, 184)
    expect((await second.stop()).exit).toBe(0)
    expect(recordIds()).toEqual(upTo(184))
    const ingest = new LiveCommand(folder, ["ingest", "Security.evtx", "-d", "live.db"])
    expect((await ingest.ended).exit).toBe(0)
    expect(recordIds()).toEqual(upTo(184))
    written.close()
  })

  it("gives each event once, however often it is killed", async () => {
    const written = new GrowingLog(folder, { mostChunks: 4 })
    for (let turn = 0; turn < 4; turn++) {
      const follow = start("capture", "follow", "Security.evtx")
      if (turn > 0) await follow.untilCount(database, "SELECT count(*) FROM _runs", turn + 1)
      for (let step = 0; step < 6; step++) {
        written.append(25)
        written.flush()
        await new Promise((wake) => setTimeout(wake, 40))
      }
      if (turn === 0) await follow.untilCount(database, EVENTS, 150)
      expect((await follow.stop("SIGKILL")).exit).toBe(null)
    }
    const last = start("capture", "follow", "Security.evtx")
    await last.untilCount(database, "SELECT count(*) FROM _runs", 5)
    await last.untilCount(database, "SELECT max(record_id) FROM windows_events", 600)
    expect((await last.stop()).exit).toBe(0)
    expect(recordIds()).toEqual(upTo(600))
    written.close()
  })
})

describe.skipIf(!isBuilt)(`records from a pipe ${NEEDS_DIST}`, () => {
  it.each([
    ["capture follow -", ["capture", "follow", "-"]],
    ["capture audit --from -", ["capture", "audit", "--from", "-"]],
  ])("%s", async (_name, args) => {
    const command = start(...args)
    command.write(events(1, 2) + call(3))
    // EOE has ended two of them: they are there while the pipe is open.
    await command.untilCount(database, `${COUNT} WHERE record_id < 3`, 2)
    command.write(end(3) + call(4))
    command.endInput()
    const { exit, stdout, stderr } = await command.ended
    expect([exit, stderr]).toEqual([0, ""])
    expect(JSON.parse(stdout)).toMatchObject({
      ended: "source ended",
      records: 7,
      rows: { process_events: 4 },
      loss: null,
    })
    expect(serials()).toEqual(upTo(4))
  })
})

const hasJq = spawnSync("jq", ["--version"]).status === 0

interface Line {
  readonly name: string
  readonly action: string
  readonly columns: Readonly<Record<string, string>>
}

const QUERY = "SELECT record_id, path, syscall FROM process_events"
/** Source of truth: osquery osquery/core/query.cpp, serializeQueryLogItem and serializeEvent. */
const KEYS = [
  "name",
  "hostIdentifier",
  "calendarTime",
  "unixTime",
  "epoch",
  "counter",
  "numerics",
  "columns",
  "action",
]
const CONFIG = { schedule: { calls: { query: QUERY, interval: 1, removed: false } } }

describe.skipIf(!isBuilt)(`the schedule of a follow ${NEEDS_DIST}`, () => {
  it("logs every row once, those that came just before the end too", async () => {
    writeFileSync(path.join(folder, "osq.conf"), JSON.stringify(CONFIG))
    writeFileSync(log, events(1, 3))
    const folderOfLog = path.join(folder, "log")
    const results = path.join(folderOfLog, "osqueryd.results.log")
    const follow = start(
      "capture",
      "follow",
      "audit.log",
      "--config",
      "osq.conf",
      "--logger_path",
      folderOfLog,
    )
    const linesOfLog = (): Line[] => {
      const text = readIfThere(results)
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line))
    }
    await follow.untilCount(database, COUNT, 3)
    for (let turn = 0; turn < 400 && linesOfLog().length < 3; turn++)
      await new Promise((wake) => setTimeout(wake, 25))
    appendFileSync(log, events(4, 6))
    await follow.untilCount(database, COUNT, 6)
    const { exit, stderr } = await follow.stop()
    expect([exit, stderr]).toEqual([0, ""])
    const lines = linesOfLog()
    expect(lines.map(({ columns }) => Number(columns.record_id))).toEqual(upTo(6))
    for (const [at, line] of lines.entries()) {
      expect(line).toMatchObject({ name: "calls", action: "added" })
      expect(Object.keys(line)).toEqual(KEYS)
      expect(line.columns).toEqual({ record_id: String(at + 1), path: "/bin/x", syscall: "kill" })
    }
    if (!hasJq) return
    const keys = execFileSync("jq", ["-c", "keys_unsorted", results]).toString().trimEnd().split("\n")
    expect(new Set(keys)).toEqual(new Set([JSON.stringify(KEYS)]))
    expect(keys).toHaveLength(6)
  })
})

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return ""
  }
}
