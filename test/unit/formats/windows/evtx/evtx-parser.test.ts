import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { detectEvtx } from "../../../../../src/formats/windows/evtx/detect.ts"
import { EvtxParser } from "../../../../../src/formats/windows/evtx/evtx-parser.ts"
import {
  chunk,
  file,
  record,
  sign,
  templateRecord,
  u16,
  u32,
  u64,
  utf16,
  type Value,
  valueList,
  Xml,
} from "./build-chunk.ts"
import { Collector, readEvtx, sharedFiles } from "./read-evtx.ts"

const FILETIME = 132_012_345_678_901_234n
const UNIX_SECONDS = Number(FILETIME / 10_000_000n) - 11_644_473_600

interface Fields {
  readonly eventId?: number
  readonly seconds?: number
  readonly recordId?: number
  readonly data?: string
}

const system = (xml: Xml): void => {
  xml.open("Event").body().open("System").body()
  xml.open("Provider", true).attribute("Name").text("Microsoft-Windows-Eventlog").raw(0x03)
  xml.open("EventID").body().slot(0, 6).close()
  xml.open("TimeCreated", true).attribute("SystemTime").slot(1, 0x11).raw(0x03)
  xml.open("EventRecordID").body().slot(2, 0x0a).close()
  xml.open("Channel").body().text("Security").close()
  xml.open("Computer").body().text("web-1").close()
  xml.close().open("EventData").body()
  xml.open("Data", true).attribute("Name").text("A").body().slot(3, 1).close().close().close()
}

const values = (id: number, fields: Fields): readonly Value[] => [
  { type: 0x06, bytes: u16(fields.eventId ?? 4688) },
  { type: 0x11, bytes: u64(FILETIME + BigInt(fields.seconds ?? id) * 10_000_000n) },
  { type: 0x0a, bytes: u64(BigInt(fields.recordId ?? id)) },
  { type: 0x01, bytes: utf16(fields.data ?? `value ${id}`) },
]

/** A chunk of events, whose ids in header and event are these. */
const events = (ids: readonly number[], fields: (id: number) => Fields = () => ({})): Buffer =>
  chunk(ids.map((id) => (at: number) => templateRecord(at, system, values(id, fields(id)), id)))

const idsOf = ({ events: read }: Collector, recovered = ""): number[] =>
  read.filter((event) => event.recovered === recovered).map(({ headerId }) => headerId)

const codesOf = ({ problems }: Collector): string[] => problems.map(({ code }) => code)

/** Where the record of an id begins in a file. */
function placeOf(bytes: Buffer, id: number): number {
  for (let at = 4096 + 512; at < bytes.length; at += 8) {
    if (bytes.readUInt32LE(at) === 0x2a2a && bytes.readUInt32LE(at + 8) === id) return at
  }
  return -1
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)

describe("whole logs", () => {
  const log = file([events(range(1, 30)), events(range(31, 50)), Buffer.alloc(65_536)])

  it("gives the same whatever the pieces are", () => {
    const whole = readEvtx(log)
    expect(idsOf(whole)).toEqual(range(1, 50))
    for (const piece of [1021, 4096, 65_536, 69_632, 100_000]) expect(readEvtx(log, { piece })).toEqual(whole)
  })

  it("does not believe the count of chunks, and skips chunks that were never written", () => {
    const bytes = file([Buffer.alloc(65_536), events([7]), Buffer.alloc(65_536), events([8])])
    bytes.writeUInt16LE(1, 42)
    const read = readEvtx(bytes)
    expect(idsOf(read)).toEqual([7, 8])
    expect(codesOf(read)).toEqual(["evtx/file-header"])
  })

  it("has exact offsets beyond 4 GiB", () => {
    const consumer = new Collector()
    const parser = new EvtxParser({ consumer, recover: false })
    parser.beginSource({ sourceId: 1, variant: "evtx", modifiedMs: 0 })
    parser.push(log.subarray(0, 4096), 0)
    parser.push(log.subarray(4096), 4096 + 70_000 * 65_536)
    parser.endSource()
    expect(consumer.events[0]?.offset).toBe(4096 + 70_000 * 65_536 + 512)
  })

  it("reads chunks without a header block, and finds them in an image", () => {
    const chunks = log.subarray(4096)
    expect(idsOf(readEvtx(chunks, { variant: "evtx-chunks" }))).toEqual(range(1, 50))
    const noise = Buffer.alloc(512 * 7, 0x55)
    const image = Buffer.concat([noise, chunks, noise, events([60]), noise])
    const read = readEvtx(image, { variant: "evtx-image" })
    expect(idsOf(read, "loose")).toEqual([...range(1, 50), 60])
    expect(read.problems).toEqual([])
  })

  it("asks before it decodes", () => {
    const consumer = new Collector()
    const asked: [number, number][] = []
    consumer.wants = (eventId, second) => asked.push([eventId, second]) % 2 === 0
    const parser = new EvtxParser({ consumer, recover: false })
    parser.beginSource({ sourceId: 1, variant: "evtx", modifiedMs: 0 })
    parser.push(log, 0)
    parser.endSource()
    expect(asked[4]).toEqual([4688, UNIX_SECONDS + 5])
    expect(consumer.events).toHaveLength(25)
    expect(parser.records).toBe(50)
    expect(consumer.gaps).toEqual([])
  })

  it("takes a template for what it is in its own chunk, whatever another chunk says", () => {
    const other = (xml: Xml): void => {
      xml.open("Event").body().open("X").body().slot(3, 1).close().close()
    }
    const chunks = [
      chunk([(at) => templateRecord(at, system, values(1, {}), 1)]),
      chunk([(at) => templateRecord(at, other, values(1, {}), 1)]),
    ]
    expect(readEvtx(file(chunks)).events[1]?.xml).toBe("<Event><X>value 1</X></Event>")
  })
})

describe("a log that grows", () => {
  it("goes on where it stopped, and gives each record once", () => {
    const all = [...range(1, 60)]
    const grown = file([events(range(1, 30)), events(range(31, 60)), Buffer.alloc(65_536)])
    for (const known of [1, 30, 31, 45, 60]) {
      const before = file([
        events(range(1, Math.min(30, known))),
        known > 30 ? events(range(31, known)) : Buffer.alloc(65_536),
      ])
      const first = new Collector()
      const parser = new EvtxParser({ consumer: first, recover: false })
      parser.beginSource({ sourceId: 1, variant: "evtx", modifiedMs: 0 })
      parser.push(before, 0)
      parser.endSource()
      const second = new Collector()
      const next = new EvtxParser({ consumer: second, recover: false })
      next.beginSource({ sourceId: 1, variant: "evtx", modifiedMs: 0 })
      next.restoreState(parser.saveState())
      next.push(grown.subarray(parser.consumedTo), parser.consumedTo)
      next.endSource()
      expect([...idsOf(first), ...idsOf(second)]).toEqual(all)
      expect([first.gaps, second.gaps]).toEqual([[], []])
      expect(second.events.at(-1)?.offset ?? 0).toBe(known === 60 ? 0 : placeOf(grown, 60))
    }
  })
})

describe("damage", () => {
  const log = (): Buffer => file([events(range(1, 20)), events(range(21, 40))])

  it("leaves out a record whose sizes differ, and goes on behind it", () => {
    const bytes = log()
    const at = placeOf(bytes, 5)
    bytes.writeUInt32LE(0, at + bytes.readUInt32LE(at + 4) - 4)
    const read = readEvtx(bytes)
    expect(idsOf(read)).toEqual(range(1, 40).filter((id) => id !== 5))
    expect(read.problems).toMatchObject([
      { code: "evtx/chunk-checksum", offset: 4096 },
      {
        code: "evtx/torn-record",
        severity: "error",
        offset: at,
        message: "Record 5 of chunk 0 was not written whole.",
      },
    ])
    expect(read.gaps).toMatchObject([{ kind: "record-id-gap", fromId: "5", toId: "5", host: "web-1" }])
  })

  it("finds the records behind bytes that are none, and says where they come from", () => {
    const bytes = log()
    const from = placeOf(bytes, 5)
    bytes.fill(0x77, from, placeOf(bytes, 8) - 16)
    const read = readEvtx(bytes, { recover: true })
    expect(idsOf(read)).toEqual([...range(1, 4), ...range(21, 40)])
    expect(idsOf(read, "torn")).toEqual(range(8, 20))
    expect(codesOf(read)).toEqual(["evtx/chunk-checksum", "evtx/skipped-bytes"])
    const plain = readEvtx(bytes)
    expect(idsOf(plain)).toEqual([...range(1, 4), ...range(21, 40)])
    expect(idsOf(plain, "torn")).toEqual([])
    expect(codesOf(plain)).toEqual(["evtx/chunk-checksum", "evtx/skipped-bytes", "evtx/behind-damage"])
  })

  it("takes no older records behind damage for live ones", () => {
    const bytes = log()
    for (const id of range(10, 20)) bytes.writeUInt32LE(id + 1000 - 2000 + 5000, placeOf(bytes, id) + 8)
    const read = readEvtx(bytes)
    expect(idsOf(read)).toHaveLength(40)
    const torn = log()
    const at = placeOf(torn, 9)
    torn.fill(0, at, placeOf(torn, 10))
    for (const id of range(10, 20)) torn.writeUInt32LE(900 + id, placeOf(torn, id) + 8)
    expect(idsOf(readEvtx(torn), "torn")).toEqual([])
    expect(idsOf(readEvtx(torn, { recover: true }), "slack")).toEqual(range(910, 920))
  })

  it.each([
    ["its magic", 0, 8],
    ["its whole header", 0, 512],
    ["its free offset", 48, 52],
  ])("reads a chunk that lost %s", (_title, from, to) => {
    const bytes = log()
    bytes.fill(0, 4096 + from, 4096 + to)
    const read = readEvtx(bytes)
    expect(idsOf(read)).toEqual(range(1, 40))
    expect(codesOf(read)).toEqual(["evtx/chunk-header"])
  })

  it("goes on at the next chunk when bytes are missing, or too many", () => {
    const bytes = log()
    const shorter = Buffer.concat([bytes.subarray(0, 40_000 - (40_000 % 512)), bytes.subarray(41_472)])
    expect(idsOf(readEvtx(shorter))).toEqual(range(1, 40))
    const longer = Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(515, 1), bytes.subarray(4096)])
    expect(idsOf(readEvtx(longer))).toEqual(range(1, 40))
  })

  it("reads what is there of a file that was cut", () => {
    const bytes = log()
    const read = readEvtx(bytes.subarray(0, placeOf(bytes, 33) + 40))
    expect(idsOf(read)).toEqual(range(1, 32))
    expect(codesOf(read)).toEqual(["evtx/cut-chunk", "evtx/torn-record"])
  })

  it("reads a log whose checksums were never written", () => {
    const bytes = file([events([1, 2])], 4)
    bytes.writeUInt32LE(7, 4096 + 52)
    bytes.writeUInt32LE(7, 4096 + 124)
    expect(readEvtx(bytes).problems).toEqual([])
  })

  it("reads on behind an old free offset of a log that was not closed", () => {
    const one = events(range(1, 9))
    one.writeUInt32LE(512, 48)
    expect(idsOf(readEvtx(file([sign(one)], 1)))).toEqual(range(1, 9))
  })

  it("keeps the rest of an event whose payload cannot be read", () => {
    const build = (xml: Xml): void => {
      xml.open("Event").body().open("A").body().text("kept").close().slot(0, 0x21).close()
    }
    const broken = [{ type: 0x21, bytes: Buffer.from([0x0f, 1, 1, 0, 0x0c, 1, 9, 9, 9, 9]) }]
    const read = readEvtx(file([chunk([(at) => templateRecord(at, build, broken)])]))
    expect(read.events[0]?.xml).toBe("<Event><A>kept</A></Event>")
    expect(codesOf(read)).toEqual(["evtx/damaged-record"])
  })
})

describe("what a log tells of itself", () => {
  it("tells holes in the ids, wherever the ring begins", () => {
    const read = readEvtx(file([events(range(50, 60)), events([...range(20, 30), ...range(33, 49)])]))
    expect(read.gaps).toMatchObject([
      { kind: "record-id-gap", fromId: "31", toId: "32", what: "2 records are missing." },
    ])
  })

  it("tells the holes of an export in one, since a filter leaves them", () => {
    const renumbered = (id: number): Fields => ({ recordId: 1000 + id * 3 })
    const read = readEvtx(file([events(range(1, 9), renumbered)]))
    expect(read.gaps).toHaveLength(1)
    expect(read.gaps[0]?.evidence).toMatch(/export/)
  })

  it("tells holes beyond number in one", () => {
    const holed = (id: number): Fields => ({ recordId: id })
    const chunks = range(0, 19).map((part) =>
      events(
        range(1, 50).map((at) => (part * 50 + at) * 2),
        holed,
      ),
    )
    const read = readEvtx(file(chunks))
    expect(read.gaps).toMatchObject([{ kind: "record-id-gap", fromId: "2", toId: "2000" }])
    expect(read.gaps[0]?.what).toMatch(/^999 record ids/)
  })

  it("tells that the clock went back, but not of one event that came late", () => {
    const back = readEvtx(file([events(range(1, 9), (id) => ({ seconds: id < 5 ? id : id - 7200 }))]))
    expect(back.gaps).toMatchObject([{ kind: "clock-step", toId: "5" }])
    const late = readEvtx(file([events(range(1, 9), (id) => ({ seconds: id === 5 ? -7200 : id }))]))
    expect(late.gaps).toEqual([])
  })

  it("tells that the log was cleared", () => {
    const read = readEvtx(file([events([1, 2], (id) => ({ eventId: id === 1 ? 1102 : 4688 }))]))
    expect(read.gaps).toMatchObject([
      { kind: "log-cleared", what: "The log Security was cleared.", host: "web-1" },
    ])
  })

  it("finds a record that another one was made to swallow", () => {
    const bytes = file([events(range(1, 9))])
    const at = placeOf(bytes, 4)
    const size = bytes.readUInt32LE(at + 4) + bytes.readUInt32LE(placeOf(bytes, 5) + 4)
    bytes.writeUInt32LE(size, at + 4)
    bytes.writeUInt32LE(size, at + size - 4)
    sign(bytes.subarray(4096))
    const read = readEvtx(bytes, { recover: true })
    expect(idsOf(read)).toEqual([1, 2, 3, 4, 6, 7, 8, 9])
    expect(idsOf(read, "hidden")).toEqual([5])
    expect(idsOf(readEvtx(bytes), "hidden")).toEqual([])
    expect(read.gaps.map(({ kind }) => kind)).toEqual(["hidden-record", "record-id-gap"])
  })
})

describe("recovery", () => {
  it("recovers what stands behind the free offset, once, and with its own template only", () => {
    const bytes = file([events(range(1, 30))])
    bytes.writeUInt32LE(placeOf(bytes, 20) - 4096, 4096 + 48)
    sign(bytes.subarray(4096))
    expect(idsOf(readEvtx(bytes), "slack")).toEqual([])
    expect(idsOf(readEvtx(bytes, { recover: true }), "slack")).toEqual(range(20, 30))
    // One character of a name in the template of record 25: no hash fits any more.
    const at = placeOf(bytes, 25)
    bytes.write("F", bytes.indexOf(utf16("EventData"), at), "latin1")
    const damaged = readEvtx(bytes, { recover: true })
    expect(idsOf(damaged, "slack")).toEqual(range(20, 30).filter((id) => id !== 25))
    expect(codesOf(damaged)).toEqual(["evtx/not-recovered"])
  })

  it("recovers loose records of a chunk that lost its first page", () => {
    const bytes = file([events(range(1, 30)), events(range(31, 60))])
    bytes.fill(0, 4096 + 65_536, 4096 + 65_536 + 4096)
    const first = range(31, 60).find((id) => placeOf(bytes, id) > 0) ?? 0
    const read = readEvtx(bytes, { recover: true })
    expect(idsOf(read, "loose")).toEqual(range(first, 60))
    expect(codesOf(read)).toEqual(["evtx/bad-chunk"])
  })
})

describe("detection", () => {
  it("names the version, and when it begins", () => {
    const bytes = file([events([1])])
    expect(detectEvtx(bytes, "x")).toMatchObject({
      format: "evtx",
      variant: "evtx",
      title: "Windows event log (EVTX 3.1)",
      firstTimeMs: Number(FILETIME / 10_000n) - 11_644_473_600_000,
    })
    expect(detectEvtx(bytes.subarray(4096), "x")?.variant).toBe("evtx-chunks")
    expect(detectEvtx(Buffer.from("<Event xmlns='x'>".repeat(100)), "x")).toBeNull()
    expect(detectEvtx(Buffer.alloc(0), "x")).toBeNull()
  })
})

describe("templates", () => {
  /** A record that refers to the template of the first one. */
  const shared = (id: number, definitionAt: number) => (): Buffer =>
    record(
      Buffer.concat([
        Buffer.from([0x0f, 1, 1, 0, 0x0c, 1]),
        u32(0x1001),
        u32(definitionAt),
        valueList(values(id, {})),
        Buffer.from([0]),
      ]),
      id,
    )
  const DEFINITION_AT = 512 + 24 + 14

  it("are taken from another chunk when a record's own is damaged, which is told", () => {
    const first = (at: number): Buffer => templateRecord(at, system, values(1, {}), 1)
    const whole = chunk([first, shared(2, DEFINITION_AT)])
    const damaged = chunk([first, shared(3, 40_000)])
    const read = readEvtx(file([whole, damaged]))
    expect(idsOf(read)).toEqual([1, 2, 1, 3])
    expect(read.events[3]?.xml).toMatch(/<Data Name="A">value 3<\/Data>/)
    expect(read.problems).toMatchObject([{ code: "evtx/template-missing", severity: "warning" }])
    const alone = readEvtx(file([chunk([shared(3, 40_000)])]))
    expect(alone.problems).toMatchObject([{ code: "evtx/template-missing", severity: "error" }])
  })

  it("of the same bytes but for a name are not taken for each other", () => {
    const named = (name: string): Buffer => {
      const build = (xml: Xml): void =>
        void xml.open("Event").body().open(name).body().slot(3, 1).close().close()
      return chunk([(at) => templateRecord(at, build, values(1, {}), 1)])
    }
    const read = readEvtx(file([named("Left"), named("Side"), named("Left")]))
    expect(read.events.map(({ xml }) => /<Event><(\w+)>/.exec(xml)?.[1])).toEqual(["Left", "Side", "Left"])
  })

  it("are not those of a definition behind the record", () => {
    const first = (at: number): Buffer => templateRecord(at, system, values(2, {}), 1)
    const forward = shared(1, DEFINITION_AT + shared(1, 0)().length)
    expect(codesOf(readEvtx(file([chunk([forward, first])])))).toEqual(["evtx/template-missing"])
  })
})

describe("bytes of an attacker", () => {
  const shared = sharedFiles()
    .map(({ file: name }) => name)
    .filter((name) => existsSync(name) && readFileSync(name).length <= 69_632)
    .slice(0, 12)
    .map((name) => readFileSync(name))
  const seeds = [file([events(range(1, 40))]), ...shared]

  it("gives something for any change of bytes, and comes to an end", () => {
    let state = 12_345
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state % below
    }
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(seeds[round % seeds.length] as Buffer)
      for (let change = 0; change < 1 + (round % 40); change++) {
        bytes[4096 + random(bytes.length - 4096)] = random(4) === 0 ? 0xff : random(256)
      }
      for (const { xml } of readEvtx(bytes, { recover: round % 3 === 0 }).events)
        expect(xml).toMatch(/^<[^>]*>/)
    }
  })

  it("is not kept busy by one record whose values hold each other many times", () => {
    const bare = new Xml(0, false)
    for (let item = 0; item < 2000; item++) bare.raw(1, u32(0), u32(0))
    const build = (xml: Xml): void => {
      xml.open("Event").body()
      for (let repeat = 0; repeat < 5000; repeat++) xml.slot(0, 0x21)
      xml.close()
    }
    const began = process.cpuUsage()
    readEvtx(file([chunk([(at) => templateRecord(at, build, [{ type: 0x21, bytes: bare.bytes }])])]))
    const { user } = process.cpuUsage(began)
    // Far above what it takes, far below what it would take without a budget.
    expect(user).toBeLessThan(3_000_000)
  })

  it("gives up an event that would grow without end", () => {
    const build = (xml: Xml): void => {
      xml.open("Event").body()
      for (let repeat = 0; repeat < 1000; repeat++) xml.open("D").body().slot(0, 1).close()
      xml.close()
    }
    const big = [{ type: 1, bytes: utf16("x".repeat(12_000)) }]
    const read = readEvtx(file([chunk([(at) => templateRecord(at, build, big)])]))
    expect(read.events).toEqual([])
    expect(codesOf(read)).toEqual(["evtx/bad-record"])
  })
})
