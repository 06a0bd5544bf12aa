/** Our rows of osquery's own test records equal osquery's but for what docs/osquery-differences.md lists. */
import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import type { RowValue } from "../../src/rows/value-sink.ts"
import { EVENT_TABLES } from "../../src/schema/tables/index.ts"
import { type Cells, readVectors, type Vector, type VectorRecord } from "./osquery-vectors.ts"
import { hasShared, type Reading, type Row, readBytes, readPaths, SHARED } from "./read-rows.ts"

const DOCUMENT = path.resolve(import.meta.dirname, "../../docs/osquery-differences.md")
const ROW = "(row)"

interface Difference {
  readonly vector: Vector
  readonly table: string
  readonly column: string
  readonly osquery: string
  readonly ours: string
}

interface Listed {
  readonly id: string
  readonly places: ReadonlySet<string>
}

function readDocument(): Listed[] {
  // Those of Windows have vectors of their own: test/unit/normalize/windows.
  const [linux = ""] = readFileSync(DOCUMENT, "utf8").split("\n## Windows\n")
  return linux
    .split("\n")
    .filter((line) => /^\| [a-z0-9-]+ \| [a-z_]+_events\./.test(line))
    .map((line) => {
      const [, id = "", places = ""] = line.split("|").map((cell) => cell.trim())
      return { id, places: new Set(places.split(", ")) }
    })
}

const text = ({ vector }: Difference): string => vector.records.map((record) => record.text).join("\n")
const has = (difference: Difference, type: number): boolean =>
  difference.vector.records.some((record) => record.type === type)
const isExtra = ({ osquery, ours }: Difference): boolean => osquery === "" && ours === ROW

/** When a difference is the one that the document means. */
const RULES: ReadonlyMap<string, (difference: Difference) => boolean> = new Map<
  string,
  (difference: Difference) => boolean
>([
  ["time-of-record", (d) => text(d).startsWith(`audit(${d.ours.padStart(10, "0")}.`)],
  ["no-uptime", ({ ours }) => ours === ""],
  ["no-stat", ({ ours }) => ours === ""],
  ["cwd-decoded", ({ osquery, ours }) => `"${ours}"` === osquery || toHex(ours) === osquery],
  ["no-env", ({ osquery, ours }) => osquery === "0" && ours === ""],
  ["owner-unknown", (d) => d.osquery === "0" && d.ours === "" && !has(d, 1302)],
  [
    "argument-order",
    ({ osquery, ours }) => sortWords(osquery) === sortWords(ours) && ours.includes(" 9 10 "),
  ],
  ["argument-records", (d) => count(d, 1309) > 1 && isLonger(d)],
  ["argument-fragments", (d) => text(d).includes("_len=") && !isLonger(d)],
  ["failed-exec", (d) => isExtra(d) && text(d).includes("success=no")],
  ["incomplete-exec", (d) => isExtra(d) && (![1307, 1309, 1302].every((type) => has(d, type)) || isLate(d))],
  ["end-of-input", (d) => isExtra(d) && !has(d, 1320) && has(d, 1302)],
  ["clone3", (d) => isExtra(d) && text(d).includes("arch=c000003e syscall=435 ")],
  ["arch", (d) => d.osquery === ROW && d.ours === "" && text(d).includes("arch=40000003")],
  ["no-filter", (d) => isExtra(d) && has(d, 1306) && /saddr=0[12A]/.test(text(d))],
  ["any-family", (d) => isExtra(d) && /saddr=(?:00|10)/.test(text(d))],
  ["accept-without-address", (d) => isExtra(d) && !has(d, 1306)],
  ["no-protocol", ({ osquery, ours }) => osquery === "0" && ours === ""],
  ["port-unknown", ({ osquery, ours }) => osquery === "0" && ours === ""],
  ["ipv6-short", ({ osquery, ours }) => ours.includes("::") && expandIpv6(ours) === osquery],
  ["unix-path", ({ osquery, ours }) => osquery === "unknown" && ours.startsWith("/")],
  ["abstract-name", (d) => /saddr=010000/.test(text(d)) && d.ours.startsWith("@")],
  ["whole-message", ({ osquery, ours }) => osquery !== "" && ours.startsWith(`${osquery} `)],
  ["user-avc-fields", (d) => has(d, 1107) && d.osquery === "" && d.ours !== ""],
  ["user-avc-selinux", (d) => has(d, 1107) && isExtra(d)],
  ["seccomp-unquoted", ({ osquery, ours }) => osquery === `"${ours}"`],
  ["file-events-by-call", isExtra],
])

const toHex = (value: string): string => Buffer.from(value).toString("hex").toUpperCase()
const sortWords = (value: string): string => value.split(" ").sort().join(" ")
const count = ({ vector }: Difference, type: number): number =>
  vector.records.filter((record) => record.type === type).length
const isLonger = ({ column, osquery, ours }: Difference): boolean =>
  column === "cmdline_size" ? Number(ours) > Number(osquery) : ours.startsWith(`${osquery} `)
/** True when arguments come before the call. */
const isLate = ({ vector }: Difference): boolean => vector.records[0]?.type === 1309

function expandIpv6(address: string): string {
  const [head = "", tail = ""] = address.split("::")
  const left = head === "" ? [] : head.split(":")
  const right = tail === "" ? [] : tail.split(":")
  const zeros = Array<string>(8 - left.length - right.length).fill("0")
  return [...left, ...zeros, ...right].map((word) => word.padStart(4, "0")).join(":")
}

/** Columns that osquery fills from the machine it runs on: no vector holds a value. */
const FROM_THE_MACHINE = ["time", "uptime", "atime", "mtime", "ctime", "btime"]

function compareRow(vector: Vector, table: string, cells: Cells, row: Row): Difference[] {
  const schema = EVENT_TABLES.find(({ name }) => name === table)
  const columns = (schema?.columns ?? []).filter(
    (column) => !("extension" in column) && column.name !== "eid",
  )
  const differences: Difference[] = []
  for (const { name } of columns) {
    const ours = show(row[name])
    if (FROM_THE_MACHINE.includes(name)) {
      differences.push({ vector, table, column: name, osquery: "(of the machine)", ours })
      continue
    }
    // Linux has no osquery column `status` in process_events.
    const isKnown = name in cells || (vector.isWhole && !(table === "process_events" && name === "status"))
    const osquery = cells[name] ?? ""
    if (isKnown && osquery !== ours) differences.push({ vector, table, column: name, osquery, ours })
  }
  return differences
}

const show = (value: RowValue | undefined): string =>
  value === null || value === undefined ? "" : String(value)

function compareVector(vector: Vector, reading: Reading): Difference[] {
  const differences: Difference[] = []
  for (const [table, expected] of Object.entries(vector.rows)) {
    const rows = reading.rows.get(table) ?? []
    for (let at = 0; at < Math.max(rows.length, expected.length); at++) {
      const [cells, row] = [expected[at], rows[at]]
      if (cells !== undefined && row !== undefined) differences.push(...compareRow(vector, table, cells, row))
      else {
        const [osquery, ours] = [cells === undefined ? "" : ROW, row === undefined ? "" : ROW]
        differences.push({ vector, table, column: ROW, osquery, ours })
      }
    }
  }
  return differences
}

const toLog = (records: readonly VectorRecord[]): string =>
  records.map(({ type, text: body }) => `type=UNKNOWN[${type}] msg=${body}\n`).join("")

it("each listed difference is marked in the source, and nothing else is", () => {
  const source = path.resolve(import.meta.dirname, "../../src")
  const marked = ["formats/linux-audit", "normalize/linux-audit"].flatMap((room) =>
    readdirSync(path.join(source, room))
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => {
        const code = readFileSync(path.join(source, room, name), "utf8")
        return [...code.matchAll(/DEVIATION\(osquery\): ([a-z0-9-]+(?:, [a-z0-9-]+)*): /g)]
      })
      .flatMap(([, ids = ""]) => ids.split(", ")),
  )
  expect(marked.sort()).toEqual([...RULES.keys()].sort())
  expect(
    readDocument()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...RULES.keys()].sort())
})

describe.skipIf(!hasShared)("osquery's test records (needs ../shared)", () => {
  const listed = readDocument()
  const differences: Difference[] = []
  const readings = new Map<string, Reading>()
  let vectors: Vector[] = []

  beforeAll(async () => {
    vectors = readVectors()
    for (const vector of vectors) {
      const reading = await readBytes(toLog(vector.records))
      readings.set(vector.name, reading)
      differences.push(...compareVector(vector, reading))
    }
    const file = await readPaths([path.join(SHARED, "linux-audit/osquery/process_file_events.audit.log")])
    const vector: Vector = { name: "process_file_events", records: [], rows: {}, isWhole: false }
    readings.set(vector.name, file)
    for (const _ of file.rows.get("process_file_events") ?? []) {
      differences.push({ vector, table: "process_file_events", column: ROW, osquery: "", ours: ROW })
    }
  }, 60_000)

  /** Ids of the listed differences that this one is. */
  const explain = (difference: Difference): string[] =>
    listed
      .filter(({ places }) => places.has(`${difference.table}.${difference.column}`))
      .filter(({ id }) => RULES.get(id)?.(difference) === true)
      .map(({ id }) => id)

  it("are all there", () => {
    expect(vectors.length).toBe(new Set(vectors.map(({ name }) => name)).size)
    expect(vectors).toHaveLength(5 + 3 + 3 + 8 + 28 + 4 + 6 + 22)
  })

  it("differ only where the document says so", () => {
    const unexplained = differences
      .filter((difference) => explain(difference).length === 0)
      .map(({ vector, ...rest }) => ({ vector: vector.name, ...rest }))
    expect(unexplained).toEqual([])
  })

  it("show every difference in every column that the document lists", () => {
    const used = new Set(
      differences.flatMap((difference) =>
        explain(difference).map((id) => `${id} ${difference.table}.${difference.column}`),
      ),
    )
    const places = listed.flatMap(({ id, places: own }) => [...own].map((place) => `${id} ${place}`))
    expect([...used].sort()).toEqual(places.sort())
  })

  it("give what our notes call better", () => {
    const better = (name: string, table: string) => {
      const wanted = vectors.find((vector) => vector.name === name)?.better
      return { wanted, row: readings.get(name)?.rows.get(table)?.[0] }
    }
    const columns: readonly (readonly [name: string, table: string, columns: readonly string[]])[] = [
      ["argument order past a9", "process_events", ["cmdline"]],
      ["execve split over two records", "process_events", ["cmdline"]],
      ["chunked long argument", "process_events", ["cmdline"]],
      ["even-length hex-looking decimal length", "process_events", ["cmdline"]],
      ["hex cwd is not decoded", "process_events", ["cwd"]],
      ["execve without CWD", "process_events", ["cmdline", "cwd"]],
      ["no EOE", "process_events", ["cmdline"]],
      ["records before SYSCALL are dropped", "process_events", ["cmdline"]],
      ["clone3 is unknown", "process_events", ["syscall", "pid", "parent"]],
      ["unix path whose last byte ends in a 0 nibble", "socket_events", ["socket"]],
      ["ipv6", "socket_events", ["remote_address", "remote_port"]],
      ["AF_UNSPEC connect (disconnect)", "socket_events", ["family"]],
      ["accept with NULL address", "socket_events", ["action", "remote_address"]],
      ["connect EINPROGRESS", "socket_events", ["status"]],
    ]
    for (const [name, table, names] of columns) {
      const { wanted, row } = better(name, table)
      for (const column of names)
        expect(show(row?.[column]), `${name} ${column}`).toBe(String(wanted?.[column]))
    }
    expect(better("execve split over two records", "process_events").row?.argv).toBe('["sh","-c","id"]')
    expect(better("failed execve is dropped", "process_events").row).toMatchObject({ status: 13 })
    expect(better("abstract unix socket padded with NUL", "socket_events").row?.socket).toBe("@@AB")
    expect(better("32-bit syscall number taken as 64-bit", "process_events").row).toBeUndefined()
    expect(better("user auth", "user_events").row).toMatchObject({
      username: "alice",
      address: "10.0.0.5",
      result: "success",
    })
    expect(better("user cmd", "user_events").row?.message).toContain('cmd="cat f"')
    expect(better("USER_AVC goes to user_events, not selinux_events", "selinux_events").row).toMatchObject({
      type: "USER_AVC",
    })
  })

  it("of files: 243 records are 71 events", () => {
    const reading = readings.get("process_file_events")
    expect([reading?.records, reading?.events, reading?.problems]).toEqual([243, 71, []])
  })
})
