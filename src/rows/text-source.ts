/**
 * Where the text of a column is copied from: raw bytes of the caller, or the UTF-8 of a string, with a view on the
 * same memory for reading four bytes at once.
 */

import { viewOf } from "../base/growing-bytes.ts"
import { plainLength } from "../base/text.ts"

export interface TextSource {
  readonly bytes: Uint8Array
  readonly view: DataView
  /** The bytes are valid UTF-8 and escaped already; only NUL is still escaped. */
  readonly isTextForm: boolean
}

const NOTHING = new Uint8Array(0)

const REMEMBERED = 8

/** The caller's buffers. Remembers the last few, so that a view is not made for every column. */
export class RawBytes implements TextSource {
  bytes: Uint8Array = NOTHING
  view: DataView = viewOf(NOTHING)
  readonly isTextForm = false
  private readonly known: Uint8Array[] = new Array<Uint8Array>(REMEMBERED).fill(NOTHING)
  private readonly views: DataView[] = new Array<DataView>(REMEMBERED).fill(this.view)
  private next = 0

  load(bytes: Uint8Array): void {
    if (bytes === this.bytes) return
    this.bytes = bytes
    for (let at = 0; at < REMEMBERED; at++) {
      if (this.known[at] !== bytes) continue
      this.view = this.views[at] as DataView
      return
    }
    this.view = viewOf(bytes)
    this.known[this.next] = bytes
    this.views[this.next] = this.view
    this.next = (this.next + 1) % REMEMBERED
  }

  /** Lets go of the caller's buffers. */
  clear(): void {
    this.bytes = NOTHING
    this.view = viewOf(NOTHING)
    this.known.fill(NOTHING)
    this.views.fill(this.view)
  }
}

/** The UTF-8 of one string at a time; a lone surrogate becomes U+FFFD. */
export class StringBytes implements TextSource {
  bytes: Buffer = Buffer.alloc(256)
  view: DataView = viewOf(this.bytes)
  length = 0
  readonly isTextForm = true

  load(value: string): void {
    if (value.length * 3 > this.bytes.length) this.replace(value.length * 3)
    const { bytes } = this
    const short = value.length <= 48 ? value.length : 0
    for (let at = 0; at < short; at++) {
      const unit = value.charCodeAt(at)
      if (unit >= 0x80) {
        this.length = bytes.utf8Write(value, 0)
        return
      }
      bytes[at] = unit
    }
    this.length = short === value.length ? short : bytes.utf8Write(value, 0)
  }

  /** Gives back the memory that one huge string took. */
  clear(): void {
    if (this.bytes.length > 1024 * 1024) this.replace(256)
  }

  private replace(length: number): void {
    this.bytes = Buffer.alloc(length)
    this.view = viewOf(this.bytes)
  }
}

/** Length of the character at `at` that stays, 0 if the byte there becomes `\xHH`. */
export function keptLength({ bytes, isTextForm }: TextSource, at: number, end: number): number {
  if (isTextForm) return bytes[at] === 0 ? 0 : 1
  return plainLength(bytes, at, end)
}
