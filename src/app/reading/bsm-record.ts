/**
 * One BSM record as `convert --records` gives it, as bytes:
 *
 *   {"format":"bsm","offset":0,"length":112,"time":"2024-…Z","id":null,"type":"AUE_EXECVE","platform":"macos","tokens":[…]}
 *
 * `id` is the number of the record's sequence token. A file token between records has the type `file`.
 */
import { INTEGER_BYTES, writeInteger } from "../../base/decimal.ts"
import type { GrowingBytes } from "../../base/growing-bytes.ts"
import { putAscii, putByte, putPiece } from "../../base/json-writer.ts"
import { PADDING, PaddedText } from "../../base/padded-text.ts"
import { TOKEN } from "../../formats/bsm/layout.ts"
import type { BsmRecord } from "../../formats/bsm/record.ts"
import { CalendarClock } from "../../formats/bsm/render/calendar-clock.ts"
import { TokensJson } from "../../formats/bsm/render/json.ts"
import { type BsmPlatform, eventName } from "../../formats/bsm/tables/events.ts"
import { readSequence } from "../../formats/bsm/tokens/result.ts"

const HEAD = new PaddedText('{"format":"bsm","offset":')
const LENGTH = new PaddedText(',"length":')
const TIME = new PaddedText(',"time":')
const UTC = new PaddedText('Z"')
const ID = new PaddedText(',"id":')
const NONE = new PaddedText("null")
const END = 0x7d
/** The last second that a date of JavaScript can hold. */
const LAST_SECOND = 8_640_000_000_000
const MAX_MILLISECONDS = 999
const MAX_NANOSECONDS = 999_999_999
/** Stands for the event of a file token, which has none. */
const FILE = -1
/** Names of events that are kept: a trail has a few dozen. */
const MOST_NAMES = 4096
/** What stands before the tokens, names aside. */
const HEAD_BYTES = 128 + 3 * INTEGER_BYTES + PADDING

export class BsmRecordWriter {
  readonly #tokens = new TokensJson()
  /** `"2024-01-02T03:04:05`. */
  readonly #clock = new CalendarClock((second) => `"${new Date(second * 1000).toISOString().slice(0, -5)}`)
  /** What stands between `id` and the tokens, by event of `#platform`. */
  readonly #types = new Map<number, PaddedText>()
  #platform: BsmPlatform = "unknown"

  /** Appends the record to `out`. */
  write(record: BsmRecord, platform: BsmPlatform, out: GrowingBytes): void {
    const type = this.#typeOf(record, platform)
    out.reserve(HEAD_BYTES + type.length)
    let at = HEAD.copy(out.view, out.used)
    at = writeInteger(out.view, at, record.offset)
    at = LENGTH.copy(out.view, at)
    at = writeInteger(out.view, at, record.length)
    out.used = TIME.copy(out.view, at)
    this.#putTime(record, out)
    at = ID.copy(out.view, out.used)
    const sequence = record.find(TOKEN.seq, 1)
    if (sequence < 0) at = NONE.copy(out.view, at)
    else at = writeInteger(out.view, at, readSequence(record, sequence))
    out.used = type.copy(out.view, at)
    this.#tokens.render(record, platform, out)
    putByte(out, END)
  }

  /** Milliseconds; Solaris writes nanoseconds into the same place. */
  #putTime({ sec, msec }: BsmRecord, out: GrowingBytes): void {
    if (sec > LAST_SECOND) {
      out.used = NONE.copy(out.view, out.used)
      return
    }
    putPiece(out, this.#clock.textOf(sec))
    if (msec <= MAX_MILLISECONDS) putMilliseconds(out, msec)
    else if (msec <= MAX_NANOSECONDS) putAscii(out, `.${String(msec).padStart(9, "0")}`)
    out.used = UTC.copy(out.view, out.used)
  }

  #typeOf(record: BsmRecord, platform: BsmPlatform): PaddedText {
    if (platform !== this.#platform || this.#types.size > MOST_NAMES) {
      this.#platform = platform
      this.#types.clear()
    }
    const event = record.kind === "file" ? FILE : record.event
    return this.#types.get(event) ?? this.#nameType(event, platform)
  }

  #nameType(event: number, platform: BsmPlatform): PaddedText {
    const name = event === FILE ? "file" : eventName(platform, event)
    const type = new PaddedText(`,"type":"${name}","platform":"${platform}","tokens":`)
    this.#types.set(event, type)
    return type
  }
}

/** A point and three digits. */
function putMilliseconds(out: GrowingBytes, value: number): void {
  const { bytes, used } = out
  const hundreds = (value / 100) | 0
  const tens = (value / 10) | 0
  bytes[used] = 0x2e
  bytes[used + 1] = 0x30 + hundreds
  bytes[used + 2] = 0x30 + tens - hundreds * 10
  bytes[used + 3] = 0x30 + value - tens * 10
  out.used = used + 4
}
