/**
 * Cuts a trail into its items, wherever the pieces of it end, and finds the next whole item behind damage.
 *
 * What does not begin an item is searched byte by byte for a record whose size and trailer agree: bytes that only look
 * like a header have no trailer where their size says. Source: items.ts.
 */
import { type Found, type ItemKind, isCutHeader, lookAt, STARTS } from "./items.ts"

export interface ItemSink {
  /** The item is `bytes[start, end)`, and begins at `offset` of the source. */
  item(kind: ItemKind, bytes: Buffer, start: number, end: number, offset: number): void
  /** Bytes that are no item. */
  skipped(offset: number, length: number): void
  /** The source ends within an item. */
  cut(offset: number, length: number): void
}

const FIRST_BYTES = 64 * 1024
/** Of a piece, beyond what an item needs that began before it: enough to tell what follows. */
const AHEAD_BYTES = 4096
const NONE = -1

export class BsmFramer {
  readonly #sink: ItemSink
  readonly #found: Found = { kind: "none", length: 0 }
  /** What is kept for the next piece: `held[from, to)`. */
  #held = Buffer.allocUnsafe(FIRST_BYTES)
  #from = 0
  #to = 0
  /** In the source, of `held[from]` or of the next byte to come. */
  #offset = 0
  /** Bytes needed to go on. */
  #wanted = 1
  /** In the source: where the bytes begin that are no item, or NONE. */
  #skipFrom = NONE
  /** In the source: where an item begins that the source's end cuts, or NONE. */
  #cutFrom = NONE

  constructor(sink: ItemSink) {
    this.#sink = sink
  }

  /** Everything before it is done with. */
  get consumedTo(): number {
    return this.#skipFrom === NONE ? this.#offset : this.#skipFrom
  }

  begin(): void {
    this.#drop()
    this.#offset = 0
    this.#skipFrom = NONE
  }

  /** @param offset of `bytes[0]` in the source */
  push(bytes: Buffer, offset: number): void {
    if (this.#from === this.#to) {
      this.#offset = offset
      const at = this.#run(bytes, 0, bytes.length, false)
      this.#hold(bytes, at)
      return
    }
    const taken = Math.min(bytes.length, Math.max(this.#wanted - (this.#to - this.#from), 0) + AHEAD_BYTES)
    this.#append(bytes.subarray(0, taken))
    const left = this.#to - this.#from
    if (left <= taken) this.#goOn(bytes, taken - left)
    else if (taken < bytes.length) this.#append(bytes.subarray(taken))
  }

  /** All that is still held is of this piece, from `at` on: it is read there. */
  #goOn(bytes: Buffer, at: number): void {
    this.#from = 0
    this.#to = 0
    this.#hold(bytes, this.#run(bytes, at, bytes.length, false))
  }

  /** Takes what can be taken of the bytes held and these. */
  #append(bytes: Buffer): void {
    this.#hold(bytes, 0)
    if (this.#to - this.#from < this.#wanted) return
    this.#from = this.#run(this.#held, this.#from, this.#to, false)
  }

  end(): void {
    this.#cutFrom = NONE
    this.#run(this.#held, this.#from, this.#to, true)
    const end = this.#offset
    this.#drop()
    const skipTo = this.#cutFrom === NONE ? end : this.#cutFrom
    if (this.#skipFrom !== NONE && skipTo > this.#skipFrom)
      this.#sink.skipped(this.#skipFrom, skipTo - this.#skipFrom)
    this.#skipFrom = NONE
    if (this.#cutFrom === NONE) return
    this.#sink.cut(this.#cutFrom, end - this.#cutFrom)
    this.#offset = this.#cutFrom
  }

  /** Takes items from `bytes[from, end)`, and returns where it needs more bytes. */
  #run(bytes: Buffer, from: number, end: number, isEnd: boolean): number {
    const found = this.#found
    const base = this.#offset - from
    let at = from
    while (at < end) {
      if (this.#skipFrom !== NONE) {
        while (at < end && STARTS[bytes[at] as number] === 0) at++
        if (at === end) break
      }
      lookAt(bytes, at, end, isEnd, this.#skipFrom !== NONE, found)
      if (found.kind === "more" && !isEnd) {
        this.#offset = base + at
        this.#wanted = found.length
        return at
      }
      if (found.kind === "none" || found.kind === "more") {
        if (found.kind === "more") this.#noteCut(bytes, at, end, base)
        if (this.#skipFrom === NONE) this.#skipFrom = base + at
        at++
        continue
      }
      this.#endSkipping(base + at)
      this.#sink.item(found.kind, bytes, at, at + found.length, base + at)
      at += found.length
    }
    this.#offset = base + end
    this.#wanted = 1
    return end
  }

  #endSkipping(offset: number): void {
    if (this.#skipFrom !== NONE) this.#sink.skipped(this.#skipFrom, offset - this.#skipFrom)
    this.#skipFrom = NONE
    this.#cutFrom = NONE
  }

  /** The first place from which on the source may be cut; one further on may lie in that item. */
  #noteCut(bytes: Buffer, at: number, end: number, base: number): void {
    if (this.#cutFrom === NONE && isCutHeader(bytes, at, end)) this.#cutFrom = base + at
  }

  #hold(bytes: Buffer, start: number): void {
    const more = bytes.length - start
    if (more === 0) return
    const kept = this.#to - this.#from
    if (this.#to + more > this.#held.length) {
      // Moved only when it fills the buffer: not with every piece.
      const isSmall = (kept + more) * 2 <= this.#held.length
      const room = isSmall ? this.#held : Buffer.allocUnsafe(Math.max((kept + more) * 2, FIRST_BYTES))
      this.#held.copy(room, 0, this.#from, this.#to)
      this.#held = room
      this.#from = 0
      this.#to = kept
    }
    bytes.copy(this.#held, this.#to, start)
    this.#to += more
  }

  #drop(): void {
    this.#from = 0
    this.#to = 0
    this.#wanted = 1
    if (this.#held.length > FIRST_BYTES) this.#held = Buffer.allocUnsafe(FIRST_BYTES)
  }
}
