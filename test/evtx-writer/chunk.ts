/** Builds one chunk: records back to back, the tables of names and templates, header and checksums. */
import { crc32 } from "node:zlib"
import { type Known, NAME_BUCKETS, nothingKnown, TEMPLATE_BUCKETS, writeFragment } from "./binxml-writer.ts"
import { CHUNK_SIZE, ChunkBytes, ChunkFullError } from "./chunk-bytes.ts"
import type { Fragment } from "./xml-model.ts"

export interface EvtxRecord {
  /** Of the header; the event's own number is in its content. */
  readonly id: bigint
  /** FILETIME of the header. */
  readonly written: bigint
  readonly content: Fragment
}

export interface ChunkRecord {
  readonly record: EvtxRecord
  /** In the chunk. */
  readonly offset: number
  readonly size: number
}

export interface ChunkHeader {
  readonly firstNumber: bigint
  readonly lastNumber: bigint
  readonly firstId: bigint
  readonly lastId: bigint
  readonly lastRecord: number
  readonly free: number
}

const HEADER_SIZE = 128
export const FIRST_RECORD = 512
const RECORD_MAGIC = 0x2a2a

export class ChunkWriter {
  readonly records: ChunkRecord[] = []
  readonly #out: ChunkBytes
  #known: Known = nothingKnown()

  /** @param over what lay in the buffer before, as Windows leaves it */
  constructor(over: Buffer = Buffer.alloc(CHUNK_SIZE)) {
    this.#out = new ChunkBytes(Buffer.from(over), FIRST_RECORD)
    this.#out.bytes.fill(0, 0, FIRST_RECORD)
  }

  /** False when the record does not fit; the chunk is then as before. */
  add(record: EvtxRecord): boolean {
    const start = this.#out.at
    const before = Buffer.from(this.#out.bytes)
    const known = structuredClone(this.#known)
    try {
      this.#write(record)
      return true
    } catch (error) {
      if (!(error instanceof ChunkFullError)) throw error
      this.#out.at = start
      this.#out.bytes.set(before)
      this.#known = known
      return false
    }
  }

  /** @param number of the chunk's first record */
  finish(number: bigint): Buffer {
    const { bytes } = this.#out
    for (let at = 0; at < NAME_BUCKETS; at++) {
      bytes.writeUInt32LE(this.#known.nameBuckets[at] ?? 0, HEADER_SIZE + 4 * at)
    }
    for (let at = 0; at < TEMPLATE_BUCKETS; at++) {
      bytes.writeUInt32LE(this.#known.templateBuckets[at] ?? 0, HEADER_SIZE + 4 * (NAME_BUCKETS + at))
    }
    const last = this.records.at(-1)
    writeChunkHeader(bytes, {
      firstNumber: number,
      lastNumber: number + BigInt(this.records.length) - 1n,
      firstId: this.records[0]?.record.id ?? 0n,
      lastId: last?.record.id ?? 0n,
      lastRecord: last?.offset ?? 0,
      free: this.#out.at,
    })
    return bytes
  }

  #write(record: EvtxRecord): void {
    const out = this.#out
    const offset = out.at
    out.u32(RECORD_MAGIC)
    const size = out.hole()
    out.u64(record.id)
    out.u64(record.written)
    writeFragment(out, this.#known, record.content)
    const end = (out.at + 4 + 7) & ~7
    if (end > CHUNK_SIZE) throw new ChunkFullError(`a record of ${end - offset} bytes`)
    out.bytes.fill(0, out.at, end)
    out.at = end - 4
    out.bytes.writeUInt32LE(end - offset, size)
    out.u32(end - offset)
    this.records.push({ record, offset, size: end - offset })
  }
}

function writeChunkHeader(bytes: Buffer, header: ChunkHeader): void {
  bytes.write("ElfChnk\0", 0, "latin1")
  bytes.writeBigUInt64LE(header.firstNumber, 8)
  bytes.writeBigUInt64LE(header.lastNumber, 16)
  bytes.writeBigUInt64LE(header.firstId, 24)
  bytes.writeBigUInt64LE(header.lastId, 32)
  bytes.writeUInt32LE(HEADER_SIZE, 40)
  bytes.writeUInt32LE(header.lastRecord, 44)
  bytes.writeUInt32LE(header.free, 48)
  bytes.writeUInt32LE(1, 120)
  sealChunk(bytes)
}

/** Makes both checksums right for what the chunk holds now. */
export function sealChunk(bytes: Buffer): void {
  bytes.writeUInt32LE(crc32(bytes.subarray(FIRST_RECORD, bytes.readUInt32LE(48))), 52)
  sealHeader(bytes)
}

export function sealHeader(bytes: Buffer): void {
  bytes.writeUInt32LE(crc32(bytes.subarray(HEADER_SIZE, FIRST_RECORD), crc32(bytes.subarray(0, 120))), 124)
}
