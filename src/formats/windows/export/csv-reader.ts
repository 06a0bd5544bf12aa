/**
 * Events in CSV with a header: EvtxECmd's, and tables of other tools whose columns are the members of a JSON shape. Each
 * row becomes the JSON object that its tool would have written.
 *
 *   RecordNumber,EventRecordId,TimeCreated,EventId,Level,…,Payload
 *   1,426,2021-03-31 23:51:45.0187670,1,Info,…,"{""EventData"":{""Data"":""…""}}"
 *
 * Source of truth: RFC 4180; EvtxECmd's CsvConfig; PowerShell's Export-Csv for the `#TYPE` line.
 */
import { LIMITS } from "../../../base/limits.ts"
import { jsonOfRow, rowEnd, splitRow } from "./csv-row.ts"
import { JsonTree } from "./json-tree.ts"
import type { NameLookup } from "./name-lookup.ts"
import { RecordEmitter } from "./record-emitter.ts"
import { decodeLoosely, isWellFormed } from "./stray-bytes.ts"
import type { TextWindow } from "./text-window.ts"
import type { RecordSink, UnitReader } from "./unit-reader.ts"

const LF = 0x0a
const MAX_BYTES = LIMITS.lineBytes.value
/** A row that was not whole is tried again when the text has grown by a half. */
const GROWTH = 1.5

interface SavedState {
  readonly header: readonly string[]
  readonly emitter: string
}

export class CsvReader implements UnitReader {
  readonly #sink: RecordSink
  readonly #tree: JsonTree
  readonly #emitter: RecordEmitter
  #header: readonly string[] = []
  #consumedTo = 0
  #wantedTo = 0
  /** Source offset where rows begin that are damaged and were not reported yet, or -1. */
  #damagedFrom = -1

  constructor(sink: RecordSink, names: NameLookup) {
    this.#sink = sink
    this.#tree = new JsonTree(names)
    this.#emitter = new RecordEmitter(sink, this.#tree, names)
  }

  get consumedTo(): number {
    return this.#consumedTo
  }

  get strayTexts(): number {
    return this.#tree.strayTexts
  }

  run(window: TextWindow): void {
    while (window.at < window.end && this.#step(window));
    if (window.isLast) this.#reportDamage(window.offsetOf(window.end))
    this.#consumedTo = this.#damagedFrom >= 0 ? this.#damagedFrom : window.offsetOf(window.at)
  }

  save(): string {
    const state: SavedState = { header: this.#header, emitter: this.#emitter.save() }
    return JSON.stringify(state)
  }

  /** @param state as `save` gave it */
  restore(state: string): void {
    const { header, emitter } = JSON.parse(state) as SavedState
    this.#header = header
    this.#emitter.restore(emitter)
  }

  /** One row; false when more text is needed. */
  #step(window: TextWindow): boolean {
    const { bytes, at, end, base } = window
    if (!window.isLast && base + end < this.#wantedTo) return false
    const next = rowEnd(bytes, at, end)
    if (next < 0 && !window.isLast && end - at <= MAX_BYTES) {
      this.#wantedTo = base + at + Math.ceil((end - at) * GROWTH)
      return false
    }
    this.#wantedTo = 0
    const fields = next < 0 ? null : splitRow(this.#textOf(bytes, at, next))
    if (fields === null || !this.#row(window, fields, next)) this.#skipLine(window)
    return true
  }

  /** Takes the row in and moves behind it; false when it does not fit the header. */
  #row(window: TextWindow, fields: readonly string[], next: number): boolean {
    const isEmpty = fields.length === 1 && fields[0] === ""
    if (isEmpty || fields[0]?.startsWith("#TYPE ")) {
      window.at = next
      return true
    }
    if (this.#header.length === 0) {
      this.#header = fields
      window.at = next
      return true
    }
    if (fields.length !== this.#header.length) return false
    const offset = window.offsetOf(window.at)
    const place = { offset, length: window.offsetOf(next) - offset }
    const json = jsonOfRow(this.#header, fields)
    this.#reportDamage(offset)
    window.at = next
    if (this.#tree.parse(json, 0, json.length) === "end" && this.#emitter.emitMade(place) > 0) return true
    const message = "a row that is no Windows event"
    this.#sink.lost({ code: "windows-export/not-an-event", severity: "error", ...place, message })
    return true
  }

  #textOf(bytes: Buffer, start: number, end: number): string {
    const text = bytes.utf8Slice(start, end)
    if (!text.includes("\uFFFD") || isWellFormed(bytes, start, end)) return text
    this.#tree.strayTexts++
    return decodeLoosely(bytes, start, end)
  }

  /** A quote that is never closed takes the rows behind it along: the next line is tried as a row. */
  #skipLine(window: TextWindow): void {
    if (this.#damagedFrom < 0) this.#damagedFrom = window.offsetOf(window.at)
    const found = window.bytes.indexOf(LF, window.at)
    window.at = found < 0 || found >= window.end ? window.end : found + 1
  }

  #reportDamage(to: number): void {
    const offset = this.#damagedFrom
    if (offset < 0) return
    this.#damagedFrom = -1
    const message = `rows without the columns of the header; ${to - offset} bytes were passed over`
    this.#sink.lost({
      code: "windows-export/bad-row",
      severity: "error",
      offset,
      length: to - offset,
      message,
    })
  }
}
