/** What is damaged is told once, with its place, and what stands around it is read. */
import { describe, expect, it } from "vitest"
import { u32 } from "../../../bsm-writer/bytes.ts"
import { record, SECOND, shortRecord, trailer } from "../../../bsm-writer/record.ts"
import * as tokens from "../../../bsm-writer/tokens.ts"
import { readTrail } from "./read-trail.ts"

const good = (number: number): Buffer =>
  record(23, [tokens.path(`/srv/demo/${number}`), tokens.subject({ pid: number }), tokens.returns32()])
const ONE = good(1)
const TWO = good(2)
const THREE = good(3)

/** The trail read in any pieces, after a look that all give the same. */
function readInPieces(bytes: Buffer) {
  const whole = readTrail(bytes)
  for (const piece of [1, 7, 211]) {
    const reading = readTrail(bytes, { piece })
    expect(reading.texts).toEqual(whole.texts)
    expect(reading.problems).toEqual(whole.problems)
  }
  return whole
}

const offsets = (bytes: Buffer): number[] => readInPieces(bytes).records.map(({ offset }) => offset)

describe("damaged trails", () => {
  const behind = ONE.length + TWO.length
  const mended = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(TWO)
    change(bytes)
    return bytes
  }
  const L = TWO.length

  it.each([
    ["garbage before", [Buffer.alloc(37, 0x7a), ONE, TWO], "bsm/skipped-bytes 0+37", 2],
    ["garbage between", [ONE, Buffer.alloc(517, 0x14), TWO], `bsm/skipped-bytes ${L}+517`, 2],
    ["a block of NULs", [ONE, Buffer.alloc(300_000), TWO], `bsm/skipped-bytes ${L}+300000`, 2],
    ["NULs at the end", [ONE, Buffer.alloc(4096)], `bsm/skipped-bytes ${L}+4096`, 1],
    [
      "a size too small",
      [ONE, mended((b) => b.writeUInt32BE(30, 1)), THREE],
      `bsm/skipped-bytes ${L}+${L}`,
      2,
    ],
    [
      "a size too large",
      [ONE, mended((b) => b.writeUInt32BE(L + 3, 1)), THREE],
      `bsm/skipped-bytes ${L}+${L}`,
      2,
    ],
    [
      "a size beyond the file",
      [ONE, mended((b) => b.writeUInt32BE(900_000, 1)), THREE],
      `bsm/skipped-bytes ${L}+${L}`,
      2,
    ],
    [
      "a size beyond any",
      [ONE, mended((b) => b.writeUInt32BE(0xffff_ffff, 1)), THREE],
      `bsm/skipped-bytes ${L}+${L}`,
      2,
    ],
    ["a size of none", [ONE, mended((b) => b.writeUInt32BE(0, 1)), THREE], `bsm/skipped-bytes ${L}+${L}`, 2],
    [
      "a size that swallows the next record",
      [ONE, mended((b) => b.writeUInt32BE(L * 2, 1)), THREE],
      `bsm/skipped-bytes ${L}+${L}`,
      2,
    ],
    ["another id", [ONE, mended((b) => b.writeUInt8(0x99, 0)), THREE], `bsm/skipped-bytes ${L}+${L}`, 2],
    ["a wrong count", [ONE, mended((b) => b.writeUInt32BE(7, L - 4)), THREE], `bsm/bad-trailer ${L}+${L}`, 3],
    [
      "a wrong magic",
      [ONE, mended((b) => b.writeUInt16BE(0xb106, L - 6)), THREE],
      `bsm/bad-trailer ${L}+${L}`,
      3,
    ],
    [
      "a token that overruns",
      [ONE, mended((b) => b.writeUInt16BE(0xfff0, 19)), THREE],
      `bsm/damaged-record ${L + 18}+${L - 25}`,
      3,
    ],
    ["an end within a record", [ONE, TWO, THREE.subarray(0, 40)], `bsm/cut-record ${behind}+40`, 2],
    ["an end within a header", [ONE, TWO, THREE.subarray(0, 3)], `bsm/cut-record ${behind}+3`, 2],
    ["an end behind one byte", [ONE, TWO, THREE.subarray(0, 1)], `bsm/cut-record ${behind}+1`, 2],
    ["an end within a trailer", [ONE, TWO, THREE.subarray(0, L - 2)], `bsm/cut-record ${behind}+${L - 2}`, 2],
    ["a beginning within a record", [ONE.subarray(20), TWO], `bsm/skipped-bytes 0+${L - 20}`, 1],
  ] as const)("%s", (_, pieces, problem, records) => {
    const reading = readInPieces(Buffer.concat([...pieces]))
    expect(reading.places).toEqual([problem])
    expect(reading.records).toHaveLength(records)
  })

  it("tells garbage and a cut record behind it apart", () => {
    const reading = readInPieces(Buffer.concat([ONE, Buffer.alloc(9, 0x55), TWO.subarray(0, 50)]))
    expect(reading.places).toEqual([`bsm/skipped-bytes ${L}+9`, `bsm/cut-record ${L + 9}+50`])
  })

  it("takes no record out of another", () => {
    expect(offsets(Buffer.concat([ONE, record(0, [tokens.opaque(TWO)]), THREE]))).toEqual([0, L, L * 2 + 28])
  })

  it("takes bytes for no record that only look like a header", () => {
    const lookalike = Buffer.concat([Buffer.from("1400000100", "hex"), u32(0x0b00_1700)])
    const reading = readInPieces(Buffer.concat([lookalike, ONE, TWO, THREE]))
    expect(reading.places).toEqual(["bsm/skipped-bytes 0+9"])
    expect(reading.records).toHaveLength(3)
  })

  it("keeps a record of 1 MiB and none of more", () => {
    const size = 1024 * 1024
    const parts = Array.from({ length: 17 }, () => tokens.opaque(Buffer.alloc(60_000, 7)))
    const filler = size - 25 - Buffer.concat(parts).length
    const large = record(0, [...parts, tokens.opaque(Buffer.alloc(filler - 3))])
    expect(large.length).toBe(size)
    expect(
      readTrail(Buffer.concat([large, ONE]), { piece: 65_536 }).records.map(({ length }) => length),
    ).toEqual([size, L])
    const larger = record(0, [...parts, tokens.opaque(Buffer.alloc(filler - 2))])
    expect(readTrail(Buffer.concat([larger, ONE]), { piece: 65_536 }).places).toEqual([
      `bsm/skipped-bytes 0+${size + 1}`,
    ])
  })
})

describe("records that macOS cuts by their host's address", () => {
  const short = (pid: number): Buffer =>
    shortRecord(23, [tokens.path("/tmp/x"), tokens.subject({ pid }), tokens.returns32()], {
      host: "192.0.2.7",
    })

  it("are read, and told of once", () => {
    const trail = Buffer.concat([short(1), short(2), short(3), ONE, short(4)])
    const reading = readInPieces(trail)
    expect(reading.places).toEqual([`bsm/short-size 0+${short(1).length}`])
    expect(reading.records.map(({ tokens: list }) => list.map(({ token }) => token))).toEqual([
      ["header32_ex", "path", "subject32", "raw"],
      ["header32_ex", "path", "subject32", "raw"],
      ["header32_ex", "path", "subject32", "raw"],
      ["header32", "path", "subject32", "return32", "trailer"],
      ["header32_ex", "path", "subject32", "raw"],
    ])
  })
})

describe("exec tokens that count more strings than they hold", () => {
  const rest = [
    tokens.path("/bin/echo"),
    tokens.path("/bin/echo"),
    tokens.attr32(),
    tokens.subject(),
    tokens.returns32(),
  ]

  it.each([
    ["arguments", [tokens.execArgs(["echo", "a", "b"], 900), ...rest], 1],
    ["one too many", [tokens.execArgs(["echo", "a", "b"], 4), ...rest], 1],
    ["environment", [tokens.execArgs(["echo"]), tokens.execEnv(["A=1", "B=2"], 300), ...rest], 2],
    ["with identity", [tokens.execArgs(["echo", "", "#"], 300), ...rest, tokens.identity()], 1],
  ] as const)("%s", (_, list, exec) => {
    const bytes = record(23, list)
    const reading = readInPieces(Buffer.concat([bytes, ONE]))
    expect(reading.places).toEqual([`bsm/fewer-strings 0+${bytes.length}`])
    const found = reading.records[0]?.tokens ?? []
    expect(found).toHaveLength(list.length + 2)
    const { strings, count } = found[exec] as unknown as { strings: string[]; count: number }
    expect(strings.length).toBeLessThan(count)
    expect(found.at(-2)?.token).toMatch(/return32|identity/)
  })

  it("are not ended by an argument that reads as a token", () => {
    const bytes = record(23, [tokens.execArgs(["echo", "(", "\u0005abcd"], 9)])
    expect(readInPieces(Buffer.concat([bytes, ONE])).records[0]?.tokens[1]?.token).toBe("raw")
  })

  it("are not given the token behind them for a string", () => {
    const bytes = record(23, [tokens.execArgs(["echo"]), ...rest])
    bytes.writeUInt16BE(0xfff0, bytes.indexOf("/bin") - 2)
    const reading = readInPieces(Buffer.concat([bytes, ONE]))
    expect(reading.records[0]?.tokens.map(({ token }) => token)).toEqual([
      "header32",
      "exec_args",
      "raw",
      "trailer",
    ])
    expect(reading.problems.map(({ code }) => code)).toEqual(["bsm/damaged-record"])
  })

  it("stay raw where nothing behind them can be read", () => {
    const bytes = record(23, [tokens.execArgs(["echo"], 5)])
    const reading = readInPieces(Buffer.concat([bytes, ONE]))
    expect(reading.places).toEqual(["bsm/damaged-record 18+10"])
    expect(reading.records[0]?.tokens[1]).toEqual({
      token: "raw",
      why: "token-overrun",
      hex: tokens.execArgs(["echo"], 5).toString("hex"),
    })
  })
})

describe("unknown tokens", () => {
  it("are told once a source and id", () => {
    const odd = record(0, [tokens.unknown(0xfe, Buffer.alloc(4))])
    const reading = readInPieces(
      Buffer.concat([odd, odd, record(0, [tokens.unknown(0xfd, Buffer.alloc(4))]), odd]),
    )
    expect(reading.places).toEqual(["bsm/unknown-token 18+5", "bsm/unknown-token 78+5"])
    expect(reading.problems.map(({ severity }) => severity)).toEqual(["info", "info"])
  })
})

describe("file tokens", () => {
  it.each([
    [
      "at both ends",
      [tokens.file32("/var/audit/a"), ONE, tokens.file32("/var/audit/b")],
      [0, 24, 24 + ONE.length],
    ],
    ["of 64 bits", [tokens.file64("/var/audit/a"), ONE], [0, 32]],
    ["behind garbage", [Buffer.from("garbage"), tokens.file32("/var/audit/a"), ONE], [7, 31]],
  ] as const)("%s", (_, pieces, places) => {
    expect(offsets(Buffer.concat([...pieces]))).toEqual(places)
  })

  it("is none with a part of a second beyond one, or without its NUL", () => {
    const late = tokens.file32("/var/audit/a", SECOND, 1000)
    expect(readInPieces(Buffer.concat([late, ONE])).places).toEqual(["bsm/skipped-bytes 0+24"])
    const open = tokens.file32("/var/audit/a")
    open.writeUInt8(0x61, open.length - 1)
    expect(readInPieces(Buffer.concat([open, ONE])).places).toEqual(["bsm/skipped-bytes 0+24"])
  })
})

describe("a trail that grows", () => {
  it("goes on within the record that was cut", () => {
    const trail = Buffer.concat([ONE, TWO, THREE])
    for (let cut = 1; cut < trail.length; cut++) {
      const first = readTrail(trail.subarray(0, cut))
      const second = readTrail(Buffer.alloc(0), { isOpen: true })
      second.parser.restoreState(first.parser.saveState())
      const from = first.parser.consumedTo
      second.parser.push(trail.subarray(from), from)
      second.parser.endSource()
      const read = [...first.records, ...second.records].map(({ offset }) => offset)
      expect(read, `cut at ${cut}`).toEqual([0, ONE.length, ONE.length * 2])
      expect(second.problems, `cut at ${cut}`).toEqual([])
    }
  })

  it("waits for more bytes where its end is not told", () => {
    const reading = readTrail(Buffer.concat([ONE, TWO.subarray(0, 30)]), { isOpen: true })
    expect(reading.problems).toEqual([])
    expect(reading.parser.consumedTo).toBe(ONE.length)
    reading.parser.push(TWO.subarray(30), ONE.length + 30)
    expect(reading.records).toHaveLength(2)
  })
})

it("reads a trailer that stands alone as no record", () => {
  expect(readInPieces(trailer(25)).places).toEqual(["bsm/skipped-bytes 0+7"])
})
