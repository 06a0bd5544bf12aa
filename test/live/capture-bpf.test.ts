/** Execs and sockets of known programs through the kernel into rows, by both transports; losses; what is left. */
import { execFileSync } from "node:child_process"
import { join, resolve } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { programsOf, startBpf, testGroup, whyNoBpf } from "./bpf-capture.ts"
import { type Row, readRows, testFolder } from "./capture-process.ts"
import { lockAudit } from "./kernel-lock.ts"
import { run } from "./workload.ts"

const reason = whyNoBpf()
const lock = reason === "" ? await lockAudit() : undefined
afterAll(() => lock?.release())
const WORKLOAD = resolve(import.meta.dirname, "bpf-workload.py")
const STORM =
  'echo $$ > "$1/cgroup.procs"; i=0; while [ "$i" -lt "$2" ]; do /bin/true storm; i=$((i + 1)); done'

interface Told {
  readonly op: string
  readonly kind: string
  readonly pid: number
  readonly ppid: number
  readonly argv: readonly string[]
  readonly path: string
  readonly status: number
  readonly cwd: string
  readonly family: number
  readonly listener: string
  readonly caller: string
}

async function runWorkload(folder: string, group: string): Promise<Told[]> {
  const output = await run("/usr/bin/python3", [WORKLOAD, folder, group])
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
}

const end = (row: Row, side: "local" | "remote") => `${row[`${side}_address`]} ${row[`${side}_port`]}`

describe.skipIf(reason !== "").each(["ringbuf", "perf"])(`capture bpf through %s${reason}`, (transport) => {
  it("sees every exec with its arguments and parent, and both ends of every socket", async () => {
    const [folder, group] = [testFolder(), testGroup()]
    const capture = await startBpf(folder, group, ["--transport", transport])
    const told = await runWorkload(folder, group)
    const { summary, exitCode } = await capture.finish()
    expect([exitCode, summary.bpf?.isNone, summary.problems]).toEqual([0, true, {}])
    const execs = told.filter(({ op }) => op === "exec")
    const rows = readRows(
      capture.database,
      "SELECT pid, parent, argv, path, cwd, status FROM process_events WHERE event_type = 'exec'",
    )
    expect(rows).toHaveLength(execs.length)
    for (const { kind, pid, ppid, argv, path, cwd, status } of execs) {
      const row = rows.find((one) => Number(one.pid) === pid)
      expect([kind, Number(row?.parent), JSON.parse(String(row?.argv))]).toEqual([kind, ppid, argv])
      expect([kind, Number(row?.status)]).toEqual([kind, status])
      if (status === 0) expect([kind, row?.cwd]).toEqual([kind, cwd])
      if (path === "./script") expect(row?.path).toBe(`${cwd}/./script`)
      if (path.startsWith("/") && !path.startsWith("/dev/fd/"))
        expect([kind, row?.path]).toEqual([kind, path])
    }
    checkSockets(capture.database, told)
  })

  it("counts what a ring has no room for, exactly", async () => {
    const [folder, group] = [testFolder(), testGroup()]
    const capture = await startBpf(folder, group, ["--transport", transport, "--ring-size", "16KiB"])
    process.kill(capture.pid, "SIGSTOP")
    await run("/bin/sh", ["-c", STORM, "storm", group, "200"])
    process.kill(capture.pid, "SIGCONT")
    const { summary, exitCode } = await capture.finish()
    const { attempted = 0, emitted = 0, lost = 0, unread } = summary.bpf ?? {}
    // Fork, folder, exec and exit of each program; the shell's own exit.
    expect([attempted, emitted + lost, unread, exitCode]).toEqual([801, 801, 0, 4])
    expect(lost).toBeGreaterThan(500)
    const kept = readRows(capture.database, "SELECT count(*) AS n FROM process_events")
    expect(Number(kept[0]?.n)).toBeLessThanOrEqual(emitted)
    const gaps = readRows(capture.database, "SELECT what FROM _gaps WHERE kind = 'lost-records'")
    const sum = gaps.reduce((total, { what }) => total + Number.parseInt(String(what), 10), 0)
    expect(sum).toBe(lost)
  })
})

function checkSockets(database: string, told: readonly Told[]): void {
  const rows = readRows(database, "SELECT * FROM socket_events")
  const of = (action: string, matches: (row: Row) => boolean) =>
    rows.filter((row) => row.action === action && matches(row)).length
  for (const { family, listener, caller } of told.filter(({ op }) => op === "socket")) {
    if (family === 1) {
      const isSame = (row: Row) => String(row.socket).endsWith(listener.replace("\0", ""))
      expect([listener, of("bind", isSame), of("connect", isSame)]).toEqual([listener, 1, 1])
      continue
    }
    const isCall = (row: Row) => end(row, "local") === caller && end(row, "remote") === listener
    const isTaken = (row: Row) => end(row, "local") === listener && end(row, "remote") === caller
    const isListener = (row: Row) => end(row, "local") === listener
    const counts = [of("connect", isCall), of("accept", isTaken), of("listen", isListener)]
    expect([listener, ...counts]).toEqual([listener, 1, 1, 1])
  }
  const datagrams = told.find(({ op }) => op === "datagrams")?.caller
  expect(
    of("connect", (row) => end(row, "local") === datagrams && end(row, "remote") === "127.0.0.1 9"),
  ).toBe(1)
  expect(of("connect", (row) => row.status === "failed" && end(row, "remote") === "127.0.0.1 1")).toBe(1)
}

describe.skipIf(reason !== "")(`a capture by BPF${reason}`, () => {
  it("loses nothing of a storm, gives up root, and is gone when it has ended", async () => {
    const [folder, group] = [testFolder(), testGroup()]
    const raw = join(folder, "capture.ring")
    const capture = await startBpf(folder, group, ["--raw", raw])
    expect(programsOf(capture.pid)).toBe(5)
    const ids = execFileSync("grep", ["-E", "^(Uid|CapEff|CapPrm)", `/proc/${capture.pid}/status`], {
      encoding: "utf8",
    })
    expect(ids).toMatch(/^Uid:\t65534/)
    expect(ids.match(/:\t0{16}$/gm)).toHaveLength(2)
    await run("/bin/sh", ["-c", STORM, "storm", group, "1000"])
    const { summary, stopMs } = await capture.finish()
    expect([summary.exitCode, summary.bpf?.attempted, summary.bpf?.lost]).toEqual([0, 4001, 0])
    expect(stopMs).toBeLessThan(10_000)
    expect(programsOf(capture.pid)).toBe(0)
    const again = join(folder, "again.db")
    const retrail = resolve(import.meta.dirname, "../../bin/run.js")
    execFileSync(process.execPath, [retrail, "ingest", raw, "-d", again], { stdio: "ignore" })
    const sql = "SELECT pid, parent, path, argv, time FROM process_events ORDER BY eid"
    expect(readRows(again, sql)).toEqual(readRows(capture.database, sql))
  })
})
