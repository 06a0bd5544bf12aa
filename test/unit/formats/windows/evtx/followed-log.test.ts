/** The parser of a log that is still written: blocks come again, in any order, in any state. */
import { describe, expect, it } from "vitest"
import { EvtxParser } from "../../../../../src/formats/windows/evtx/evtx-parser.ts"
import { seededRandom } from "../../../../acceptance/read-rows.ts"
import { spoilChecksum, tearRecord } from "../../../../evtx-writer/damage.ts"
import { demoEvent } from "../../../../evtx-writer/events.ts"
import { chunkOf, chunkStart, type EvtxFile, evtxFile } from "../../../../evtx-writer/file.ts"

const FILE = evtxFile({
  records: Array.from({ length: 12 }, (_, at) => demoEvent({ recordId: at + 1, second: at })),
  recordsPerChunk: 4,
})
const SOURCE = { sourceId: 1, variant: "evtx", modifiedMs: 0, isFollowed: true }

class Kept {
  readonly ids: number[] = []
  readonly codes: string[] = []
  readonly gaps: string[] = []
  readonly parser = new EvtxParser({
    consumer: {
      event: (_tape, { headerId }) => void this.ids.push(headerId),
      problem: ({ code }) => void this.codes.push(code),
      gap: ({ kind }) => void this.gaps.push(kind),
    },
    recover: false,
  })

  constructor(state?: string) {
    this.parser.beginSource(SOURCE)
    if (state !== undefined) this.parser.restoreState(state)
  }

  header({ bytes }: EvtxFile): void {
    this.parser.push(Buffer.from(bytes.subarray(0, chunkStart(0))), 0)
  }

  chunk({ bytes }: EvtxFile, at: number): void {
    this.parser.push(Buffer.from(chunkOf(bytes, at)), chunkStart(at))
  }
}

describe("chunks of a log that is still written", () => {
  it("give each record once, in any order", () => {
    const kept = new Kept()
    kept.header(FILE)
    for (const at of [2, 0, 2, 1, 0, 1]) kept.chunk(FILE, at)
    kept.parser.settle()
    expect(kept.ids).toEqual([9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8])
    expect([kept.codes, kept.gaps, kept.parser.records]).toEqual([[], [], 12])
  })

  it("are waited for where they are torn, also in front of records that are whole", () => {
    const torn = tearRecord(FILE, 5)
    const kept = new Kept()
    kept.header(torn)
    for (const at of [0, 1, 2]) kept.chunk(torn, at)
    expect([kept.ids.includes(6), kept.codes]).toEqual([false, []])
    kept.chunk(FILE, 1)
    kept.parser.settle()
    expect(kept.ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1))
    expect([kept.codes, kept.gaps, kept.parser.records]).toEqual([[], [], 12])
  })

  it("are told of once nobody waits, and once only over runs", () => {
    const damaged = spoilChecksum(tearRecord(FILE, 5), "file")
    const kept = new Kept()
    kept.header(damaged)
    for (const at of [0, 1, 2]) kept.chunk(damaged, at)
    expect(kept.codes).toEqual([])
    kept.parser.settle()
    expect(kept.codes.toSorted()).toEqual(["evtx/file-header", "evtx/torn-record"])
    expect(kept.gaps).toEqual(["record-id-gap"])
    const later = new Kept(kept.parser.saveState())
    later.header(damaged)
    for (const at of [0, 1, 2]) later.chunk(damaged, at)
    later.parser.settle()
    expect([later.ids, later.codes, later.gaps]).toEqual([[], [], []])
  })

  it("that are passed over give nothing when they come again", () => {
    const kept = new Kept()
    kept.parser.passOver(FILE.bytes.subarray(0, chunkStart(2)), 0)
    expect(kept.ids).toEqual([])
    for (const at of [0, 1, 2]) kept.chunk(FILE, at)
    expect(kept.ids).toEqual([9, 10, 11, 12])
  })

  it("are told of when another one comes in their place", () => {
    const torn = tearRecord(FILE, 5)
    const kept = new Kept()
    kept.header(torn)
    for (const at of [0, 1]) kept.chunk(torn, at)
    kept.parser.push(Buffer.from(chunkOf(FILE.bytes, 2)), chunkStart(1))
    expect(kept.codes).toEqual(["evtx/torn-record"])
    expect(kept.ids.slice(-4)).toEqual([9, 10, 11, 12])
  })
})

describe("bytes that are no log", () => {
  it.each(Array.from({ length: 60 }, (_, at) => at + 1))("end without a throw (seed %i)", (seed) => {
    const random = seededRandom(seed)
    const kept = new Kept()
    const bytes = Buffer.from(FILE.bytes)
    for (let step = 0; step < 40; step++) {
      for (let spoiled = 0; spoiled < 20; spoiled++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      const from = random() < 0.7 ? chunkStart(Math.floor(random() * 3)) : Math.floor(random() * bytes.length)
      const to = random() < 0.7 ? from + 65_536 : from + Math.floor(random() * 70_000)
      if (random() < 0.1) kept.header(FILE)
      kept.parser.push(Buffer.from(bytes.subarray(from, Math.min(to, bytes.length))), from)
    }
    kept.parser.endSource()
    expect(kept.ids.length).toBeGreaterThan(0)
    expect(JSON.parse(kept.parser.saveState())).toMatchObject({ isEnded: true })
  })
})
