/**
 * Tokens that were written not long ago, with the text that they became. Processes make many calls, and each record of
 * such a process names its subject, its signature and often its files again, byte for byte.
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { copyPadded, PADDING } from "../../../base/padded-text.ts"
import { TOKEN } from "../layout.ts"
import { isAttributes } from "../tokens/attributes.ts"
import { isProcess, isSubject } from "../tokens/subject.ts"

/** A token goes to one slot and takes the place of the one there. Both are powers of two. */
const SLOTS = 256
const TOKEN_BYTES = 128
const TEXT_BYTES = 512
const WORD = 8
const TEXT_WORDS = TEXT_BYTES / WORD
/** Bytes from a token's end by which tokens of one kind differ: ends of a hash, an inode's number, a pid. */
const LEAST_BYTES = 14

/** By id: 1 for tokens that come again, and whose text depends on nothing but their bytes. */
export const RECURS = Uint8Array.from({ length: 256 }, (_, id) =>
  isSubject(id) || isProcess(id) || isAttributes(id) || id === TOKEN.identity ? 1 : 0,
)

/** Of one form of output. */
export class RecentTokens {
  readonly #tokens = new Uint8Array(SLOTS * TOKEN_BYTES)
  readonly #lengths = new Int32Array(SLOTS)
  /** Read as doubles: of UTF-8 none is a NaN, whose bits might change, as no lead byte stands before 7f or ff. */
  readonly #texts = new Float64Array(SLOTS * TEXT_WORDS)
  readonly #textBytes = new Uint8Array(this.#texts.buffer)
  readonly #textLengths = new Int32Array(SLOTS)

  /** Slot of the token `bytes[start, end)`, -1 for one that is not kept. */
  slotOf(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (length < LEAST_BYTES || length > TOKEN_BYTES) return -1
    const mix =
      (bytes[start] as number) +
      (bytes[end - 1] as number) * 3 +
      (bytes[end - 5] as number) * 5 +
      (bytes[end - 6] as number) * 7 +
      (bytes[end - 13] as number) * 11 +
      (bytes[end - 14] as number) * 13
    return mix & (SLOTS - 1)
  }

  /** Appends the text of the token `bytes[start, end)` if `slot` has it. */
  put(slot: number, bytes: Uint8Array, start: number, end: number, out: GrowingBytes): boolean {
    if (this.#lengths[slot] !== end - start) return false
    const tokens = this.#tokens
    let kept = slot * TOKEN_BYTES
    for (let at = start; at < end; at++) if (bytes[at] !== tokens[kept++]) return false
    const length = this.#textLengths[slot] as number
    out.reserve(length + PADDING)
    out.used = copyPadded(this.#texts, slot * TEXT_WORDS, out.view, out.used, length)
    return true
  }

  /** Keeps what `out` has from `from` on as the text of the token `bytes[start, end)`. */
  keep(slot: number, bytes: Uint8Array, start: number, end: number, out: GrowingBytes, from: number): void {
    const length = out.used - from
    if (length > TEXT_BYTES) return
    this.#tokens.set(bytes.subarray(start, end), slot * TOKEN_BYTES)
    this.#lengths[slot] = end - start
    this.#textBytes.set(out.bytes.subarray(from, out.used), slot * TEXT_BYTES)
    this.#textLengths[slot] = length
  }
}
