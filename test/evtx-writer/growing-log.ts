/**
 * A log on disk that is written in place, as Windows writes one: records are added to the last chunk, its header and
 * that of the file come late, a full ring begins anew with its oldest chunk, and old bytes stay behind new ones.
 */
import { closeSync, ftruncateSync, openSync, renameSync, writeSync } from "node:fs"
import path from "node:path"
import { ChunkWriter, type EvtxRecord, FIRST_RECORD } from "./chunk.ts"
import { CHUNK_SIZE } from "./chunk-bytes.ts"
import { eventData } from "./event.ts"
import { demoEvent } from "./events.ts"
import { chunkStart, FLAG, fileHeader, HEADER_BLOCK } from "./file.ts"
import * as value from "./value.ts"

export interface GrowingLogOptions {
  readonly name?: string
  /** A chunk is used again when so many are full; none is unless given. */
  readonly mostChunks?: number
  readonly makeRecord?: (id: number) => EvtxRecord
}

interface Slot {
  readonly writer: ChunkWriter
  readonly firstNumber: bigint
}

const ARCHIVED = "Archive-Security-2026-03-04-05-06-07-"

export class GrowingLog {
  readonly path: string
  readonly #options: GrowingLogOptions
  #file: number
  #slots: Slot[] = []
  #at = -1
  #number = 1n
  #archives = 0
  nextId = 1

  constructor(folder: string, options: GrowingLogOptions = {}) {
    this.path = path.join(folder, options.name ?? "Security.evtx")
    this.#options = options
    this.#file = openSync(this.path, "w+")
  }

  /** Adds records; nothing is on disk yet. */
  append(count: number): void {
    const make = this.#options.makeRecord ?? padded
    for (let added = 0; added < count; added++) {
      const record = make(this.nextId++)
      if (this.#slots[this.#at]?.writer.add(record) !== true && !this.#nextChunk().add(record))
        throw new Error("a record is larger than a chunk")
      this.#number++
    }
  }

  /** Leaves ids out, as a loss does. */
  skip(count: number): void {
    this.nextId += count
  }

  /** Everything as it is meant to be. */
  flush(): void {
    this.#write(this.image(), 0)
  }

  /** Records alone: headers stay as they were, zeros in a new chunk. */
  flushRecords(image = this.image()): void {
    for (const [slot] of this.#slots.entries()) {
      const start = chunkStart(slot) + FIRST_RECORD
      this.#write(image.subarray(start, chunkStart(slot + 1)), start)
    }
  }

  /** Records alone, and the last of them without its second half. */
  flushTorn(): void {
    const image = this.image()
    const last = this.#slots[this.#at]?.writer.records.at(-1)
    if (last === undefined) return
    const start = chunkStart(this.#at) + last.offset
    image.fill(0, start + ((last.size >> 1) & ~7), start + last.size)
    this.flushRecords(image)
  }

  /** Headers alone. */
  flushHeaders(): void {
    const image = this.image(FLAG.dirty)
    this.#write(image.subarray(0, HEADER_BLOCK), 0)
    for (const [slot] of this.#slots.entries()) {
      const start = chunkStart(slot)
      this.#write(image.subarray(start, start + FIRST_RECORD), start)
    }
  }

  /** @param firstId of the records that come then */
  clear(firstId: number): void {
    ftruncateSync(this.#file)
    this.#startOver()
    this.nextId = firstId
  }

  /** Goes on in a new file; returns where the old one lies. */
  archive(): string {
    this.flush()
    closeSync(this.#file)
    const archived = path.join(path.dirname(this.path), `${ARCHIVED}00${++this.#archives}.evtx`)
    renameSync(this.path, archived)
    this.#file = openSync(this.path, "w+")
    this.#startOver()
    return archived
  }

  close(): void {
    closeSync(this.#file)
  }

  /** The whole file, as it is meant to be. */
  image(flags = 0): Buffer {
    const chunks = this.#slots.map(({ writer, firstNumber }) => writer.finish(firstNumber))
    const header = fileHeader({
      firstChunk: 0n,
      lastChunk: BigInt(Math.max(0, this.#at)),
      nextId: BigInt(this.nextId),
      minorVersion: 1,
      chunks: chunks.length,
      flags,
    })
    return Buffer.concat([header, ...chunks])
  }

  #nextChunk(): ChunkWriter {
    const { mostChunks = Number.POSITIVE_INFINITY } = this.#options
    this.#at = this.#slots.length < mostChunks ? this.#slots.length : (this.#at + 1) % mostChunks
    const before = this.#slots[this.#at]
    const over = before?.writer.finish(before.firstNumber) ?? Buffer.alloc(CHUNK_SIZE)
    const writer = new ChunkWriter(over)
    this.#slots[this.#at] = { writer, firstNumber: this.#number }
    return writer
  }

  #startOver(): void {
    this.#slots = []
    this.#at = -1
    this.#number = 1n
  }

  #write(bytes: Buffer, at: number): void {
    writeSync(this.#file, bytes, 0, bytes.length, at)
  }
}

/** Long enough that some dozens fill a chunk. */
function padded(id: number): EvtxRecord {
  const text = `${id} ${"x".repeat((id * 37) % 800)}`
  return demoEvent({ recordId: id, second: id }, eventData({ Text: value.unicode(text) }))
}
