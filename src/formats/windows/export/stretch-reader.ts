/**
 * Reads what stands between events in XML: record numbers, declarations, roots and comments; and tells when it could be
 * the remains of events.
 *
 *   Record 12        evtx_dump, the record's id in its header
 *   evtxexport 20181227
 *   - </Event>
 */
import type { TextWindow } from "./text-window.ts"
import type { RecordSink } from "./unit-reader.ts"

const RECORD = /(?:^|\s)Record (\d{1,15})\s*(?:<\?xml[^<>]*>\s*)?$/
const EVTXEXPORT = /(?:^|\s)evtxexport \d{8}/
/** All that tools put between events: their own lines, declarations, comments, roots, blanks and the viewer's dash. */
const BETWEEN =
  /Record \d{1,15}|evtxexport \d{8}|<\?[^>]*>|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>|<\/?[\w:.-]+(?:\s[^<>]*)?>|[\s\xa0\xc2\xef\xbb\xbf-]+/g
/** Of a longer stretch only its ends are looked at closely. */
const SHOWN_BYTES = 2048
/** Tags that only stand inside an event. */
const INNER =
  /<\/?(?:Event|System|EventData|UserData|RenderingInfo|Data|Provider|EventID|Computer|Channel)\b(?!s)/

export class StretchReader {
  /** The writer fills numbers up with zeros. */
  isPadded = false
  readonly #sink: RecordSink
  #headerId = Number.NaN
  #hasForeignText = false

  constructor(sink: RecordSink) {
    this.#sink = sink
  }

  /** Takes in the text from `window.at` to `end`, which holds no event. */
  read(window: TextWindow, end: number): void {
    const start = window.at
    window.at = end
    if (end === start) return
    const text = window.bytes.latin1Slice(start, end)
    const tail = text.slice(-SHOWN_BYTES)
    this.#headerId = Number(RECORD.exec(tail)?.[1] ?? Number.NaN)
    if (EVTXEXPORT.test(tail)) this.isPadded = true
    const isTorn = INNER.test(text)
    if (!isTorn && (this.#hasForeignText || isUsual(text))) return
    const offset = window.offsetOf(start)
    const length = window.offsetOf(end) - offset
    if (isTorn) {
      const message = `${length} bytes between events look like the remains of one`
      this.#sink.lost({ code: "windows-export/bad-xml", severity: "error", offset, length, message })
      return
    }
    this.#hasForeignText = true
    const message = "between events stands text of another kind; further such text is not reported"
    this.#sink.problem({ code: "windows-export/foreign-text", severity: "info", offset, length, message })
  }

  /** Record number that was told for the next event, NaN if none; told once. */
  takeHeaderId(): number {
    const id = this.#headerId
    this.#headerId = Number.NaN
    return id
  }

  save(): string {
    return JSON.stringify({ isPadded: this.isPadded, hasForeignText: this.#hasForeignText })
  }

  restore(state: string): void {
    this.isPadded = state.includes('"isPadded":true')
    this.#hasForeignText = state.includes('"hasForeignText":true')
  }
}

function isUsual(text: string): boolean {
  const shown = text.length > 2 * SHOWN_BYTES ? text.slice(0, SHOWN_BYTES) + text.slice(-SHOWN_BYTES) : text
  return shown.replaceAll(BETWEEN, "") === ""
}
