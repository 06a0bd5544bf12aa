/** The cases of the corpus are sound logs: libevtx reads what it can read of them, with the values that were meant. */
import { describe, expect, it } from "vitest"
import { EVTX_CASES } from "../../evtx-writer/cases/index.ts"
import { showRecord } from "../../evtx-writer/intended.ts"
import { asWindows, HAS_EVTXEXPORT, runEvtxexport } from "./run-evtxexport.ts"

/** What libevtx 20181227 gets wrong or does not know; single values in evtxexport.test.ts say why. */
const BEYOND_LIBEVTX = new Map([
  ["windows-10/value-types", "real numbers, SizeT, negative numbers"],
  ["windows-10/arrays", "arrays of SID and Boolean"],
  ["windows-10/tokens", "character references"],
  ["windows-10/substitutions", "NULL in a normal substitution"],
  ["windows-10/record-shapes", "elements without a template"],
])
/** Damage after which libevtx reads fewer records, or the host's in the form that the damage gave them. */
const LOSES = /^damaged\/(?:torn|zeroed|bad-chunk|slack|hidden|cut|header|dirty|blank|missing)/

const readable = EVTX_CASES.filter(({ folder }) => !BEYOND_LIBEVTX.has(folder) && !LOSES.test(folder))
const title = HAS_EVTXEXPORT ? "libevtx reads" : "libevtx reads (skipped: needs libevtx-utils)"

describe.skipIf(!HAS_EVTXEXPORT)(title, () => {
  it.each(readable.map((one) => [one.folder, one.file] as const))("%s", async (_, file) => {
    const read = await runEvtxexport(file.bytes)
    const live = file.records.filter(({ state }) => state === "live")
    expect(read.map(asWindows)).toEqual(live.map(({ record }) => showRecord(record.content)))
  })
})

it("names every case once, and says what it shows in one sentence", () => {
  const folders = EVTX_CASES.map(({ folder }) => folder)
  expect(new Set(folders).size).toBe(folders.length)
  for (const { shows } of EVTX_CASES) expect(shows).toMatch(/^[A-Z0-9].{10,120}\.$/)
})

it("keeps every log small", () => {
  for (const { file } of EVTX_CASES) expect(file.bytes.length).toBeLessThan(4096 + 4 * 65_536)
})
