/**
 * Rows of BSM trails equal those that osquery would make of them, but for what docs/osquery-differences.md lists, and
 * the source marks what the document lists.
 */
import { globSync, readFileSync } from "node:fs"
import path from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { EVENT_TABLES } from "../../src/schema/tables/index.ts"
import { hasShared, type Row, readPaths, SHARED } from "./read-rows.ts"

const ROOT = path.resolve(import.meta.dirname, "../..")
const SUFFIX = ".osquery-rows.ndjson"
const ROW = "(row)"
/** osquery has these on Linux only. */
const LINUX_ONLY: ReadonlySet<string> = new Set([
  "process_events.fsuid",
  "process_events.suid",
  "process_events.fsgid",
  "process_events.sgid",
  "process_events.syscall",
  "socket_events.status",
])

interface Difference {
  readonly trail: string
  /** `table.column` */
  readonly place: string
  readonly osquery: string
  readonly ours: string
  readonly row: Row
}

/** When a difference is the one that the document means; those that no vector shows have tests of their own. */
const RULES: ReadonlyMap<string, (difference: Difference) => boolean> = new Map<
  string,
  (d: Difference) => boolean
>([
  ["no-last-blank", ({ place, osquery, ours }) => isLonger(place, osquery, ours)],
  ["fewer-strings", ({ trail, osquery }) => trail === "corrupt-execargs-count.bsm" && osquery === ""],
  [
    "parent-unknown",
    ({ place, osquery, ours }) => place.endsWith(".parent") && osquery === "-1" && ours === "",
  ],
  ["fork-rows", ({ ours, row }) => ours === ROW && (row.event_type === "fork" || row.event_type === "exit")],
  ["all-execs", ({ ours, row }) => ours === ROW && row.event_type === "exec" && row.syscall !== "execve"],
  ["cut-return", ({ place, osquery, ours }) => place.endsWith(".status") && osquery === "" && ours === "0"],
  ["all-sockets", ({ place, ours, row }) => ours === ROW && place.startsWith("socket") && isUnseen(row)],
  [
    "ipv6-family",
    ({ place, osquery, ours }) => place.endsWith(".family") && osquery === "0" && ours === "10",
  ],
  [
    "accept-port",
    ({ place, row, osquery }) => place.endsWith("remote_port") && row.action === "accept" && osquery === "",
  ],
  ["program-of-the-trail", ({ place, osquery }) => place === "socket_events.path" && osquery === ""],
  [
    "all-user-events",
    ({ place, ours, row }) => ours === ROW && place.startsWith("user") && row.type !== 32_800,
  ],
  [
    "event-number",
    ({ place, osquery, ours }) => place === "user_events.type" && osquery === "" && ours === "32800",
  ],
])

function isLonger(place: string, osquery: string, ours: string): boolean {
  if (/\.(?:cmdline|env)$/.test(place)) return osquery === `${ours} `
  return /\.(?:cmdline|env)_size$/.test(place) && Number(osquery) === Number(ours) + 1
}

const isUnseen = ({ action, remote_address }: Row): boolean =>
  remote_address === "" || action === "bind" || action === "listen"
const show = (value: unknown): string => (value === null || value === undefined ? "" : String(value))

function compareRow(
  trail: string,
  table: string,
  cells: Readonly<Record<string, string>>,
  row: Row,
): Difference[] {
  const columns = EVENT_TABLES.find(({ name }) => name === table)?.columns ?? []
  return columns
    .filter((column) => !("extension" in column) && column.name !== "eid")
    .map(({ name }) => ({
      place: `${table}.${name}`,
      osquery: cells[name] ?? "",
      ours: show(row[name]),
      trail,
      row,
    }))
    .filter(({ place, osquery, ours }) => !LINUX_ONLY.has(place) && osquery !== ours)
}

async function compareTrail(expected: string): Promise<Difference[]> {
  const trail = path.basename(expected, SUFFIX)
  const { rows } = await readPaths([expected.slice(0, -SUFFIX.length)])
  const wanted = readFileSync(expected, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Readonly<Record<string, string>> & { table: string; offset: number })
  const differences: Difference[] = []
  for (const table of ["process_events", "socket_events", "user_events"]) {
    const left = new Map(wanted.filter((one) => one.table === table).map((one) => [one.offset, one]))
    for (const row of rows.get(table) ?? []) {
      const cells = left.get(Number(row.source_offset))
      left.delete(Number(row.source_offset))
      if (cells !== undefined) differences.push(...compareRow(trail, table, cells, row))
      else differences.push({ trail, place: `${table}.${ROW}`, osquery: "", ours: ROW, row })
    }
    for (const cells of left.values())
      differences.push({
        trail,
        place: `${table}.${ROW}`,
        osquery: ROW,
        ours: "",
        row: { source_offset: cells.offset },
      })
  }
  return differences
}

it("each listed difference is marked in the source, and nothing else is", () => {
  const marked = globSync("src/{formats,normalize}/bsm/**/*.ts", { cwd: ROOT }).flatMap((file) => {
    const code = readFileSync(path.join(ROOT, file), "utf8")
    const marks = code.matchAll(/DEVIATION\(osquery\): ([a-z0-9-]+(?:, [a-z0-9-]+)*): /g)
    return [...marks].flatMap(([, ids = ""]) => ids.split(", "))
  })
  const text = readFileSync(path.join(ROOT, "docs/osquery-differences.md"), "utf8")
  const section = /\n## BSM trails\n([\s\S]*?)\n## /.exec(text)?.[1] ?? ""
  const listed = [...section.matchAll(/^\| ([a-z0-9]+(?:-[a-z0-9]+)+) \|/gm)].map(([, id = ""]) => id)
  expect(listed.sort()).toEqual([...new Set(marked)].sort())
  expect([...RULES.keys()].filter((id) => !listed.includes(id))).toEqual([])
})

describe.skipIf(!hasShared)("osquery's rows of trails (needs ../shared)", () => {
  const differences: Difference[] = []
  let trails: string[] = []

  beforeAll(async () => {
    trails = globSync(path.join(SHARED, `bsm/**/*${SUFFIX}`)).sort()
    for (const trail of trails) differences.push(...(await compareTrail(trail)))
  }, 60_000)

  const explain = (difference: Difference): string[] =>
    [...RULES].filter(([, isIt]) => isIt(difference)).map(([id]) => id)

  it("are all there", () => {
    expect(trails).toHaveLength(6)
  })

  it("differ only where the document says so", () => {
    const unexplained = differences
      .filter((difference) => explain(difference).length === 0)
      .map(({ row, ...rest }) => ({ ...rest, offset: row.source_offset }))
    expect(unexplained).toEqual([])
  })

  it("show every difference that has a rule", () => {
    expect(new Set(differences.flatMap(explain))).toEqual(new Set(RULES.keys()))
  })
})
