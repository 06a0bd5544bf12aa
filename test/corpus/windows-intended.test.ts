/**
 * The cases of Windows logs and exports are what their writers make, and give the rows that were meant when the events
 * were written down, not only those that a reader once gave.
 */
import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { ownCorpus } from "../../src/app/corpus/find-cases.ts"
import { EVTX_CASES } from "../evtx-writer/cases/index.ts"
import { INPUT, metaOf } from "../evtx-writer/write-case.ts"
import { EXPORT_CASES, exportMeta, TOUR_ROWS } from "../export-writer/cases.ts"

/** PowerShell hands over the values of an event without the names of its fields. */
const NAMELESS: ReadonlySet<string> = new Set(["powershell-json", "clixml"])

type Row = Readonly<Record<string, unknown>>

const fileOf = (format: string, folder: string, name: string) => path.join(ownCorpus(), format, folder, name)
const textOf = (format: string, folder: string, name: string) =>
  readFileSync(fileOf(format, folder, name), "utf8")

function rowsOf(format: string, folder: string): Row[] {
  const lines = textOf(format, folder, "expected.jsonl").split("\n").filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Row)
}

/** The columns that were meant, of the rows that were meant, in the order of each table. */
function givenFor(rows: readonly Row[], intended: (typeof EVTX_CASES)[number]["rows"]) {
  const used = new Map<string, number>()
  return intended.map(({ table, columns }) => {
    const from = used.get(table) ?? 0
    used.set(table, from + 1)
    const row = rows.filter(({ _table }) => _table === table)[from]
    return { table, columns: Object.fromEntries(Object.keys(columns).map((name) => [name, row?.[name]])) }
  })
}

describe("corpus/evtx", () => {
  it.each(EVTX_CASES.map((one) => [one.folder, one] as const))("%s", (folder, one) => {
    expect(gunzipSync(readFileSync(fileOf("evtx", folder, INPUT))).equals(one.file.bytes)).toBe(true)
    expect(textOf("evtx", folder, "meta.yaml")).toBe(metaOf(one))
    expect(givenFor(rowsOf("evtx", folder), one.rows)).toEqual(one.rows)
  })
})

describe("corpus/windows-export", () => {
  it.each(EXPORT_CASES.map((one) => [one.folder, one] as const))("%s", (folder, one) => {
    expect(readFileSync(fileOf("windows-export", folder, one.input)).equals(one.bytes)).toBe(true)
    expect(textOf("windows-export", folder, "meta.yaml")).toBe(exportMeta(one))
    expect(existsSync(fileOf("windows-export", folder, "problems.jsonl"))).toBe(true)
    const rows = rowsOf("windows-export", folder)
    const events = rows.filter(({ _table }) => _table === "windows_events")
    expect(events.map(({ eventid }) => eventid)).toEqual(one.events.map(({ eventId }) => eventId))
    const wanted = one.variant === "none" ? [] : TOUR_ROWS
    if (!NAMELESS.has(one.variant)) expect(givenFor(rows, wanted)).toEqual(wanted)
  })
})
