/** The built command line over evidence of every kind: exit codes, and what the reading flags do to rows. */
import { spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { isCheckoutForAll } from "../checkout.ts"
import { makeLog } from "../faults/evidence.ts"

const ENTRY = path.resolve(import.meta.dirname, "../../bin/run.js")
const isBuilt = existsSync(path.resolve(import.meta.dirname, "../../dist"))
const NOBODY = 65_534

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-command-"))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

function retrail(args: readonly string[], uid?: number): Run {
  const child = spawnSync(process.execPath, [ENTRY, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, NO_COLOR: "1" },
    ...(uid === undefined ? {} : { uid }),
  })
  return { exit: child.status, stdout: child.stdout.toString(), stderr: child.stderr.toString() }
}

const put = (name: string, bytes: string | Buffer): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
  writeFileSync(path.join(folder, name), bytes)
}

function rows(sql: string): unknown[] {
  const db = new Database(path.join(folder, "case.db"), { readonly: true })
  const found = db.prepare(sql).raw().all()
  db.close()
  return found
}

const call = (sec: number, serial: number, rest = "uid=0") =>
  `type=SYSCALL msg=audit(${sec}.000:${serial}): arch=c000003e syscall=62 success=yes exit=0 ppid=1 pid=2 ${rest} exe="/bin/x"\n`

describe.skipIf(!isBuilt)("exit codes of ingest (needs dist: npm run build)", () => {
  it.each([
    ["0 when all was read", { "audit.log": makeLog(1) }, 0],
    ["3 when problems were recorded", { "audit.log": `${makeLog(1)}type=SYSCALL msg=audit(x\n` }, 3],
    ["1 when there was nothing to read", { "audit.log": "" }, 1],
    ["65 when nothing was recognised", { "audit.log": Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]) }, 65],
    [
      "0 beside files that are no logs",
      { "audit.log": makeLog(1), "photo.jpg": Buffer.from([0xff, 0xd8]) },
      0,
    ],
  ])("%s", (_, files, exit) => {
    for (const [name, bytes] of Object.entries(files)) put(`evidence/${name}`, bytes as string | Buffer)
    const run = retrail(["ingest", "evidence", "-d", "case.db"])
    expect([run.exit, run.stdout], run.stderr).toEqual([exit, ""])
    expect(run.stderr).not.toBe("")
    // A second run finds the same, and writes nothing.
    const before = exit === 0 || exit === 3 ? rows("SELECT count(*) FROM process_events") : []
    expect([0, exit]).toContain(retrail(["ingest", "evidence", "-d", "case.db"]).exit)
    if (before.length > 0) expect(rows("SELECT count(*) FROM process_events")).toEqual(before)
  })

  it("66 when an input does not exist", () => {
    const run = retrail(["ingest", "nothing", "-d", "case.db"])
    expect(run.exit).toBe(66)
    expect(run.stderr).toContain("there is no nothing")
  })

  it("64 without a case file", () => {
    expect(retrail(["ingest", "."]).exit).toBe(64)
  })

  it("73 when the case cannot be created, or is none", () => {
    put("audit.log", makeLog(1))
    put("text.db", "no database at all, but long enough to be looked at as if it were one".repeat(20))
    expect(retrail(["ingest", "audit.log", "-d", "no/such/case.db"]).exit).toBe(73)
    expect(retrail(["ingest", "audit.log", "-d", "text.db"]).exit).toBe(73)
    expect(readFileSync(path.join(folder, "text.db"), "utf8")).toMatch(/^no database/)
  })

  it("74 when the case grows beyond what the system allows, and goes on where there is room", () => {
    put("audit.log", makeLog(3e6))
    const limited = spawnSync(
      "bash",
      [
        "-c",
        'ulimit -f 900; exec "$0" "$@"',
        process.execPath,
        ENTRY,
        "ingest",
        "audit.log",
        "-d",
        "case.db",
      ],
      { cwd: folder },
    )
    expect(limited.status, limited.stderr.toString()).toBe(74)
    expect(limited.stderr.toString()).toMatch(/run\s+the\s+same\s+command\s+again/)
    expect(retrail(["ingest", "audit.log", "-d", "case.db"]).exit).toBe(0)
    expect(rows("PRAGMA integrity_check")).toEqual([["ok"]])
  })

  it.skipIf(process.getuid?.() !== 0 || !isCheckoutForAll)(
    "77 where this account may not read or write (as root, for another that may enter this checkout)",
    () => {
      chmodSync(folder, 0o777)
      put("secret.log", makeLog(1))
      put("audit.log", makeLog(1))
      chmodSync(path.join(folder, "secret.log"), 0)
      mkdirSync(path.join(folder, "closed"), { mode: 0o755 })
      const unreadable = retrail(["ingest", "secret.log", "-d", "case.db"], NOBODY)
      expect([unreadable.exit, unreadable.stderr]).toEqual([77, expect.stringContaining("secret.log")])
      expect(retrail(["ingest", "audit.log", "-d", "closed/case.db"], NOBODY).exit).toBe(77)
      const beside = retrail(["ingest", "secret.log", "audit.log", "-d", "other.db"], NOBODY)
      expect(beside.exit, beside.stderr).toBe(3)
    },
  )

  it("says nothing that a terminal would obey", () => {
    put("evidence/\x1b]0;owned\x07\u202e.log", "no log\n")
    put("evidence/\x1b[2J.log", `node=\x1b[31mweb ${call(1_700_000_000, 1)}`)
    const run = retrail(["ingest", "evidence", "-d", "case.db"])
    expect(run.stderr.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

describe.skipIf(!isBuilt)("flags that choose and name (needs dist: npm run build)", () => {
  const log = [call(1_700_000_000, 1), call(1_700_000_060, 2, "uid=1000"), call(1_700_000_120, 3, "uid=5")]

  it.each([
    [
      ["--start", "2023-11-14T22:14:20Z"],
      [2, 3],
    ],
    [
      ["--end", "@1700000060"],
      [1, 2],
    ],
    [["--start", "2023-11-14 22:14:00", "--end", "2023-11-14T23:15:00+01:00"], [2]],
  ])("%j keeps the events between", (flags, serials) => {
    put("audit.log", log.join(""))
    expect(retrail(["ingest", "audit.log", "-d", "case.db", ...flags]).exit).toBe(0)
    expect(rows("SELECT record_id FROM process_events ORDER BY 1").flat()).toEqual(serials)
    expect(rows("SELECT events FROM _sources").flat()).toEqual([3])
  })

  it("--start after --end is a mistake", () => {
    put("audit.log", log.join(""))
    expect(retrail(["ingest", "audit.log", "-d", "case.db", "--start", "@2", "--end", "@1"]).exit).toBe(64)
  })

  it("--host names the host of events that name none", () => {
    put("audit.log", `${log[0]}node=db-1 ${log[1]}`)
    expect(retrail(["ingest", "audit.log", "-d", "case.db", "--host", "web-1"]).exit).toBe(0)
    expect(rows("SELECT record_id, host FROM process_events ORDER BY 1")).toEqual([
      [1, "web-1"],
      [2, "db-1"],
    ])
  })

  it("--passwd gives names of the host that wrote the log, and never those of this one", () => {
    put("audit.log", `${log.join("")}${call(1_700_000_180, 4, 'uid=1000 UID="mallory"')}`)
    put("passwd", "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nbroken line\n")
    expect(retrail(["ingest", "audit.log", "-d", "case.db", "--passwd", "passwd"]).exit).toBe(0)
    // What the host itself has written counts more; uid 5 is in this machine's passwd, but not in that one.
    expect(rows("SELECT record_id, username FROM process_events ORDER BY 1")).toEqual([
      [1, "root"],
      [2, "alice"],
      [3, ""],
      [4, "mallory"],
    ])
    rmSync(path.join(folder, "case.db"))
    retrail(["ingest", "audit.log", "-d", "case.db"])
    expect(rows("SELECT DISTINCT username FROM process_events WHERE record_id < 4")).toEqual([[""]])
  })
})
