/**
 * Constant pieces of what is written again and again, kept one behind the other with room behind each, so that they can
 * be copied eight bytes at a time. Their places are numbers, which lists of steps hold.
 */
import { viewOf } from "./growing-bytes.ts"

const FIRST_BYTES = 4096
/** Copies go up to so many bytes beyond a piece, on both sides. */
const PADDING = 8

export class ConstantPool {
  #bytes = Buffer.alloc(FIRST_BYTES)
  view = viewOf(this.#bytes)
  #used = 0

  /** Keeps a copy; returns where it begins. */
  add(piece: Uint8Array): number {
    const start = this.#used
    const needed = start + piece.length + PADDING
    if (needed > this.#bytes.length) this.#grow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.set(piece, start)
    this.#used += (piece.length + PADDING + 7) & ~7
    return start
  }

  /** Writes a piece over another one that is not shorter. */
  replace(start: number, piece: Uint8Array): void {
    this.#bytes.set(piece, start)
  }

  #grow(length: number): void {
    const grown = Buffer.alloc(length)
    this.#bytes.copy(grown)
    this.#bytes = grown
    this.view = viewOf(grown)
  }
}
