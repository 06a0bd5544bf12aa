/** Evidence made to do harm: each file has a clear problem, and costs no other file anything. */
import { execFileSync } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { gzipSync } from "node:zlib"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createLinePrinter } from "../../src/app/output/line-printer.ts"
import type { CellValue } from "../../src/app/output/row-printer.ts"
import { createTablePrinter } from "../../src/app/output/table-printer.ts"
import { seededRandom } from "../acceptance/read-rows.ts"
import { dumpCase, faultsOf, type IngestSetup, ingestInto } from "./case-dump.ts"
import { makeLog, put } from "./evidence.ts"

let folder: string
let evidence: string
let database: string
const GOOD = makeLog(60_000, { seed: 3 })

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-hostile-"))
  evidence = path.join(folder, "evidence")
  database = path.join(folder, "case.db")
  put(evidence, { "good/audit.log": GOOD })
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Outcome {
  /** `code path` of every problem, hostile file by hostile file. */
  readonly problems: readonly string[]
  /** Rows that came from other files than the good one. */
  readonly rows: number
}

const PLACES = ["source_id", "eid"]

/** Ingests the folder, and makes sure that the good log gave what it gives alone. */
async function ingestAll(setup: IngestSetup = {}): Promise<Outcome> {
  const alone = path.join(folder, "alone.db")
  await ingestInto(alone, [path.join(evidence, "good")])
  await ingestInto(database, [evidence], setup)
  expect(faultsOf(database)).toEqual([])
  const db = new Database(database, { readonly: true })
  const good = db.prepare("SELECT id FROM _sources WHERE path LIKE '%good/audit.log'").pluck().get()
  const problems = db
    .prepare(
      "SELECT code || ' ' || replace(path, ?, '') FROM _problems JOIN _sources ON id = source_id ORDER BY 1",
    )
    .pluck()
    .all(`${evidence}/`) as string[]
  const rows = db
    .prepare("SELECT count(*) FROM process_events WHERE source_id <> ?")
    .pluck()
    .get(good) as number
  db.close()
  const wanted = dumpCase(alone, PLACES)
  const got = dumpCase(database, PLACES)
  for (const table of ["process_events", "socket_events", "user_events", "process_file_events"]) {
    const left = new Set(got.get(table) ?? [])
    expect((wanted.get(table) ?? []).filter((row) => !left.has(row))).toEqual([])
  }
  return { problems, rows }
}

const head = (serial: number) => `type=SYSCALL msg=audit(1700000000.000:${serial}): `

describe("a file that is no log", () => {
  it("of photographs, zeros, nothing or junk is named for what it is", async () => {
    const random = seededRandom(4)
    const noise = Buffer.from(Array.from({ length: 20_000 }, () => Math.floor(random() * 256)))
    put(evidence, {
      "a.jpg": Buffer.concat([Buffer.from("ffd8ffe000104a46494600010100", "hex"), noise]),
      "b.png": Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), noise]),
      "c.raw": noise,
      "d.zero": Buffer.alloc(1 << 20),
      "e.empty": "",
      "f.txt": "dear diary\n",
    })
    const { problems, rows } = await ingestAll()
    expect(rows).toBe(0)
    expect(problems).toEqual([
      "source/empty e.empty",
      ...["a.jpg", "b.png", "c.raw", "d.zero", "f.txt"].map((name) => `source/unrecognised ${name}`),
    ])
    const db = new Database(database, { readonly: true })
    const found = db
      .prepare("SELECT found FROM _problems WHERE code = 'source/unrecognised' ORDER BY source_id")
      .pluck()
      .all()
    db.close()
    expect(found[0]).toMatch(/JPEG/)
    expect(found[1]).toMatch(/PNG/)
  })
})

describe("a log that is damaged", () => {
  it("by a line of 64 MiB loses that line", async () => {
    const line = Buffer.alloc(64 << 20, "x")
    line.write(head(1))
    put(evidence, { "long.log": Buffer.concat([GOOD, line, Buffer.from("\n"), makeLog(1, { seed: 8 })]) })
    const { problems, rows } = await ingestAll()
    // Generated logs share the ids of events, so that some seem to come late.
    expect([...new Set(problems)]).toEqual([
      "linux-audit/late-record long.log",
      "linux-audit/line-too-long long.log",
    ])
    expect(rows).toBeGreaterThan(0)
  }, 60_000)

  it("by NULs loses the lines that they lie in", async () => {
    const half = GOOD.indexOf(10, GOOD.length / 2) + 1
    const bytes = [makeLog(1, { seed: 9 }), Buffer.alloc(100_000), Buffer.from("\n"), GOOD.subarray(half)]
    put(evidence, { "nul.log": Buffer.concat(bytes) })
    const { problems } = await ingestAll()
    // The second half begins in the middle of an event.
    const isOfCut = (problem: string) => /^linux-audit\/(late-record|incomplete-event) /.test(problem)
    expect(problems.filter((problem) => !isOfCut(problem))).toEqual(["linux-audit/nul-bytes nul.log"])
  })

  it("by a gzip stream without its end keeps what came before", async () => {
    const packed = gzipSync(makeLog(200_000, { seed: 10 }))
    put(evidence, { "cut.log.gz": packed.subarray(0, packed.length / 2) })
    const { problems, rows } = await ingestAll()
    expect(problems).toContainEqual(expect.stringMatching(/^source\/\S*truncated\S* cut\.log\.gz$/))
    expect(rows).toBeGreaterThan(100)
  })

  it("by a gzip bomb is left where it goes beyond bounds", async () => {
    const bomb = Buffer.alloc(96 << 20)
    makeLog(1, { seed: 11 }).copy(bomb)
    put(evidence, { "bomb.log.gz": gzipSync(bomb, { level: 9 }) })
    const { problems, rows } = await ingestAll()
    expect(problems).toContainEqual(expect.stringMatching(/^source\/\S*(?:ratio|bomb)\S* bomb\.log\.gz$/))
    expect(rows).toBeGreaterThan(0)
  }, 60_000)

  it("by shrinking while it is read says so", async () => {
    put(evidence, { "shrink.log": makeLog(5e6, { seed: 12 }) })
    let chunks = 0
    const shrink = () => {
      if (++chunks === 3) truncateSync(path.join(evidence, "shrink.log"), 2_200_000)
    }
    const { problems, rows } = await ingestAll({ advance: shrink })
    expect(problems.filter((problem) => problem.startsWith("source/"))).toEqual([
      expect.stringMatching(/shrink\.log$/),
    ])
    expect(rows).toBeGreaterThan(100)
  }, 60_000)
})

describe("a file that is no file", () => {
  it("of links, pipes and folders without end is not followed", async () => {
    symlinkSync("loop-b", path.join(evidence, "loop-a"))
    symlinkSync("loop-a", path.join(evidence, "loop-b"))
    symlinkSync("..", path.join(evidence, "up"))
    symlinkSync("/etc/passwd", path.join(evidence, "audit.log"))
    execFileSync("mkfifo", [path.join(evidence, "pipe")])
    let deep = path.join(evidence, "deep")
    for (let level = 0; level < 100; level++) deep = path.join(deep, "d")
    mkdirSync(deep, { recursive: true })
    const { problems, rows } = await ingestAll()
    expect(rows).toBe(0)
    expect(problems).toEqual([
      "source/not-a-file pipe",
      ...["audit.log", "loop-a", "loop-b", "up"].map((name) => `source/symlink-skipped ${name}`),
    ])
  })

  it.skipIf(process.getuid?.() === 0)("that may not be read (not as root)", async () => {
    put(evidence, { "secret.log": GOOD })
    chmodSync(path.join(evidence, "secret.log"), 0)
    expect((await ingestAll()).problems).toEqual(["source/permission secret.log"])
  })

  it("with a hostile name is read, and named without harm", async () => {
    const names = [
      "\x1b]0;owned\x07.log",
      "new\nline.log",
      "\u202egol.exe.log",
      "'; DROP TABLE _sources; --.log",
    ]
    for (const [at, name] of names.entries()) put(evidence, { [name]: makeLog(1, { seed: 20 + at }) })
    const raw = Buffer.concat([Buffer.from(`${evidence}/`), Buffer.from([0xff, 0xfe]), Buffer.from(".log")])
    writeFileSync(raw, makeLog(1, { seed: 30 }))
    const { problems } = await ingestAll()
    expect(problems.filter((problem) => !problem.startsWith("linux-audit/late-record"))).toEqual([])
    const db = new Database(database, { readonly: true })
    const paths = db
      .prepare("SELECT path FROM _sources WHERE state IN ('done', 'duplicate') ORDER BY path")
      .pluck()
      .all()
    db.close()
    expect(paths).toHaveLength(6)
    expect(paths).toContain(`${evidence}/\\xFF\\xFE.log`)
  })
})

describe("text that speaks to terminals", () => {
  const HARM = "\x1b]0;owned\x07\x1b[2J\u202e\r\nfoo\u0085\u200b"
  const hex = Buffer.from(HARM).toString("hex").toUpperCase()
  const log = [
    `node=\x1b[31mweb ${head(1)}arch=c000003e syscall=59 success=yes exit=0 pid=2 ppid=1 uid=0 comm=${hex} exe=${hex} key=${hex}`,
    `type=EXECVE msg=audit(1700000000.000:1): argc=2 a0=${hex} a1="\x1b[1m"`,
    `type=CWD msg=audit(1700000000.000:1): cwd=${hex}`,
    `type=PATH msg=audit(1700000000.000:1): item=0 name=${hex} mode=\x1b[5m ouid=0 ogid=0 nametype=NORMAL`,
    `${head(2)}arch=c000003e syscall=42 success=yes exit=0 a0=\x1b[7m pid=2 exe=${hex}`,
    `type=SOCKADDR msg=audit(1700000000.000:2): saddr=0100${hex}00`,
    `type=USER_CMD msg=audit(1700000000.000:3): pid=2 uid=0 msg='acct=${hex} cmd=${hex} exe=${hex} addr=\x1b[8m terminal=\u202e res=\x1b[9m'`,
    `type=AVC msg=audit(1700000000.000:4): avc:  denied  { \x1b[31m } for pid=2 comm=${hex}`,
    `type=AVC msg=audit(1700000000.000:5): apparmor="DENIED" operation=${hex} profile=${hex} name=${hex}`,
    `type=\x1b[31mX msg=audit(1700000000.000:6): \u202e`,
    "",
  ].join("\n")

  it("reaches none, from any column of any table", async () => {
    put(evidence, { "\x1b[31m.log": log })
    const { problems } = await ingestAll()
    expect(problems.length).toBeGreaterThan(0)
    const db = new Database(database, { readonly: true })
    db.defaultSafeIntegers(true)
    let shown = 0
    for (const [table] of dumpCase(database)) {
      if (table === "eids") continue
      const query = db.prepare(`SELECT * FROM "${table}"`)
      const columns = query.columns().map(({ name }) => name)
      const rows = query.raw().all() as CellValue[][]
      for (const printer of [
        createLinePrinter(false),
        createTablePrinter({ width: null, isRaw: false, mayUseLines: false }),
      ]) {
        const pieces = [printer.begin(columns), ...rows.map((row) => printer.row(row)), printer.end()]
        const text = pieces.join("").replaceAll("\n", "")
        shown += text.length
        expect(text, table).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
      }
    }
    db.close()
    expect(shown).toBeGreaterThan(10_000)
  })
})
