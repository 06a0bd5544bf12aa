/** Every record that the writer can write comes out as the tree that was meant, damaged logs among them. */
import { describe, expect, it } from "vitest"
import { EVTX_CASES } from "../../../../evtx-writer/cases/index.ts"
import { fileOffset, type PlacedRecord } from "../../../../evtx-writer/file.ts"
import { showRecord } from "../../../../evtx-writer/intended.ts"
import { readEvents } from "../../../../evtx-writer/read-events.ts"

const treeOf = ({ record }: PlacedRecord) => showRecord(record.content)
const cases = EVTX_CASES.map(({ folder, file }) => [folder, file] as const)

describe("a written log", () => {
  it.each(cases)("%s", (_, file) => {
    const { events } = readEvents(file.bytes)
    const live = events.filter(({ place }) => place.recovered === "")
    const intended = file.records.filter(({ state }) => state === "live")
    expect(live.map(({ place }) => place.offset)).toEqual(intended.map(fileOffset))
    expect(live.map(({ root }) => root)).toEqual(intended.map(treeOf))
    expect(live.map(({ place }) => place.length)).toEqual(intended.map(({ size }) => size))
  })

  it.each(cases)("%s, byte by byte", (_, file) => {
    const whole = readEvents(file.bytes)
    const pieces = readEvents(file.bytes, { cuts: Array.from({ length: 4600 }, (_, at) => at + 1) })
    expect(pieces).toEqual(whole)
  })
})
