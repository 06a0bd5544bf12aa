/**
 * Text files of Windows as UTF-8: finds the encoding in the first bytes and decodes in pieces of any size.
 * PowerShell 5 writes UTF-16LE with a mark, .NET UTF-8 with a mark, wevtutil in cmd.exe the console's code page, whose
 * stray bytes are settled value by value (`stray-bytes.ts`).
 * Source of truth: the Unicode Standard, 2.6 and 23.8.
 */
import { TextWindow } from "./text-window.ts"

export type Encoding = "utf-8" | "utf-16le" | "utf-16be"

/** So many bytes tell the encoding. */
export const SNIFFED_BYTES = 32

export interface SniffedEncoding {
  readonly encoding: Encoding
  /** Bytes of the byte order mark, 0 without one. */
  readonly markBytes: number
}

/** The encoding of a text that begins with `head`; UTF-16 without a mark is known by its zero bytes. */
export function sniffEncoding(head: Uint8Array): SniffedEncoding {
  const [first = 0x20, second = 0x20, third = 0] = head
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: "utf-8", markBytes: 3 }
  const behind = head.subarray(2)
  if (first === 0xff && second === 0xfe && isEveryOtherZero(behind, 1)) {
    return { encoding: "utf-16le", markBytes: 2 }
  }
  if (first === 0xfe && second === 0xff && isEveryOtherZero(behind, 0)) {
    return { encoding: "utf-16be", markBytes: 2 }
  }
  if (isEveryOtherZero(head, 1)) return { encoding: "utf-16le", markBytes: 0 }
  if (isEveryOtherZero(head, 0)) return { encoding: "utf-16be", markBytes: 0 }
  return { encoding: "utf-8", markBytes: 0 }
}

/** ASCII in UTF-16: most of one half of the bytes are 0, and most of the other are not. One damaged byte is none. */
function isEveryOtherZero(head: Uint8Array, from: number): boolean {
  const end = Math.min(head.length & ~1, SNIFFED_BYTES)
  let fitting = 0
  for (let at = 0; at < end; at += 2) {
    if (head[at + from] === 0 && head[at + 1 - from] !== 0) fitting++
  }
  return fitting > end / 4
}

/** The first bytes of a text as UTF-8. */
export function decodeHead(head: Buffer): Buffer {
  const { encoding, markBytes } = sniffEncoding(head)
  if (encoding === "utf-8") return head.subarray(markBytes)
  const window = new TextWindow()
  window.begin(2, 0)
  new TextDecoding(encoding, window).push(head.subarray(markBytes))
  return window.bytes.subarray(0, window.end)
}

export class TextDecoding {
  readonly #window: TextWindow
  readonly #isUtf16: boolean
  readonly #low: number
  /** A byte whose unit is not complete yet, or -1. */
  #half = -1
  /** A high surrogate whose partner has not come yet, or 0. */
  #high = 0

  /** @param window that the text is put into */
  constructor(encoding: Encoding, window: TextWindow) {
    this.#window = window
    this.#isUtf16 = encoding !== "utf-8"
    this.#low = encoding === "utf-16be" ? 1 : 0
  }

  push(bytes: Uint8Array): void {
    if (this.#isUtf16) this.#pushUnits(bytes)
    else this.#window.append(bytes)
  }

  end(): void {
    if (this.#high === 0) return
    this.#high = 0
    this.#window.reserve(3)
    this.#put(0xfffd)
  }

  #pushUnits(bytes: Uint8Array): void {
    this.#window.reserve(Math.ceil(bytes.length / 2) * 3 + 8)
    let at = 0
    if (this.#half >= 0 && bytes.length > 0) {
      this.#unit(
        this.#low === 0 ? this.#half | ((bytes[0] as number) << 8) : (this.#half << 8) | (bytes[0] as number),
      )
      this.#half = -1
      at = 1
    }
    const low = this.#low
    for (; at + 1 < bytes.length; at += 2) {
      const unit = (bytes[at + low] as number) | ((bytes[at + 1 - low] as number) << 8)
      if (unit < 0x80 && this.#high === 0) this.#window.bytes[this.#window.end++] = unit
      else this.#unit(unit)
    }
    if (at < bytes.length) this.#half = bytes[at] as number
  }

  #unit(unit: number): void {
    if (this.#high !== 0 && unit >= 0xdc00 && unit <= 0xdfff) {
      this.#put(0x10000 + ((this.#high - 0xd800) << 10) + unit - 0xdc00)
      this.#high = 0
      return
    }
    if (this.#high !== 0) this.#put(0xfffd)
    this.#high = 0
    if (unit >= 0xd800 && unit <= 0xdbff) this.#high = unit
    else this.#put(unit >= 0xdc00 && unit <= 0xdfff ? 0xfffd : unit)
  }

  #put(code: number): void {
    const window = this.#window
    window.end = writeUtf8(window.bytes, window.end, code)
  }
}

/** Writes one character to `target` at `at`, which has room for four bytes; returns the end of what was written. */
export function writeUtf8(target: Uint8Array, at: number, code: number): number {
  let out = at
  if (code < 0x80) target[out++] = code
  else {
    if (code < 0x800) target[out++] = 0xc0 | (code >> 6)
    else {
      if (code < 0x10000) target[out++] = 0xe0 | (code >> 12)
      else {
        target[out++] = 0xf0 | (code >> 18)
        target[out++] = 0x80 | ((code >> 12) & 0x3f)
      }
      target[out++] = 0x80 | ((code >> 6) & 0x3f)
    }
    target[out++] = 0x80 | (code & 0x3f)
  }
  return out
}
