/**
 * Variants of one log give its rows: those under ../shared, and those that this file derives from base.log by
 * their names in EXPECT.json.
 */
import { readFileSync } from "node:fs"
import path from "node:path"
import { gzipSync } from "node:zlib"
import { beforeAll, describe, expect, it } from "vitest"
import {
  differences,
  essence,
  hasShared,
  ORDER_COLUMNS,
  PLACE_COLUMNS,
  type Reading,
  readBytes,
  readFolder,
  readPaths,
  SHARED,
  seededRandom,
} from "./read-rows.ts"

const VARIANTS = path.join(SHARED, "linux-audit/variants")
const SAME = { missing: [], extra: [] }

interface Expected {
  readonly records: number
  readonly events?: number
  readonly damaged?: number
}

const read = (name: string): Buffer => readFileSync(path.join(VARIANTS, name))
const split = (bytes: Buffer): string[] => bytes.toString("latin1").split("\n").slice(0, -1)
const join = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join("\n")}\n`, "latin1")

/** `SEC.MSEC:SERIAL` of a line. */
const keyOf = (line: string): string => /audit\((\d+\.\d+:\d+)\)/.exec(line)?.[1] ?? ""

function compare(a: Reading, b: Reading, leaveOut: readonly string[] = PLACE_COLUMNS) {
  return differences(essence(a, leaveOut), essence(b, leaveOut))
}

/** Rows of the events whose key is not in `keys`. */
function without(reading: Reading, keys: ReadonlySet<string>): string[] {
  const rows = new Map(
    [...reading.rows].map(([table, list]) => [table, list.filter((row) => !keys.has(keyOfRow(row)))]),
  )
  return essence({ ...reading, rows }, ORDER_COLUMNS)
}

function keyOfRow(row: Readonly<Record<string, unknown>>): string {
  const ns = BigInt(row.time_ns as bigint)
  const ms = String((ns / 1_000_000n) % 1000n).padStart(3, "0")
  return `${ns / 1_000_000_000n}.${ms}:${row.record_id}`
}

describe.skipIf(!hasShared)("variants of one log (needs ../shared)", () => {
  const expected = hasShared ? (JSON.parse(read("EXPECT.json").toString()) as Record<string, Expected>) : {}
  let base: Reading
  let enriched: Reading
  let lines: string[]

  beforeAll(async () => {
    base = await readPaths([path.join(VARIANTS, "base.log")])
    enriched = await readPaths([path.join(VARIANTS, "base.enriched.log")])
    lines = split(read("base.log"))
  }, 60_000)

  /** Counts are those of EXPECT.json, and nothing was found wrong. */
  function expectWhole(name: string, reading: Reading): void {
    const { records, events } = expected[name] ?? {}
    expect([reading.records, reading.events, reading.rejected]).toEqual([records, events, 0])
    expect(reading.problems).toEqual([])
  }

  it("names no variant that is not tested here", () => {
    expect(Object.keys(expected).sort()).toEqual([
      "base.enriched.log",
      "base.log",
      "clock-step-back.log",
      "crlf-no-final-newline.log",
      "damaged.log",
      "enriched-no-separator.log",
      "interleaved.log",
      "lost-records.log",
      "rotated/",
      "syslog-audispd-node.log",
      "syslog-enriched.log",
      "two-nodes.log",
    ])
  })

  it("base.log and base.enriched.log", () => {
    expectWhole("base.log", base)
    expectWhole("base.enriched.log", enriched)
    expect(compare(base, enriched, [...PLACE_COLUMNS, "username"])).toEqual(SAME)
  })

  it("interleaved.log", async () => {
    const reading = await readPaths([path.join(VARIANTS, "interleaved.log")])
    expectWhole("interleaved.log", reading)
    expect(compare(base, reading, ORDER_COLUMNS)).toEqual(SAME)
  })

  it("two-nodes.log holds every row twice, once a host", async () => {
    const reading = await readPaths([path.join(VARIANTS, "two-nodes.log")])
    expectWhole("two-nodes.log", reading)
    const rows = [...reading.rows.values()].flat()
    const hosts = [...new Set(rows.map((row) => String(row.host)))].sort()
    expect(hosts).toEqual(["db.example.org", "web-1"])
    for (const host of hosts) {
      const own = new Map(
        [...reading.rows].map(([table, list]) => [table, list.filter((row) => row.host === host)]),
      )
      expect(compare(base, { ...reading, rows: own })).toEqual(SAME)
    }
  })

  it("syslog-audispd-node.log", async () => {
    const reading = await readPaths([path.join(VARIANTS, "syslog-audispd-node.log")])
    expectWhole("syslog-audispd-node.log", reading)
    expect(compare(base, reading)).toEqual(SAME)
  })

  it("enriched-no-separator.log", async () => {
    const reading = await readPaths([path.join(VARIANTS, "enriched-no-separator.log")])
    expectWhole("enriched-no-separator.log", reading)
    expect(compare(enriched, reading)).toEqual(SAME)
  })

  it("syslog-enriched.log: the separator has become a blank", async () => {
    const wrapped = split(read("base.enriched.log")).map((line) => {
      const time = new Date(Number(keyOf(line).split(".")[0]) * 1000).toISOString().slice(11, 19)
      return `Nov 21 ${time} web-1 audisp-syslog[811]: ${line.replaceAll("\x1d", " ")}`
    })
    const reading = await readBytes(join(wrapped))
    expectWhole("syslog-enriched.log", reading)
    expect(compare(enriched, reading)).toEqual(SAME)
    expect([...reading.rows.values()].flat().every((row) => row.host === "web-1")).toBe(true)
  })

  it("crlf-no-final-newline.log", async () => {
    const reading = await readBytes(Buffer.from(lines.join("\r\n"), "latin1"))
    expectWhole("crlf-no-final-newline.log", reading)
    expect(compare(base, reading)).toEqual(SAME)
  })

  it("clock-step-back.log: the second half is an hour earlier", async () => {
    const middle = Number(keyOf(lines[lines.length >> 1] as string).split(":")[1])
    const stepped = lines.map((line) =>
      line.replace(/audit\((\d+)\.(\d+):(\d+)\)/, (whole, sec, ms, serial) =>
        Number(serial) < middle ? whole : `audit(${Number(sec) - 3600}.${ms}:${serial})`,
      ),
    )
    const reading = await readBytes(join(stepped))
    expectWhole("clock-step-back.log", reading)
    expect(compare(base, reading, [...PLACE_COLUMNS, "time", "time_ns"])).toEqual(SAME)
    const before = new Map([...base.rows].map(([table, rows]) => [table, rows.map(keyOfRow)]))
    const moved = [...reading.rows].flatMap(([table, rows]) =>
      rows.map((row, at) => {
        const was = before.get(table)?.[at] ?? ""
        return Number(was.split(".")[0]) - Number(keyOfRow(row).split(".")[0])
      }),
    )
    expect([...new Set(moved)].sort()).toEqual([0, 3600])
    expect(reading.gaps.filter(({ kind }) => kind === "clock-step")).toMatchObject([
      { kind: "clock-step", toId: String(middle) },
    ])
  })

  it("rotated/: both cuts are inside an event", async () => {
    const cut = (from: number): number => {
      let at = from
      while (keyOf(lines[at] as string) !== keyOf(lines[at - 1] as string)) at++
      return at
    }
    const first = cut(4000)
    const second = cut(9000)
    const reading = await readFolder({
      "audit.log.2.gz": gzipSync(join(lines.slice(0, first))),
      "audit.log.1": join(lines.slice(first, second)),
      "audit.log": join(lines.slice(second)),
    })
    expectWhole("rotated/", reading)
    expect(reading.sources.map(({ facts }) => path.basename(facts.path))).toEqual([
      "audit.log.2.gz",
      "audit.log.1",
      "audit.log",
    ])
    expect(compare(base, reading)).toEqual(SAME)
  })

  it("lost-records.log: some PROCTITLE and SYSCALL records are gone", async () => {
    const { kept, lostCalls } = loseRecords(
      lines,
      lines.length - (expected["lost-records.log"]?.records ?? 0),
    )
    const reading = await readBytes(join(kept))
    const told = reading.problems.filter(({ code }) => code === "linux-audit/incomplete-event")
    expectWhole("lost-records.log", {
      ...reading,
      problems: reading.problems.filter((problem) => !told.includes(problem)),
    })
    expect(told.length).toBeGreaterThan(50)
    // A lost PROCTITLE costs nothing; without its SYSCALL an event says neither who nor what.
    expect(differences(without(base, lostCalls), without(reading, lostCalls))).toEqual(SAME)
    const orphans = [...reading.rows.values()].flat().filter((row) => lostCalls.has(keyOfRow(row)))
    expect(orphans).toEqual([])
    expect(lostCalls.size).toBeGreaterThan(50)
  })

  it("damaged.log: whatever is damaged is reported or kept, whatever is not comes out as it was", async () => {
    const { records, damaged } = expected["damaged.log"] ?? { records: 0, damaged: 0 }
    expect(lines).toHaveLength(records)
    for (const seed of [7, 8, 9]) {
      const { bytes, touched, changed } = damageLines(lines, damaged ?? 0, seed)
      const reading = await readBytes(bytes)
      const damagedLines = bytes.toString("latin1").split("\n")
      const offsets = damagedLines.map(() => 0)
      damagedLines.forEach((line, at) => {
        offsets[at + 1] = (offsets[at] as number) + line.length + 1
      })
      const lineAt = (offset: number) => damagedLines[offsets.findLastIndex((start) => start <= offset)]
      // Blocks of NULs part a line, and a record may begin where a line end was lost.
      const pieces = damagedLines.flatMap((line) => line.split(/^\0+|\0+$|\0{512,}|\0+(?=type=|node=)/))
      const filled = pieces.filter((piece) => piece.replace(/\r$/, "").replace(/ +$/, "") !== "")
      const merged = reading.problems.filter(({ code }) => code === "linux-audit/merged-lines")
      expect(reading.records + reading.rejected + reading.otherLines).toBe(filled.length + merged.length)
      const original = new Set(lines)
      for (const problem of reading.problems) {
        const line = lineAt(problem.offset)
        expect(line, JSON.stringify(problem)).toBeDefined()
        // An undamaged line is at fault only as one of an event that damage has reached.
        if (original.has(line as string)) {
          expect(problem.severity).not.toBe("error")
          expect(touched.has(keyOf(line as string)), JSON.stringify(problem)).toBe(true)
        }
      }
      expect(changed).toBe(damaged)
      expect(differences(without(base, touched), without(reading, touched))).toEqual(SAME)
      expect(reading.rejected).toBeGreaterThan(50)
    }
  })
})

/** Leaves out `count` records: both of two whole events, else never the last one of an event. */
function loseRecords(lines: readonly string[], count: number): { kept: string[]; lostCalls: Set<string> } {
  const random = seededRandom(7)
  const left = new Map<string, string[]>()
  for (const line of lines) left.set(keyOf(line), [...(left.get(keyOf(line)) ?? []), line])
  const gone = new Set<string>()
  const lostCalls = new Set<string>()
  const pairs = [...left].filter(
    ([, own]) => own.length === 2 && /^type=SYSCALL/.test(own[0] ?? "") && /^type=PROC/.test(own[1] ?? ""),
  )
  for (const [key, own] of pairs.slice(0, 2)) {
    for (const line of own) gone.add(line)
    left.delete(key)
    lostCalls.add(key)
  }
  while (gone.size < count) {
    const line = lines[Math.floor(random() * lines.length)] as string
    const key = keyOf(line)
    const isCall = line.startsWith("type=SYSCALL")
    const own = left.get(key)?.filter((other) => !gone.has(other)) ?? []
    if ((!isCall && !line.startsWith("type=PROCTITLE")) || own.length < 2 || gone.has(line)) continue
    gone.add(line)
    if (isCall) lostCalls.add(key)
  }
  return { kept: lines.filter((line) => !gone.has(line)), lostCalls }
}

/**
 * Damages `count` lines; a merged line counts as two.
 * @returns `touched`: keys of every event that a damaged line was or now seems to be a part of
 */
function damageLines(lines: readonly string[], count: number, seed: number) {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const out: (string | null)[] = [...lines]
  const touched = new Set<string>()
  const isChanged = new Set<number>()
  while (isChanged.size < count) {
    const at = below(lines.length - 1)
    const line = lines[at] as string
    const next = lines[at + 1] as string
    if (isChanged.has(at) || line.length < 40) continue
    const place = below(line.length)
    const kind = below(isChanged.size + 1 < count && !isChanged.has(at + 1) ? 5 : 4)
    const was = line.charCodeAt(place)
    if (kind === 0) out[at] = line.slice(0, Math.max(1, place))
    else if (kind === 1)
      out[at] = line.slice(0, place) + String.fromCharCode(was ^ (1 << below(8))) + line.slice(place + 1)
    else if (kind === 2) {
      const length = 1 + below(Math.min(64, line.length - place))
      out[at] = line.slice(0, place) + "\0".repeat(length) + line.slice(place + length)
    } else if (kind === 3) {
      const junk = Array.from({ length: 1 + below(40) }, () => String.fromCharCode(below(256))).join("")
      out[at] = line.slice(0, place) + junk + line.slice(place)
    } else {
      out[at] = line.slice(0, Math.max(1, place)) + next
      out[at + 1] = null
      isChanged.add(at + 1)
      touched.add(keyOf(next))
    }
    isChanged.add(at)
    touched.add(keyOf(line))
    for (const [, key] of (out[at] as string).matchAll(/audit\((\d+\.\d+:\d+)\)/g)) touched.add(key ?? "")
  }
  return { bytes: join(out.filter((line) => line !== null)), touched, changed: isChanged.size }
}
