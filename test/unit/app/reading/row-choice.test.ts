/** Each part of a RowChoice switches off exactly its rows, and changes nothing of the others. */
import path from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { NO_PROGRESS } from "../../../../src/app/progress.ts"
import { readSources } from "../../../../src/app/reading/read-sources.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import { ALL_ROWS, type RowChoice } from "../../../../src/schema/row-choice.ts"
import { CORPUS, hasShared, NEEDS_SHARED, SHARED } from "../../../acceptance/read-rows.ts"

type Row = Readonly<Record<string, unknown>>

async function read(paths: readonly string[], rows: RowChoice): Promise<Row[]> {
  const sink = new ObjectSink()
  await readSources({ paths, writer: sink, host: "", rows, progress: NO_PROGRESS, onProblem: () => {} })
  return sink.rows.map(({ table, values }) => ({ table, ...values }))
}

const ofTable = (name: string) => (row: Row) => row.table === name
const ofSockets =
  (column: string, ...values: readonly unknown[]) =>
  (row: Row) =>
    row.table === "socket_events" && values.includes(row[column])
const ofProcesses =
  (...types: readonly string[]) =>
  (row: Row) =>
    row.table === "process_events" && types.includes(String(row.event_type))

/** What each part is about, by the rows' own columns. */
const PARTS: readonly (readonly [keyof RowChoice, (row: Row) => boolean])[] = [
  ["processes", ofTable("process_events")],
  ["forks", ofProcesses("fork", "exit")],
  ["signals", ofProcesses("signal")],
  ["sockets", ofTable("socket_events")],
  ["unixSockets", ofSockets("family", 1)],
  ["failedSockets", ofSockets("status", "failed")],
  ["accepts", ofSockets("action", "accept", "accept4")],
  ["users", ofTable("user_events")],
  ["selinux", ofTable("selinux_events")],
  ["apparmor", ofTable("apparmor_events")],
  ["seccomp", ofTable("seccomp_events")],
  ["files", ofTable("process_file_events")],
]

/** Without its number, which depends on how many come before it. */
const textOf = ({ eid, ...row }: Row) =>
  JSON.stringify(row, (_, value) => (typeof value === "bigint" ? String(value) : value))

const cases = (names: readonly string[]) => names.map((name) => path.join(CORPUS, name))
const INPUTS: readonly (readonly [string, readonly string[]])[] = [
  [
    "corpus cases",
    cases([
      "debian-12-linux-6.18/session-mixed",
      "debian-12-linux-6.18/fork-family",
      "debian-12-linux-6.18/signals",
      "debian-12-linux-6.18/net-unix",
      "debian-12-linux-6.18/net-failed",
      "debian-12-linux-6.18/net-ipv4",
      "debian-12-linux-6.18/seccomp",
      "debian-12-linux-6.18/user-records",
      "debian-12-linux-6.18/file-operations",
      "ubuntu-22.04/apparmor",
    ]),
  ],
  ...(hasShared ? ([["the real capture", [path.join(SHARED, "linux-audit/real/audit.log")]]] as const) : []),
]

describe.each(INPUTS)(`rows of %s ${NEEDS_SHARED}`, (_name, paths) => {
  let all: Row[]

  beforeAll(async () => {
    all = await read(paths, ALL_ROWS)
  })

  it.each(PARTS)("without %s lack exactly those", async (part, isOfPart) => {
    const kept = await read(paths, { ...ALL_ROWS, [part]: false })
    expect(kept.map(textOf)).toEqual(all.filter((row) => !isOfPart(row)).map(textOf))
  })

  it("without emptyAccepts lack accepts without a client once failed calls are not wanted either, as in osquery", async () => {
    const kept = await read(paths, { ...ALL_ROWS, emptyAccepts: false })
    expect(kept.map(textOf)).toEqual(all.map(textOf))
    const neither = await read(paths, { ...ALL_ROWS, emptyAccepts: false, failedSockets: false })
    const isGone = ofSockets("status", "no_client", "failed")
    expect(neither.map(textOf)).toEqual(all.filter((row) => !isGone(row)).map(textOf))
    expect(all.some(ofSockets("status", "no_client"))).toBe(true)
  })

  it("have most of the parts", () => {
    const present = PARTS.filter(([, isOfPart]) => all.some(isOfPart)).map(([part]) => part)
    expect(present.length).toBeGreaterThanOrEqual(7)
  })
})
