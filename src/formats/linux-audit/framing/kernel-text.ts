/**
 * Bodies of records as the kernel writes them, made again from decoded values.
 * Source of truth: kernel/audit.c audit_log_n_untrustedstring, audit_log_n_hex.
 */

const QUOTE = 0x22
const OPENING = Buffer.from('"', "latin1")

/** True when the kernel would write `bytes` as hex: a quote, a blank, a control or a byte beyond ASCII is in it. */
export function needsHex(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE || byte < 0x21 || byte > 0x7e) return true
  }
  return false
}

/** An untrusted string: in double quotes, or in upper-case hex without quotes. */
export function untrustedString(bytes: Buffer): Buffer {
  return needsHex(bytes) ? hexOf(bytes) : Buffer.concat([OPENING, bytes, OPENING])
}

/** Upper-case hex. */
export function hexOf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("hex").toUpperCase(), "latin1")
}

const SPACE = 0x20
const ENRICHED_SEPARATOR = 0x1d
const USUAL_BYTES = 512

/** Puts a body together, `key=value` by `key=value`. */
export class BodyText {
  #store: Buffer = Buffer.allocUnsafe(USUAL_BYTES)
  #length = 0

  /** Appends text as it is; no blank is added. */
  raw(text: string | Buffer): void {
    if (typeof text === "string") {
      this.#reserve(text.length * 3)
      this.#length += this.#store.utf8Write(text, this.#length)
      return
    }
    this.#reserve(text.length)
    this.#length += text.copy(this.#store, this.#length)
  }

  /** Appends `key=value`, after a blank unless it comes first or after the enriched part's separator. */
  field(key: string, value: string | Buffer): void {
    this.word(key)
    this.raw("=")
    this.raw(value)
  }

  /** Appends a word, after a blank where one is needed. */
  word(text: string): void {
    this.#reserve(1)
    const isFirst = this.#length === 0 || this.#store[this.#length - 1] === ENRICHED_SEPARATOR
    if (!isFirst) this.#store[this.#length++] = SPACE
    this.raw(text)
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  /** What was put together, in the text's own store. */
  bytes(): Buffer {
    return this.#store.subarray(0, this.#length)
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#store.length) return
    const grown = Buffer.allocUnsafe(needed * 2)
    this.#store.copy(grown, 0, 0, this.#length)
    this.#store = grown
  }
}
