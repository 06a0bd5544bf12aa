/**
 * Events of `Get-WinEvent | Export-Clixml`: each serialised object becomes the JSON that ConvertTo-Json would have
 * written of it.
 *
 *   <Objs Version="1.1.0.1" …><Obj RefId="0"><TN>…</TN><Props><I32 N="Id">4688</I32>…</Props><MS>…</MS></Obj>…</Objs>
 *
 * Source of truth: [MS-PSRP] 2.2.5, serialization of PowerShell objects.
 */
import { LIMITS } from "../../../base/limits.ts"
import { EventTape } from "../event-tape.ts"
import { jsonOfObject } from "./clixml-object.ts"
import { JsonTree } from "./json-tree.ts"
import type { NameLookup } from "./name-lookup.ts"
import { RecordEmitter } from "./record-emitter.ts"
import type { TextWindow } from "./text-window.ts"
import type { RecordSink, UnitReader } from "./unit-reader.ts"
import { XmlScanner } from "./xml-scanner.ts"

const OPENING = "<Obj "
const CLOSING = "</Obj>"
const SLASH = 0x2f
const GT = 0x3e
const MAX_BYTES = LIMITS.lineBytes.value
/** So many damaged objects in a row are looked into; more would make hostile text cost its square. */
const TRIES = 64
/** A start tag has two attributes. */
const TAG_BYTES = 1024

export class ClixmlReader implements UnitReader {
  readonly #sink: RecordSink
  readonly #scanner: XmlScanner
  readonly #object = new EventTape()
  readonly #tree: JsonTree
  readonly #emitter: RecordEmitter
  #consumedTo = 0
  #isInside = false
  /** Objects that are open at `#soughtTo`, a position in the text. */
  #depth = 0
  #soughtTo = 0
  #damagedFrom = -1
  #tries = 0

  constructor(sink: RecordSink, names: NameLookup) {
    this.#sink = sink
    this.#scanner = new XmlScanner(names, this.#object)
    this.#tree = new JsonTree(names)
    this.#emitter = new RecordEmitter(sink, this.#tree, names)
  }

  get consumedTo(): number {
    return this.#consumedTo
  }

  get strayTexts(): number {
    return this.#scanner.strayTexts
  }

  run(window: TextWindow): void {
    let goesOn = true
    while (goesOn) goesOn = this.#isInside ? this.#findEnd(window) : this.#findStart(window)
    if (window.isLast) this.#reportDamage(window.offsetOf(window.end))
    this.#consumedTo = this.#damagedFrom >= 0 ? this.#damagedFrom : window.offsetOf(window.at)
  }

  save(): string {
    return this.#emitter.save()
  }

  restore(state: string): void {
    this.#emitter.restore(state)
  }

  #findStart(window: TextWindow): boolean {
    const found = find(window.bytes, OPENING, window.at, window.end)
    if (found < 0) {
      window.at = window.isLast ? window.end : Math.max(window.at, window.end - OPENING.length)
      return false
    }
    window.at = found
    this.#isInside = true
    this.#depth = 0
    this.#soughtTo = window.base + found
    return true
  }

  /** Reads the object at `window.at`; false when more text is needed. */
  #findEnd(window: TextWindow): boolean {
    const end = this.#seekEnd(window)
    if (end >= 0) this.#read(window, end)
    else if (window.isLast || window.end - window.at > MAX_BYTES) this.#noteDamage(window, window.end)
    else return false
    return true
  }

  /** Index behind the object at `window.at`, or -1. */
  #seekEnd(window: TextWindow): number {
    const { bytes, end, base } = window
    for (;;) {
      const from = this.#soughtTo - base
      const open = find(bytes, OPENING, from, end)
      const close = find(bytes, CLOSING, from, end)
      const isOpening = open >= 0 && (close < 0 || open < close)
      if (!isOpening && close < 0) return -1
      if (isOpening) {
        const tagEnd = bytes.indexOf(GT, open)
        if (tagEnd < 0 || tagEnd >= end || tagEnd - open > TAG_BYTES) return -1
        this.#soughtTo = base + tagEnd
        if (bytes[tagEnd - 1] !== SLASH) this.#depth++
      } else {
        this.#soughtTo = base + close + CLOSING.length
        this.#depth--
      }
      if (this.#depth <= 0) return isOpening ? this.#soughtTo - base + 1 : close + CLOSING.length
    }
  }

  #read(window: TextWindow, end: number): void {
    const { bytes, at } = window
    this.#object.reset()
    const result = this.#scanner.scan(bytes, at, end, this.#object)
    const json = result === "end" ? jsonOfObject(this.#object) : null
    if (json === null || this.#tree.parse(json, 0, json.length) !== "end") {
      this.#noteDamage(window, end)
      return
    }
    const offset = window.offsetOf(at)
    const place = { offset, length: window.offsetOf(end) - offset }
    this.#tries = 0
    const count = this.#emitter.emitMade(place, () => this.#reportDamage(offset))
    this.#isInside = false
    window.at = end
    if (count > 0 || this.#damagedFrom >= 0) return
    const message = "an object that is no event of Get-WinEvent"
    this.#sink.lost({ code: "windows-export/not-an-event", severity: "error", ...place, message })
  }

  /** Goes on inside of the damaged object, for the next ones may stand there, or at its end. */
  #noteDamage(window: TextWindow, end: number): void {
    if (this.#damagedFrom < 0) this.#damagedFrom = window.offsetOf(window.at)
    this.#isInside = false
    window.at = ++this.#tries > TRIES ? end : window.at + 1
  }

  #reportDamage(to: number): void {
    const offset = this.#damagedFrom
    if (offset < 0) return
    this.#damagedFrom = -1
    const message = `a damaged object; ${to - offset} bytes were passed over`
    this.#sink.lost({
      code: "windows-export/bad-xml",
      severity: "error",
      offset,
      length: to - offset,
      message,
    })
  }
}

function find(bytes: Buffer, mark: string, from: number, end: number): number {
  const found = bytes.indexOf(mark, from, "latin1")
  return found < 0 || found + mark.length > end ? -1 : found
}
