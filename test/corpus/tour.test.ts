/**
 * One stretch of records in every form in which people save it: the rows must be those of auditd's own log, but for
 * what a form adds (names, the host) and what it does not hold.
 */
import { basename } from "node:path"
import { describe, expect, it } from "vitest"
import { listInputs } from "../../src/app/corpus/case-files.ts"
import { findCases, ownCorpus } from "../../src/app/corpus/find-cases.ts"
import { readCase } from "../../src/app/corpus/read-case.ts"
import { metaOf } from "./read-chunked.ts"

type Row = Record<string, unknown>
/** What a column holds in a form, from the row of auditd's log. */
type Change = (row: Row) => unknown

const HOST: Record<string, Change> = { host: () => "web-1" }
/** Users that the tour's host knew when auditd enriched the records; in user_events the one that `id=` names. */
const USERS = new Map([
  ["1001", "alice"],
  ["1003", "carol"],
])
const NAMES: Record<string, Change> = {
  username: ({ username, uid, message }) =>
    username || (USERS.get(/ id=(\d+)/.exec(String(message))?.[1] ?? String(uid)) ?? ""),
}
const NO_SERIAL: Record<string, Change> = { record_id: () => null }
const WHOLE_SECONDS: Record<string, Change> = { time_ns: (row) => `${row.time}000000000` }
const NO_TIME: Record<string, Change> = { time: () => null, time_ns: () => null }
const CHANGES: Record<string, Record<string, Change>> = {
  "tour-enriched": NAMES,
  "tour-enriched-separator-lost": NAMES,
  "tour-enriched-separator-space": NAMES,
  "tour-journald-cat": { ...NO_TIME, ...NO_SERIAL },
  "tour-journald-export": HOST,
  "tour-journald-json": HOST,
  "tour-journald-json-pretty": HOST,
  "tour-journald-json-seq": HOST,
  "tour-journald-json-sse": HOST,
  "tour-journald-short": { ...HOST, ...NO_SERIAL, ...WHOLE_SECONDS },
  "tour-journald-short-full": { ...HOST, ...NO_SERIAL, ...WHOLE_SECONDS },
  "tour-journald-short-iso": { ...HOST, ...NO_SERIAL, ...WHOLE_SECONDS },
  "tour-journald-short-monotonic": { ...HOST, ...NO_SERIAL, ...NO_TIME },
  "tour-journald-short-precise": { ...HOST, ...NO_SERIAL },
  "tour-journald-short-unix": { ...HOST, ...NO_SERIAL },
  "tour-journald-verbose": HOST,
  "tour-journald-with-unit": { ...HOST, ...NO_SERIAL, ...WHOLE_SECONDS },
  "tour-node": HOST,
  "tour-node-enriched": { ...HOST, ...NAMES },
  "tour-syslog-iso": HOST,
  "tour-syslog-messages": HOST,
  "tour-syslog-rfc3164": HOST,
  "tour-syslog-rfc3164-enriched": { ...HOST, ...NAMES },
  "tour-syslog-rfc3164-pri": HOST,
  "tour-syslog-rfc5424": HOST,
}

const forms = (await findCases([ownCorpus()])).filter((folder) => basename(folder).startsWith("tour-"))

async function rowsOf(folder: string): Promise<Row[]> {
  const { rows } = await readCase(folder, await listInputs(folder), await metaOf(folder))
  const lines = rows.toString("utf8").trimEnd().split("\n")
  return lines.map((line) => {
    // Where an event lies is each form's own.
    const { source_offset: _, ...row } = JSON.parse(line)
    return row
  })
}

describe("the tour", async () => {
  const reference = await rowsOf(forms.find((folder) => basename(folder) === "tour-auditd") ?? "")

  it("is recorded in many forms, and fills three tables", () => {
    expect(forms.length).toBeGreaterThanOrEqual(30)
    expect(new Set(reference.map((row) => row._table)).size).toBe(3)
    expect(Object.keys(CHANGES).filter((name) => !forms.some((folder) => basename(folder) === name))).toEqual(
      [],
    )
  })

  it.each(forms.map((folder) => [basename(folder), folder]))("%s", async (name, folder) => {
    const changes = Object.entries(CHANGES[name] ?? {})
    const expected = reference.map((row) => {
      const known = changes.filter(([column]) => column in row)
      return { ...row, ...Object.fromEntries(known.map(([column, change]) => [column, change(row)])) }
    })
    expect(await rowsOf(folder)).toEqual(expected)
  })
})
