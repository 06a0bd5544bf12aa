/**
 * The strings of an exec_args or exec_env token as one text and as a JSON array.
 *
 *   00000003 | sh \0 | -c \0 | id \0      sh -c id      ["sh","-c","id"]
 *
 * DEVIATION(osquery): no-last-blank: osquery puts a blank behind every string, the last one too.
 */
import { GrowingBytes } from "../../base/growing-bytes.ts"
import { putJsonString, WIDEST_JSON_BYTE } from "../../base/json-string.ts"
import type { BsmRecord } from "../../formats/bsm/record.ts"
import { firstString, stringEnd } from "../../formats/bsm/tokens/strings.ts"

const BLANK = 0x20
const COMMA = 0x2c
const OPEN = 0x5b
const CLOSE = 0x5d
const FIRST_BYTES = 4096
/** Quotes and comma of a string, and the brackets. */
const AROUND = 3

export class StringList {
  /** Joined by blanks. */
  readonly text = new GrowingBytes(FIRST_BYTES)
  readonly json = new GrowingBytes(FIRST_BYTES)
  /**
   * Strings that are there, whatever the token counts.
   * DEVIATION(osquery): fewer-strings: osquery reads nothing more of a record whose list is shorter than its count.
   */
  count = 0

  /** @param token with id exec_args or exec_env */
  read(record: BsmRecord, token: number, wantsJson: boolean): void {
    const { text, json } = this
    const { bytes } = record
    const to = record.to(token)
    this.count = 0
    text.clear()
    json.clear()
    for (let at = firstString(record, token); at < to; ) {
      const end = stringEnd(bytes, at, to)
      this.#addText(bytes, at, end)
      if (wantsJson) this.#addJson(bytes, at, end)
      this.count++
      at = end + 1
    }
    if (!wantsJson) return
    json.reserve(2)
    if (this.count === 0) json.bytes[json.used++] = OPEN
    json.bytes[json.used++] = CLOSE
  }

  #addText(bytes: Buffer, from: number, to: number): void {
    const { text } = this
    text.reserve(to - from + 1)
    if (this.count > 0) text.bytes[text.used++] = BLANK
    text.used += bytes.copy(text.bytes, text.used, from, to)
  }

  #addJson(bytes: Buffer, from: number, to: number): void {
    const { json } = this
    json.reserve((to - from) * WIDEST_JSON_BYTE + AROUND)
    json.bytes[json.used++] = this.count === 0 ? OPEN : COMMA
    json.used = putJsonString(json.bytes, json.used, bytes, from, to)
  }
}
