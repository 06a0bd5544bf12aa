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

/** Puts a body together, `key=value` by `key=value`. */
export class BodyText {
  readonly #pieces: Buffer[] = []
  #length = 0

  /** Appends text as it is; no blank is added. */
  raw(text: string | Buffer): void {
    const bytes = typeof text === "string" ? Buffer.from(text, "utf8") : text
    this.#pieces.push(bytes)
    this.#length += bytes.length
  }

  /** Appends `key=value`, after a blank unless it comes first or after the enriched part's separator. */
  field(key: string, value: string | Buffer): void {
    this.word(`${key}=`)
    this.raw(value)
  }

  /** Appends a word, after a blank where one is needed. */
  word(text: string): void {
    const last = this.#pieces.at(-1)
    if (last !== undefined && last.at(-1) !== 0x1d) this.raw(" ")
    this.raw(text)
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces, this.#length)
  }
}
