/**
 * One BSM record (or a file token between records) as a flat tape of its tokens: what the parser fills and every
 * renderer and normalizer reads. Nothing is allocated per record. Source of the format: OpenBSM audit.log(5).
 *
 *   header32 | path | subject32 | return32 | trailer
 *   token 0    1      2           3          4
 */

/**
 * Why not all bytes of a record are tokens. `unknown-token`: the id has no known layout, and no length to skip it by.
 * `token-overrun`: the token is longer than the record. `bad-address`: an address type that does not exist.
 * `fewer-strings`: an exec token counts more strings than it has; all other tokens could be read.
 */
export type RecordFailure = "" | "unknown-token" | "token-overrun" | "bad-address" | "fewer-strings"

/** Integers a token: its id, the byte behind the id byte, its end. */
const STRIDE = 3
const FIRST_TOKENS = 64

export class BsmRecord {
  /** The record whole is `bytes[start, end)`; replaced and written over for the next record. */
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  end = 0
  /** Of the first byte in the uncompressed source. */
  offset = 0
  kind: "record" | "file" = "record"

  /** From the header; 0 for a file token. */
  version = 0
  event = 0
  modifier = 0
  /** Unix seconds, from the header or the file token. */
  sec = 0
  /** As it stands there: milliseconds, on Solaris nanoseconds. */
  msec = 0

  /** Tokens, the header first, the trailer last where there is one. */
  count = 0
  /** `bytes[rawFrom, rawTo)` could not be read as tokens; -1 when there are no such bytes. */
  rawFrom = -1
  rawTo = -1
  failure: RecordFailure = ""
  /** Whether the last 7 bytes are a trailer. */
  hasTrailer = false
  #tokens = new Int32Array(FIRST_TOKENS * STRIDE)

  get length(): number {
    return this.end - this.start
  }

  // For readers.

  id(token: number): number {
    return this.#tokens[token * STRIDE] as number
  }

  /** First byte of the token's fields, behind the id byte. */
  from(token: number): number {
    return this.#tokens[token * STRIDE + 1] as number
  }

  to(token: number): number {
    return this.#tokens[token * STRIDE + 2] as number
  }

  /** Index of the first token with this id from `token` on, -1 without one. */
  find(id: number, token = 0): number {
    for (let at = token; at < this.count; at++) if (this.id(at) === id) return at
    return -1
  }

  // For the parser.

  begin(bytes: Buffer, start: number, end: number, offset: number): void {
    this.bytes = bytes
    this.start = start
    this.end = end
    this.offset = offset
    this.version = 0
    this.event = 0
    this.modifier = 0
    this.hasTrailer = false
    this.rewind(0)
  }

  /** Takes back all tokens from `count` on, and what failed behind them. */
  rewind(count: number): void {
    this.count = count
    this.rawFrom = -1
    this.rawTo = -1
    this.failure = ""
  }

  add(id: number, from: number, to: number): void {
    const at = this.count * STRIDE
    if (at === this.#tokens.length) this.#grow()
    const tokens = this.#tokens
    tokens[at] = id
    tokens[at + 1] = from
    tokens[at + 2] = to
    this.count++
  }

  fail(failure: RecordFailure, rawFrom: number, rawTo: number): void {
    this.failure = failure
    this.rawFrom = rawFrom
    this.rawTo = rawTo
  }

  #grow(): void {
    const grown = new Int32Array(this.#tokens.length * 2)
    grown.set(this.#tokens)
    this.#tokens = grown
  }
}
