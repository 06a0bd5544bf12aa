/**
 * Reads one chunk after another: checks its header, walks its records, and hands on the events they are.
 * Whatever a header says, records are read as long as they stand there.
 */
import { type ChunkHeader, findChunk, hasChunkMagic, isZero, readChunkHeader } from "./chunk-header.ts"
import { ChunkWalk, isSize, type RecordSink } from "./chunk-walk.ts"
import { CHUNK, RECORD, RECORD_MAGIC } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"
import { type ChunkPlace, type EmitterOptions, RecordEmitter } from "./record-emitter.ts"
import { headerIdAt } from "./record-header.ts"

/** The last chunk that had records, as far as it was read. */
export interface ReadChunk {
  readonly chunkOffset: number
  /** Records of it that were handed on, and the header id of the first; null without one. */
  readonly given: number
  readonly firstId: number | null
}

/** What is known of the file that chunks come from. */
export interface ChunkOrigin {
  readonly sourceId: number
  readonly hasCrc: boolean
  /** It was not closed: its headers may be old. */
  readonly isDirty: boolean
  /** Raw bytes, in which chunks are to be found. */
  readonly isImage: boolean
}

export class ChunkReader implements RecordSink {
  readonly #options: EmitterOptions
  readonly #emitter: RecordEmitter
  readonly #walk = new ChunkWalk(this)
  #origin: ChunkOrigin = { sourceId: 0, hasCrc: true, isDirty: false, isImage: false }
  #bytes: Buffer = Buffer.alloc(0)
  #lastId = Number.NaN
  /** Where records of an older use of the chunk begin, behind damage; 0 without any. */
  #staleFrom = 0
  /** End of the last live record; what follows it at once belongs to it. */
  #liveEnd = 0
  #isBehindDamage = false
  /** Records behind damage that were left for --recover, and where the first of them is. */
  #behind = 0
  #behindFrom = 0
  /** Records of the next chunk that were given before. */
  #skip = 0
  /** Of the last chunk that had records: how many, the header id of the first, whether the last of them is torn. */
  #given = 0
  #firstId: number | null = null
  #isTorn = false
  /** The chunk has to prove that a record is one of its own, by the ids. */
  #isStrict = false
  chunkOffset = -1
  /** Another chunk has come in its place since: its header may have been right before that. */
  isReplaced = false
  /** Whole records are noted as given, and nothing more. */
  isPassingOver = false

  constructor(options: EmitterOptions) {
    this.#options = options
    this.#emitter = new RecordEmitter(options)
  }

  get records(): number {
    return this.#emitter.records
  }

  /** Whether the chunk that was read last holds what is waited for. */
  get isHeld(): boolean {
    return this.#emitter.held > 0
  }

  /** Whether what is not whole is waited for. */
  set isHolding(isHolding: boolean) {
    this.#emitter.isHolding = isHolding
  }

  begin(origin: ChunkOrigin): void {
    this.#origin = origin
    this.#skip = 0
    this.#given = 0
    this.#firstId = null
    this.chunkOffset = -1
  }

  /** A record that was torn may be whole when the chunk is read again. */
  lastChunk(): ReadChunk {
    const given = this.#given - (this.#isTorn ? 1 : 0)
    return { chunkOffset: this.chunkOffset, given, firstId: this.#firstId }
  }

  /** The next chunk was read in part before, if its first record is still the same. */
  resume(chunk: ReadChunk): void {
    this.chunkOffset = chunk.chunkOffset
    this.#skip = chunk.given
    this.#firstId = chunk.firstId
  }

  /** Reads a chunk; returns how many bytes belong to it. */
  read(bytes: Buffer, length: number, offset: number, number: number): number {
    this.#options.given.beginChunk(offset, offset + length)
    this.#emitter.held = 0
    if (isZero(bytes, length)) return length
    this.#bytes = bytes
    const { hasCrc, isDirty, isImage, sourceId } = this.#origin
    const header = readChunkHeader(bytes, length, hasCrc)
    const isWhole = header.isHeaderRight && header.isDataRight
    // Bytes that are missing let the next chunk begin too soon.
    const from = isWhole ? Math.max(header.freeOffset, CHUNK.recordsAt) : CHUNK.recordsAt
    const next = findChunk(bytes, from, length)
    const end = next < 0 ? length : next
    const place: ChunkPlace = { bytes, length: end, offset, number, sourceId }
    this.#emitter.begin(place)
    const hasRecords =
      end >= CHUNK.recordsAt + RECORD.leastBytes && readU32(bytes, CHUNK.recordsAt) === RECORD_MAGIC
    const isChunk = isImage ? isChunkOfImage(bytes, header) : hasRecords || hasChunkMagic(bytes, 0)
    if (!isChunk) {
      this.#leave(place)
      return end
    }
    this.#startCounting(hasRecords, offset, !header.isHeaderRight)
    if (this.#skip === 0 && !this.isReplaced) this.#tellHeader(header, place)
    // A chunk that changes is written to: its header may be old whatever that of the file says.
    const isWritten = isDirty || (this.#emitter.isHolding && this.#options.given.isAgain)
    this.#readRecords(header.freeOffset, place, isWritten || !isWhole)
    this.#skip = 0
    return end
  }

  record(at: number, size: number, isFound: boolean): void {
    const id = headerIdAt(this.#bytes, at)
    const damaged = at - this.#liveEnd
    if (isFound) this.#isBehindDamage = true
    if ((damaged > 0 || this.#isStrict) && !this.#goesOn(id, damaged)) {
      if (this.#staleFrom === 0) this.#staleFrom = at
      return
    }
    this.#given++
    this.#isTorn = false
    this.#lastId = id
    this.#liveEnd = at + size
    const { given } = this.#options
    if (this.#given > this.#skip && given.isNew(id) && this.#hand(at, size)) given.add(id)
  }

  torn(at: number, size: number): void {
    // Its id may be torn as well.
    if (headerIdAt(this.#bytes, at) === this.#lastId + 1) this.#lastId++
    this.#given++
    this.#isTorn = true
    if (this.#given > this.#skip) this.#emitter.torn(at, size)
  }

  skipped(from: number, to: number): void {
    if (this.#skip > 0) return
    const message = "No record begins here, where the one before it ends."
    this.#emitter.problem("evtx/skipped-bytes", "error", from, to - from, message)
  }

  /** False for a record that gives nothing, or not now. */
  #hand(at: number, size: number): boolean {
    if (this.#isBehindDamage && this.#options.recovery === null && !this.#origin.isImage) {
      if (this.#behind++ === 0) this.#behindFrom = at
      return false
    }
    if (this.isPassingOver) return true
    const recovered = this.#origin.isImage ? "loose" : this.#isBehindDamage ? "torn" : ""
    return this.#emitter.record(at, size, recovered)
  }

  /** Behind damage: true for a record that can be one of those that follow, false for one of an older use. */
  #goesOn(id: number, damaged: number): boolean {
    return (
      Number.isNaN(this.#lastId) ||
      (id > this.#lastId && id - this.#lastId <= 1 + damaged / RECORD.leastBytes)
    )
  }

  #startCounting(hasRecords: boolean, offset: number, isStrict: boolean): void {
    const firstId = hasRecords ? headerIdAt(this.#bytes, CHUNK.recordsAt) : null
    if (this.#skip > 0 && firstId !== this.#firstId) this.#skip = 0
    this.#given = 0
    this.#isTorn = false
    this.#firstId = firstId
    this.chunkOffset = offset
    this.#isStrict = isStrict
    this.#lastId = Number.NaN
    this.#staleFrom = 0
    this.#liveEnd = CHUNK.recordsAt
    this.#isBehindDamage = false
    this.#behind = 0
  }

  #tellHeader(header: ChunkHeader, { number, length }: ChunkPlace): void {
    const emitter = this.#emitter
    const name = `Chunk ${number}`
    if (!header.isHeaderRight) {
      const message = `The header of chunk ${number} does not fit its checksum.`
      emitter.problem("evtx/chunk-header", "warning", 0, CHUNK.recordsAt, message)
    } else if (!header.isDataRight) {
      emitter.problem("evtx/chunk-checksum", "warning", 0, length, `${name} does not fit its checksum.`)
    }
    if (length < CHUNK.bytes) emitter.problem("evtx/cut-chunk", "warning", 0, length, `${name} is cut off.`)
  }

  #readRecords(freeOffset: number, place: ChunkPlace, isStale: boolean): void {
    const { bytes, length } = place
    const isInside = freeOffset >= CHUNK.recordsAt && freeOffset <= length
    let at = this.#walk.walk(bytes, CHUNK.recordsAt, isInside ? freeOffset : length, length)
    if (isStale && this.#staleFrom === 0) at = this.#walkOn(at, length)
    this.#tellBehind(place)
    const from = this.#staleFrom > 0 ? this.#staleFrom : at
    this.#options.recovery?.keep({ ...place, from, kind: this.#origin.isImage ? "loose" : "slack" })
  }

  #tellBehind({ number }: ChunkPlace): void {
    if (this.#behind === 0) return
    const records = this.#behind === 1 ? "1 record" : `${this.#behind} records`
    const message = `${records} behind the damage in chunk ${number} may be live ones: --recover reads them.`
    this.#emitter.problem("evtx/behind-damage", "warning", this.#behindFrom, 0, message)
  }

  /** Records behind the free offset of an old header: those whose ids go on. */
  #walkOn(from: number, length: number): number {
    let at = from
    while (at + RECORD.leastBytes <= length && readU32(this.#bytes, at) === RECORD_MAGIC) {
      const size = readU32(this.#bytes, at + 4)
      const isWhole = isSize(size) && at + size <= length && readU32(this.#bytes, at + size - 4) === size
      if (!isWhole || !this.#goesOn(headerIdAt(this.#bytes, at), 0)) break
      this.record(at, size, false)
      at += size
    }
    return at
  }

  /** Something else where a chunk should be. */
  #leave(place: ChunkPlace): void {
    if (!this.#origin.isImage) {
      const message = `Chunk ${place.number} has no header; what is in it needs --recover.`
      this.#emitter.problem("evtx/bad-chunk", "warning", 0, place.length, message)
    }
    this.#options.recovery?.keep({ ...place, from: 0, kind: "loose" })
  }
}

/** In raw bytes only a chunk that proves itself is one. */
function isChunkOfImage(bytes: Buffer, header: ChunkHeader): boolean {
  return header.isHeaderRight && hasChunkMagic(bytes, 0)
}
