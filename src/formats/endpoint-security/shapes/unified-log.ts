/**
 * Messages of `eslogger --oslog` as log(1) shows them with `--style ndjson`: the message is the text of an entry.
 *
 *   {"subsystem":"com.apple.eslogger","eventMessage":"{\"version\":9,…}",…}
 *
 * The unified log cuts a text after 32 KiB.
 * Source of truth: eslogger(1), log(1).
 */
import { GrowingBytes } from "../../../base/growing-bytes.ts"
import { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import { appendString } from "../json/node-values.ts"
import type { EsMessage } from "../message.ts"
import type { EsloggerReader } from "./eslogger.ts"

const FIRST_BYTES = 32 * 1024
const HEADERS = [Buffer.from("Filtering the log data"), Buffer.from("Timestamp  "), Buffer.from("Skipping ")]

export class UnifiedLogReader {
  readonly #eslogger: EsloggerReader
  readonly #tape = new JsonTape()
  readonly #text = new GrowingBytes(FIRST_BYTES)

  constructor(eslogger: EsloggerReader) {
    this.#eslogger = eslogger
  }

  /** "" when the entry holds a message, `foreign` when it holds another text, else why it cannot be read. */
  read(outer: JsonTape, message: EsMessage): string {
    const text = this.#text
    text.clear()
    appendString(outer, outer.find(0, KEY.eventMessage), text)
    text.reserve(1)
    text.bytes[text.used] = 0
    if (text.bytes[0] !== 0x7b) return "foreign"
    const tape = this.#tape
    const result = tape.parse(text.bytes, 0, text.used)
    if (result === "more") return "the unified log has cut this message short"
    if (result === "damaged") return "the text of this entry is no JSON"
    if (!tape.isObject(tape.find(0, KEY.event))) return "foreign"
    this.#eslogger.read(tape, message)
    return ""
  }
}

/** True for what log(1) prints before the first entry. */
export function isLogHeader(bytes: Buffer, start: number, end: number): boolean {
  return HEADERS.some(
    (header) => end - start >= header.length && header.compare(bytes, start, start + header.length) === 0,
  )
}
