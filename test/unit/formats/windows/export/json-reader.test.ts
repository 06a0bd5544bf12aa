/** JSON text: what stands around records, damage, and the state that outlives a run. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ExportParser } from "../../../../../src/formats/windows/export/export-parser.ts"
import { readExport, xmlOf } from "./read-export.ts"

const record = (id: number, rest: object = {}): object => ({
  Event: {
    System: { Provider: { "#attributes": { Name: "Demo" } }, EventID: id },
    EventData: { A: "x", ...rest },
  },
})
const line = (id: number, rest: object = {}): string => JSON.stringify(record(id, rest))
const read = (text: string, pieces: readonly number[] = [65_536]) =>
  readExport(Buffer.from(text), { variant: "evtx-dump-json", pieces })
const idsOf = (text: string, pieces?: readonly number[]): number[] =>
  read(text, pieces).events.map(({ xml }) => Number(/<EventID>(\d+)/.exec(xml)?.[1]))

describe("what stands around records", () => {
  it.each([
    ["lines", `${line(1)}\r\n${line(2)}\n`],
    ["nothing", line(1) + line(2)],
    ["a list", `[${line(1)},\n${line(2)}]`],
    ["a pretty list", JSON.stringify([record(1), record(2)], null, 2)],
    ["a wrapper", JSON.stringify({ hits: { hits: [{ _source: record(1) }, { _source: record(2) }] } })],
    ["a mark and RS", `\ufeff\u001e${line(1)}\n\u001e${line(2)}\n`],
  ])("%s says nothing, in any pieces", (_name, text) => {
    for (const pieces of [[1], [3, 50], [65_536]]) {
      expect(idsOf(text, pieces)).toEqual([1, 2])
      expect(read(text, pieces).problems).toEqual([])
    }
  })

  it("gives each event the place of its own object", () => {
    const text = `{"all":[${line(1)}, ${line(2)}]}`
    const { events } = read(text)
    expect(events.map(({ offset, length }) => text.slice(offset, offset + length))).toEqual([
      line(1),
      line(2),
    ])
  })

  it("tells an object that is no event", () => {
    expect(read(`${line(1)}\n{"a":1}\n${line(2)}`).problems).toMatchObject([
      { code: "windows-export/not-an-event", offset: line(1).length + 1, length: 7 },
    ])
  })
})

describe("damage", () => {
  it.each([
    ["cut in a string", `${line(1)}\n${line(2).slice(0, -6)}\n${line(3)}`],
    ["cut behind a comma", `${line(1)}\n${line(2, { B: 1 }).slice(0, -6)},\n${line(3)}`],
    ["cut behind a colon", `${line(1)}\n${line(2).slice(0, 20)}\n${line(3)}`],
    ["cut between members", `${line(1)}\n{"Event":{"System":{"EventID":2}\n${line(3)}`],
    [
      "with whole objects in it",
      `${line(1)}\n{"Event":{"System" 2,\n"Data":[\n{"@Name":"a"},\n{"@Name":"b"}]}}\n${line(3)}`,
    ],
    ["text", `${line(1)}\nsome words, and {braces}\n${line(3)}`],
    ["behind a closed object", `${line(1)}\nwords {} ${line(3)}`],
    ["a pretty object", `${line(1)}\n${JSON.stringify(record(2), null, 2).slice(0, -20)}\n${line(3)}`],
  ])("%s is told once, and the next record is read", (_name, text) => {
    for (const pieces of [[1], [17], [65_536]]) {
      expect(idsOf(text, pieces)).toEqual([1, 3])
      expect(read(text, pieces).problems).toMatchObject([
        { code: "windows-export/bad-json", severity: "error", offset: line(1).length + 1 },
      ])
    }
  })

  it("at the end is told", () => {
    const text = `${line(1)}\n${line(2).slice(0, -1)}`
    expect(idsOf(text)).toEqual([1])
    expect(read(text).problems).toMatchObject([
      { code: "windows-export/bad-json", length: line(2).length - 1 },
    ])
  })

  it.each(['{"a":[{},\n', "{\n", '{"Event":{\n', '"', "[", '{"a":"\\', "Record 1\n", "{}"])(
    "%j without end",
    (piece) => {
      expect(read(piece.repeat(200_000 / piece.length)).events).toEqual([])
    },
  )

  it("of any kind leaves the records around it, in any pieces", () => {
    const bytes = Buffer.from([1, 2, 3, 4, 5].map((id) => line(id)).join("\n"))
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 9 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
        (at, noise, pieces) => {
          const damaged = Buffer.from(bytes)
          damaged.set(noise.subarray(0, damaged.length - at), at)
          const whole = readExport(damaged, { variant: "evtx-dump-json" })
          expect(readExport(damaged, { variant: "evtx-dump-json", pieces })).toEqual(whole)
          expect(whole.events.length).toBeGreaterThanOrEqual(3)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe("state", () => {
  it.each([
    ["evtx-dump-json", Buffer.from([1, 2, 3, 4].map((id) => line(id)).join("\n"))],
    [
      "xml",
      Buffer.from(
        "\ufeff" +
          [1, 2, 3, 4].map((id) => `<Event><System><EventID>${id}</EventID></System></Event>`).join("\n"),
        "utf16le",
      ),
    ],
    [
      "csv",
      Buffer.from(
        `EventID,Channel,TimeCreated,A\n${[1, 2, 3, 4].map((id) => `${id},x,2020-10-13T04:24:53.1Z,"a"`).join("\n")}\n`,
      ),
    ],
  ])("of %s goes on wherever a run ended", (variant, bytes) => {
    const whole = readExport(bytes, { variant }).events.map(({ xml, offset }) => [xml, offset])
    expect(whole).toHaveLength(4)
    for (let cut = 4; cut < bytes.length; cut += 3) {
      const seen: [string, number][] = []
      const consumer = {
        event: (tape: Parameters<typeof xmlOf>[0], place: { offset: number }) =>
          seen.push([xmlOf(tape), place.offset]),
        problem: () => {},
        gap: () => {},
      }
      const first = new ExportParser(consumer)
      first.beginSource({ sourceId: 1, variant, modifiedMs: 0 })
      first.push(bytes.subarray(0, cut), 0)
      const [state, at] = [first.saveState(), first.consumedTo]
      const second = new ExportParser(consumer)
      second.beginSource({ sourceId: 1, variant, modifiedMs: 0 })
      second.restoreState(state)
      second.push(bytes.subarray(at), at)
      second.endSource()
      expect(seen).toEqual(whole)
    }
  })
})
