/**
 * What happens to logs: pages that were never written, wrong checksums, records that an intruder hides, bytes that an
 * export leaves behind. Each takes a file and gives a new one; its records then say what has become of them.
 */
import { ChunkWriter, type EvtxRecord, sealChunk, sealHeader } from "./chunk.ts"
import { CHUNK_SIZE } from "./chunk-bytes.ts"
import {
  chunkOf,
  chunkStart,
  type EvtxFile,
  evtxFile,
  FLAG,
  fileHeader,
  fileOffset,
  type PlacedRecord,
  type RecordState,
} from "./file.ts"

const PAGE = 512
const NO_CHECKSUMS = 4

/** The record's last bytes are zeros from a sector's border on, its size at the end among them. */
export function tearRecord(file: EvtxFile, at: number): EvtxFile {
  const place = placeOf(file, at)
  const start = fileOffset(place)
  const middle = start + (place.size >> 1)
  const border = Math.ceil(middle / PAGE) * PAGE
  const bytes = Buffer.from(file.bytes)
  bytes.fill(0, border < start + place.size ? border : middle, start + place.size)
  sealChunk(chunkOf(bytes, place.chunk))
  return { bytes, records: mark(file, (_, index) => index === at, "torn") }
}

/** Zeros from the record to the end of its chunk, while the chunk's header still tells of it: the host lost power. */
export function zeroTail(file: EvtxFile, at: number): EvtxFile {
  const place = placeOf(file, at)
  const bytes = Buffer.from(file.bytes)
  bytes.fill(0, fileOffset(place), chunkStart(place.chunk + 1))
  bytes.writeUInt32LE(FLAG.dirty, 120)
  return { bytes, records: mark(file, (other, index) => other.chunk === place.chunk && index >= at, "gone") }
}

export function spoilChunkMagic(file: EvtxFile, chunk: number): EvtxFile {
  const bytes = Buffer.from(file.bytes)
  bytes.write("ElfLost\0", chunkStart(chunk), "latin1")
  return { ...file, bytes }
}

/** @param which of the file's header, of a chunk's header, or of its records */
export function spoilChecksum(file: EvtxFile, which: "file" | "header" | "records", chunk = 0): EvtxFile {
  const bytes = Buffer.from(file.bytes)
  const at = which === "file" ? 124 : chunkStart(chunk) + (which === "header" ? 124 : 52)
  bytes.writeUInt32LE((bytes.readUInt32LE(at) ^ 0xffffffff) >>> 0, at)
  // The header of a chunk vouches for the checksum of its records too.
  if (which === "records") sealHeader(chunkOf(bytes, chunk))
  return { ...file, bytes }
}

/** As tools write it that compute none: zeros, and flags that say so. */
export function dropChecksums(file: EvtxFile): EvtxFile {
  const bytes = Buffer.from(file.bytes)
  bytes.writeUInt32LE(FLAG.noChecksums, 120)
  bytes.writeUInt32LE(0, 124)
  for (const chunk of new Set(file.records.map((place) => place.chunk))) {
    const start = chunkStart(chunk)
    bytes.writeUInt32LE(NO_CHECKSUMS, start + 120)
    bytes.writeUInt32LE(0, start + 52)
    bytes.writeUInt32LE(0, start + 124)
  }
  return { ...file, bytes }
}

/**
 * The record swallows the one behind it, whose header stays inside; ids of the records behind count one less, and all
 * checksums are right: what eventlogedit of DanderSpritz does.
 */
export function hideRecordBehind(file: EvtxFile, at: number): EvtxFile {
  const host = placeOf(file, at)
  const hidden = placeOf(file, at + 1)
  if (hidden.chunk !== host.chunk) throw new Error("the record behind lies in the next chunk")
  const bytes = Buffer.from(file.bytes)
  const size = host.size + hidden.size
  bytes.writeUInt32LE(size, fileOffset(host) + 4)
  bytes.writeUInt32LE(size, fileOffset(host) + size - 4)
  const rest = file.records.filter((place, index) => place.chunk === host.chunk && index > at + 1)
  for (const place of rest) countDown(bytes, fileOffset(place) + 8)
  const chunk = chunkOf(bytes, host.chunk)
  countDown(chunk, 16)
  if (rest.length > 0) countDown(chunk, 32)
  else {
    chunk.writeBigUInt64LE(host.record.id, 32)
    chunk.writeUInt32LE(host.offset, 44)
  }
  sealChunk(chunk)
  const records = mark(file, (_, index) => index === at + 1, "hidden")
  return { bytes, records: records.with(at, { ...host, size }) }
}

/**
 * An export of the records that `keeps` lets through, into the buffer that held them all: what lay behind the last one
 * stays, so far as it was not written over.
 */
export function exportSome(records: readonly EvtxRecord[], keeps: (at: number) => boolean): EvtxFile {
  const whole = new ChunkWriter()
  for (const record of records) if (!whole.add(record)) throw new Error("more records than a chunk holds")
  const over = Buffer.from(whole.finish(1n))
  const kept = new ChunkWriter(over)
  for (const [at, record] of records.entries()) if (keeps(at)) kept.add(record)
  const free = kept.records.reduce((end, { offset, size }) => Math.max(end, offset + size), 512)
  const chunk = kept.finish(1n)
  const live = kept.records.map((place) => ({ ...place, chunk: 0, state: "live" as const }))
  const slack = whole.records
    .filter(({ offset }) => offset >= free)
    .map((place) => ({ ...place, chunk: 0, state: "slack" as const }))
  const header = fileHeader({
    firstChunk: 0n,
    lastChunk: 0n,
    nextId: BigInt(live.length) + 1n,
    minorVersion: 1,
    chunks: 1,
    flags: 0,
  })
  return { bytes: Buffer.concat([header, chunk]), records: [...live, ...slack] }
}

/** A log that was open: the header counts only `known` chunks and the last chunk's header is old. */
export function leaveOpen(file: EvtxFile, known: number): EvtxFile {
  const last = placeOf(file, file.records.length - 1)
  const first = file.records.findIndex((place) => place.chunk === last.chunk)
  const bytes = Buffer.from(file.bytes)
  const header = fileHeader({
    firstChunk: 0n,
    lastChunk: BigInt(Math.max(0, known - 1)),
    nextId: placeOf(file, first).record.id,
    minorVersion: bytes.readUInt16LE(36) === 2 ? 2 : 1,
    chunks: known,
    flags: FLAG.dirty,
  })
  header.copy(bytes)
  const { offset, size, record } = placeOf(file, first)
  const chunk = chunkOf(bytes, last.chunk)
  chunk.writeBigUInt64LE(chunk.readBigUInt64LE(8), 16)
  chunk.writeBigUInt64LE(record.id, 32)
  chunk.writeUInt32LE(offset, 44)
  chunk.writeUInt32LE(offset + size, 48)
  return { ...file, bytes }
}

export function truncateFile(file: EvtxFile, length: number): EvtxFile {
  const records = mark(file, (place) => fileOffset(place) + place.size > length, "gone")
  return { bytes: Buffer.from(file.bytes.subarray(0, length)), records }
}

/** A chunk of zeros, and behind it the chunks from `chunk` on. */
export function insertBlankChunk(file: EvtxFile, chunk: number): EvtxFile {
  const start = chunkStart(chunk)
  const bytes = Buffer.concat([
    file.bytes.subarray(0, start),
    Buffer.alloc(CHUNK_SIZE),
    file.bytes.subarray(start),
  ])
  const records = file.records.map((place) =>
    place.chunk >= chunk ? { ...place, chunk: place.chunk + 1 } : place,
  )
  return { bytes, records }
}

/** Several files as one: chunks can be moved without a change. */
export function joinFiles(...files: readonly EvtxFile[]): EvtxFile {
  const [header] = files.length > 0 ? files : [evtxFile({ records: [] })]
  let chunks = 0
  const records: PlacedRecord[] = []
  for (const { bytes, records: own } of files) {
    for (const place of own) records.push({ ...place, chunk: place.chunk + chunks })
    chunks += (bytes.length - chunkStart(0)) / CHUNK_SIZE
  }
  const bodies = files.map(({ bytes }) => bytes.subarray(chunkStart(0)))
  return {
    bytes: Buffer.concat([header?.bytes.subarray(0, chunkStart(0)) ?? Buffer.alloc(0), ...bodies]),
    records,
  }
}

function placeOf(file: EvtxFile, at: number): PlacedRecord {
  const place = file.records[at]
  if (place === undefined) throw new Error(`there is no record ${at}`)
  return place
}

function mark(
  file: EvtxFile,
  is: (place: PlacedRecord, index: number) => boolean,
  state: RecordState,
): PlacedRecord[] {
  return file.records.map((place, index) => (is(place, index) ? { ...place, state } : place))
}

function countDown(bytes: Buffer, at: number): void {
  bytes.writeBigUInt64LE(bytes.readBigUInt64LE(at) - 1n, at)
}
