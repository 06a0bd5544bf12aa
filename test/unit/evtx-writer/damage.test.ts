/** Each kind of damage leaves the bytes that it is named for, and all others alone. */
import { crc32 } from "node:zlib"
import { expect, it } from "vitest"
import {
  dropChecksums,
  exportSome,
  hideRecordBehind,
  insertBlankChunk,
  joinFiles,
  leaveOpen,
  spoilChecksum,
  spoilChunkMagic,
  tearRecord,
  truncateFile,
  zeroTail,
} from "../../evtx-writer/damage.ts"
import { event, eventData } from "../../evtx-writer/event.ts"
import {
  chunkOf,
  chunkStart,
  type EvtxFile,
  evtxFile,
  fileOffset,
  type PlacedRecord,
} from "../../evtx-writer/file.ts"
import { unicode } from "../../evtx-writer/value.ts"
import { asWindows, HAS_EVTXEXPORT, runEvtxexport } from "./run-evtxexport.ts"

const records = Array.from({ length: 9 }, (_, at) =>
  event({
    provider: "Demo-Provider",
    eventId: 100 + at,
    time: `2026-03-04T05:06:0${at}.0000000Z`,
    recordId: BigInt(at + 1),
    channel: "Demo",
    computer: "web-1",
    payload: eventData({ [`Field${at}`]: unicode(`text ${at} `.repeat(20)) }),
  }),
)
const whole = evtxFile({ records, recordsPerChunk: 5 })

const at = (file: EvtxFile, index: number): PlacedRecord => {
  const place = file.records[index]
  if (place === undefined) throw new Error(`no record ${index}`)
  return place
}
const sizes = (file: EvtxFile, index: number) => {
  const start = fileOffset(at(file, index))
  const size = file.bytes.readUInt32LE(start + 4)
  return [size, file.bytes.readUInt32LE(start + size - 4)]
}
const sums = (file: EvtxFile, chunk: number) => {
  const bytes = chunkOf(file.bytes, chunk)
  const header = crc32(bytes.subarray(128, 512), crc32(bytes.subarray(0, 120)))
  const data = crc32(bytes.subarray(512, bytes.readUInt32LE(48)))
  return [header === bytes.readUInt32LE(124), data === bytes.readUInt32LE(52)]
}
const states = (file: EvtxFile) => file.records.map((place) => place.state[0]).join("")
const differences = (file: EvtxFile) => {
  const places: number[] = []
  for (let byte = 0; byte < whole.bytes.length; byte++) {
    if (whole.bytes[byte] !== file.bytes[byte]) places.push(byte)
  }
  return places
}

it("begins with a whole file", () => {
  expect(whole.records.map(({ chunk }) => chunk)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1])
  expect(whole.bytes.readUInt16LE(42)).toBe(2)
  expect([...sums(whole, 0), ...sums(whole, 1)]).toEqual([true, true, true, true])
  for (const index of whole.records.keys()) expect(new Set(sizes(whole, index)).size).toBe(1)
})

it("tears a record", () => {
  const torn = tearRecord(whole, 2)
  expect(sizes(torn, 2)).toEqual([at(torn, 2).size, 0])
  expect(states(torn)).toBe("lltllllll")
  const { size } = at(torn, 2)
  const start = fileOffset(at(torn, 2))
  const records = differences(torn).filter((place) => place >= chunkStart(0) + 512)
  expect(records.every((place) => place > start && place < start + size)).toBe(true)
  expect(records.length).toBeGreaterThan(20)
})

it("zeroes the tail of a chunk", () => {
  const cut = zeroTail(whole, 6)
  expect(states(cut)).toBe("llllllggg")
  expect(cut.bytes.subarray(fileOffset(at(cut, 6))).every((byte) => byte === 0)).toBe(true)
  expect(cut.bytes.readUInt32LE(120)).toBe(1)
})

it.each([
  ["a chunk's magic", spoilChunkMagic(whole, 1), [chunkStart(1) + 3, chunkStart(1) + 6]],
  ["the header's checksum", spoilChecksum(whole, "file"), [124, 127]],
  ["a chunk's checksum", spoilChecksum(whole, "header", 1), [chunkStart(1) + 124, chunkStart(1) + 127]],
  ["the records' checksum", spoilChecksum(whole, "records"), [chunkStart(0) + 52, chunkStart(0) + 127]],
])("spoils %s and no more", (_, file, [first, last]) => {
  const found = differences(file)
  expect([found[0], found.at(-1)]).toEqual([first, last])
})

it("hides a record in the one before it", () => {
  const file = hideRecordBehind(whole, 1)
  const [host, hidden, next] = [at(whole, 1), at(whole, 2), at(whole, 3)]
  expect(sizes(file, 1)).toEqual([host.size + hidden.size, host.size + hidden.size])
  expect(file.bytes.readBigUInt64LE(fileOffset(next) + 8)).toBe(3n)
  expect(chunkOf(file.bytes, 0).readBigUInt64LE(32)).toBe(4n)
  expect(sums(file, 0)).toEqual([true, true])
  expect(states(file)).toBe("llhllllll")
})

it("hides the last record of a chunk", () => {
  const file = hideRecordBehind(whole, 3)
  expect(chunkOf(file.bytes, 0).readBigUInt64LE(32)).toBe(4n)
  expect(chunkOf(file.bytes, 0).readUInt32LE(44)).toBe(at(whole, 3).offset)
})

it("leaves behind what an export filtered out", () => {
  const file = exportSome(records, (index) => index < 3)
  expect(states(file)).toBe("lllssssss")
  const old = evtxFile({ records })
  for (const place of file.records) {
    const start = fileOffset(place)
    expect(file.bytes.subarray(start, start + place.size)).toEqual(
      old.bytes.subarray(start, start + place.size),
    )
  }
})

it("drops checksums, and says so", () => {
  const file = dropChecksums(whole)
  expect([file.bytes.readUInt32LE(120), file.bytes.readUInt32LE(124)]).toEqual([4, 0])
  expect(chunkOf(file.bytes, 1).readUInt32LE(120)).toBe(4)
})

it("leaves a log open: the headers are behind the records", () => {
  const file = leaveOpen(whole, 1)
  expect([file.bytes.readUInt16LE(42), file.bytes.readUInt32LE(120)]).toEqual([1, 1])
  expect(chunkOf(file.bytes, 1).readUInt32LE(48)).toBe(512 + at(whole, 5).size)
  expect(differences(file).every((place) => place < 128 || place >= chunkStart(1))).toBe(true)
  expect(crc32(file.bytes.subarray(0, 120))).toBe(file.bytes.readUInt32LE(124))
})

it("cuts, blanks and joins", () => {
  const length = fileOffset(at(whole, 7)) + 10
  expect(states(truncateFile(whole, length))).toBe("lllllllgg")
  const joined = joinFiles(whole, insertBlankChunk(whole, 1))
  expect(joined.records.map(({ chunk }) => chunk).join("")).toBe("000001111222224444")
  for (const place of joined.records) expect(joined.bytes.readUInt16LE(fileOffset(place))).toBe(0x2a2a)
})

const title = HAS_EVTXEXPORT ? "moves chunks" : "moves chunks (skipped: needs libevtx-utils)"
it.skipIf(!HAS_EVTXEXPORT)(`${title}: libevtx reads them all`, async () => {
  const joined = joinFiles(whole, whole)
  joined.bytes.writeUInt16LE(4, 42)
  joined.bytes.writeUInt32LE(crc32(joined.bytes.subarray(0, 120)), 124)
  const read = (await runEvtxexport(joined.bytes)).map(asWindows)
  expect(read).toHaveLength(18)
  expect(read.slice(0, 9)).toEqual(read.slice(9))
})
