/**
 * Builds a whole EVTX file and says where each record lies in it.
 *
 *   evtxFile({ records: [event({ eventId: 4688, … })] }).bytes
 *
 * Source of truth: libevtx's format documentation, file header.
 */
import { crc32 } from "node:zlib"
import { type ChunkRecord, ChunkWriter, type EvtxRecord } from "./chunk.ts"
import { CHUNK_SIZE } from "./chunk-bytes.ts"

export const HEADER_BLOCK = 4096
export const FLAG = { dirty: 1, full: 2, noChecksums: 4 } as const
const CHECKED_HEADER = 120

export type RecordState = "live" | "torn" | "hidden" | "slack" | "gone"

export interface PlacedRecord extends ChunkRecord {
  readonly chunk: number
  readonly state: RecordState
}

export interface EvtxFile {
  readonly bytes: Buffer
  /** In the order of the file. */
  readonly records: readonly PlacedRecord[]
}

export interface FileOptions {
  readonly records: readonly EvtxRecord[]
  /** 1 from Vista on, 2 from Windows 10 2004 on. */
  readonly minorVersion?: 1 | 2
  /** `FLAG`, or-ed together. */
  readonly flags?: number
  /** A new chunk begins after so many records, or when it is full. */
  readonly recordsPerChunk?: number
  /** Zeroed chunks at the end, as Windows sets them aside. */
  readonly blankChunks?: number
}

export interface FileHeader {
  readonly firstChunk: bigint
  readonly lastChunk: bigint
  readonly nextId: bigint
  readonly minorVersion: 1 | 2
  readonly chunks: number
  readonly flags: number
}

export function evtxFile(options: FileOptions): EvtxFile {
  const chunks = writeChunks(options.records, options.recordsPerChunk ?? Number.POSITIVE_INFINITY)
  const header = fileHeader({
    firstChunk: 0n,
    lastChunk: BigInt(Math.max(0, chunks.length - 1)),
    nextId: (options.records.at(-1)?.id ?? 0n) + 1n,
    minorVersion: options.minorVersion ?? 1,
    chunks: chunks.length,
    flags: options.flags ?? 0,
  })
  let number = 1n
  const written = chunks.map((chunk) => {
    const bytes = chunk.finish(number)
    number += BigInt(chunk.records.length)
    return bytes
  })
  const blank = Buffer.alloc((options.blankChunks ?? 0) * CHUNK_SIZE)
  const records = chunks.flatMap((chunk, at) =>
    chunk.records.map((place) => ({ ...place, chunk: at, state: "live" as const })),
  )
  return { bytes: Buffer.concat([header, ...written, blank]), records }
}

/** Of the record's first byte in the file. */
export function fileOffset(place: PlacedRecord): number {
  return chunkStart(place.chunk) + place.offset
}

export function chunkStart(chunk: number): number {
  return HEADER_BLOCK + chunk * CHUNK_SIZE
}

/** The bytes of one chunk, shared with the file's. */
export function chunkOf(bytes: Buffer, chunk: number): Buffer {
  return bytes.subarray(chunkStart(chunk), chunkStart(chunk + 1))
}

export function fileHeader(header: FileHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BLOCK)
  bytes.write("ElfFile\0", 0, "latin1")
  bytes.writeBigUInt64LE(header.firstChunk, 8)
  bytes.writeBigUInt64LE(header.lastChunk, 16)
  bytes.writeBigUInt64LE(header.nextId, 24)
  bytes.writeUInt32LE(128, 32)
  bytes.writeUInt16LE(header.minorVersion, 36)
  bytes.writeUInt16LE(3, 38)
  bytes.writeUInt16LE(HEADER_BLOCK, 40)
  bytes.writeUInt16LE(header.chunks & 0xffff, 42)
  bytes.writeUInt32LE(header.flags, 120)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CHECKED_HEADER)), 124)
  return bytes
}

function writeChunks(records: readonly EvtxRecord[], perChunk: number): ChunkWriter[] {
  const chunks: ChunkWriter[] = []
  for (const record of records) {
    const last = chunks.at(-1)
    if (last !== undefined && last.records.length < perChunk && last.add(record)) continue
    const next = new ChunkWriter()
    if (!next.add(record)) throw new Error(`record ${record.id} is larger than a chunk`)
    chunks.push(next)
  }
  return chunks
}
