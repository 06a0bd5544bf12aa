/**
 * One BSM record as `convert --records` gives it, as bytes:
 *
 *   {"format":"bsm","offset":0,"length":112,"time":"2024-…Z","id":null,"type":"AUE_EXECVE","platform":"macos","tokens":[…]}
 *
 * `id` is the number of the record's sequence token. A file token between records has the type `file`.
 */
import type { GrowingBytes } from "../../base/growing-bytes.ts"
import { TOKEN } from "../../formats/bsm/layout.ts"
import type { BsmRecord } from "../../formats/bsm/record.ts"
import { renderTokensJson } from "../../formats/bsm/render/json.ts"
import { putAscii, putByte, putInteger, putPiece } from "../../formats/bsm/render/json-writer.ts"
import { type BsmPlatform, eventName } from "../../formats/bsm/tables/events.ts"
import { readSequence } from "../../formats/bsm/tokens/result.ts"

const HEAD = Buffer.from('{"format":"bsm","offset":')
const LENGTH = Buffer.from(',"length":')
const TIME = Buffer.from(',"time":')
const ID = Buffer.from(',"id":')
const TYPE = Buffer.from(',"type":"')
const PLATFORM = Buffer.from('","platform":"')
const TOKENS = Buffer.from('","tokens":')
const NONE = Buffer.from("null")
const END = 0x7d
/** The last second that a date of JavaScript can hold. */
const LAST_SECOND = 8_640_000_000_000
const MAX_MILLISECONDS = 999
const MAX_NANOSECONDS = 999_999_999

export class BsmRecordWriter {
  #second = -1
  /** `"2024-01-02T03:04:05` of `#second`. */
  #secondText = Buffer.alloc(0)

  /** Appends the record to `out`. */
  write(record: BsmRecord, platform: BsmPlatform, out: GrowingBytes): void {
    putPiece(out, HEAD)
    putInteger(out, record.offset)
    putPiece(out, LENGTH)
    putInteger(out, record.length)
    putPiece(out, TIME)
    this.#putTime(record, out)
    putPiece(out, ID)
    const sequence = record.find(TOKEN.seq, 1)
    if (sequence < 0) putPiece(out, NONE)
    else putInteger(out, readSequence(record, sequence))
    putPiece(out, TYPE)
    putAscii(out, record.kind === "file" ? "file" : eventName(platform, record.event))
    putPiece(out, PLATFORM)
    putAscii(out, platform)
    putPiece(out, TOKENS)
    renderTokensJson(record, platform, out)
    putByte(out, END)
  }

  /** Milliseconds; Solaris writes nanoseconds into the same place. */
  #putTime({ sec, msec }: BsmRecord, out: GrowingBytes): void {
    if (sec > LAST_SECOND) {
      putPiece(out, NONE)
      return
    }
    if (sec !== this.#second) {
      this.#second = sec
      this.#secondText = Buffer.from(`"${new Date(sec * 1000).toISOString().slice(0, -5)}`)
    }
    putPiece(out, this.#secondText)
    if (msec <= MAX_MILLISECONDS) putAscii(out, `.${String(msec).padStart(3, "0")}`)
    else if (msec <= MAX_NANOSECONDS) putAscii(out, `.${String(msec).padStart(9, "0")}`)
    putAscii(out, 'Z"')
  }
}
