/**
 * One message of EndpointSecurity as `convert --records` gives it, as bytes:
 *
 *   {"format":"endpoint-security","offset":0,"length":3362,"time":"2025-…Z","id":17,"type":"exec","message":{…}}
 *
 * A line of Santa's log is a string.
 */

import { INTEGER_BYTES, writeInteger64 } from "../../base/decimal.ts"
import { type GrowingBytes, viewOf } from "../../base/growing-bytes.ts"
import { textOfBytes } from "../../base/text.ts"
import type { EsMessage } from "../../formats/endpoint-security/message.ts"
import type { MessagePlace } from "../../formats/endpoint-security/parser.ts"
import { appendObject } from "../../formats/endpoint-security/record-json.ts"
import { EVENT } from "../../formats/endpoint-security/slots.ts"

const HEAD = '{"format":"endpoint-security","offset":'
const CLOSE_BRACE = 0x7d
const MOST_SECONDS = 8.64e12
const NANO_DIGITS = 9
/** High halves of numbers that a double holds. */
const SAFE_HIGH = 0x20_0000

export class EsRecordWriter {
  #second = Number.NaN
  #secondText = ""
  #bytes: Buffer = Buffer.alloc(0)
  #view = viewOf(this.#bytes)

  /** Appends the record to `out`. */
  write(message: EsMessage, place: MessagePlace, out: GrowingBytes): void {
    const { offset, length, bytes, start, end, isValid, shape } = place
    const type = message.kind === "" ? "null" : JSON.stringify(message.kind)
    putText(out, `${HEAD}${offset},"length":${length},"time":${this.#time(message)},"id":`)
    putId(out, message)
    putText(out, `,"type":${type},"message":`)
    if (shape === "santa-text") putText(out, JSON.stringify(textOfBytes(bytes, start, end)))
    else appendObject(bytes, this.#viewOf(bytes), start, end, isValid, out)
    out.reserve(1)
    out.bytes[out.used++] = CLOSE_BRACE
  }

  /** Most messages stand in the same bytes as the one before. */
  #viewOf(bytes: Buffer): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = viewOf(bytes)
    }
    return this.#view
  }

  #time({ sec, nsec }: EsMessage): string {
    if (!(Math.abs(sec) < MOST_SECONDS)) return "null"
    if (sec !== this.#second) {
      this.#second = sec
      this.#secondText = new Date(sec * 1000).toISOString().slice(0, -5)
    }
    return `"${this.#secondText}.${String(nsec).padStart(NANO_DIGITS, "0")}Z"`
  }
}

function putText(out: GrowingBytes, text: string): void {
  out.reserve(text.length * 3)
  out.used += out.bytes.utf8Write(text, out.used)
}

/** A number where it is one that JSON readers keep exact, else text. */
function putId(out: GrowingBytes, message: EsMessage): void {
  const slot = message.has(EVENT.globalSequence) ? EVENT.globalSequence : EVENT.sequence
  if (!message.has(slot)) {
    putText(out, "null")
    return
  }
  const high = message.high(slot)
  const isSafe = high >= 0 && high < SAFE_HIGH
  if (!isSafe) putText(out, '"')
  out.reserve(INTEGER_BYTES)
  out.used = writeInteger64(out.view, out.used, high, message.low(slot))
  if (!isSafe) putText(out, '"')
}
