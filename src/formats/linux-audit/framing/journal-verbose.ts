/**
 * Reads `journalctl -o verbose`.
 *
 *   Sat 2026-11-21 22:14:34.990908 UTC [s=80b9…;i=3;b=65a7…;m=728274e0;t=660d0af8d253c;x=6136…]
 *       _TRANSPORT=audit
 *       MESSAGE=CONFIG_CHANGE op=set audit_enabled=1 …
 *
 * Source of truth: systemd src/shared/logs-show.c output_verbose: fields stand behind four blanks, further lines
 * of a value are indented deeper, and what is not printable is shown as `[4.2K blob data]`.
 */
import { LIMITS } from "../../../base/limits.ts"
import type { RecordConsumer } from "../framing.ts"
import { ByteWindow } from "./byte-window.ts"
import { type EntryTools, readJournalEntry } from "./journal-entry.ts"
import { parseState } from "./json-stream.ts"
import type { ResumableFramer } from "./resumable.ts"

const LF = 0x0a
const SPACE = 0x20
const HEADER =
  /^(?:[A-Z][a-z]{2} )?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})? \S{1,10} \[([^\]]{0,300})\]\s*$/
const HEADER_BYTES = 400
const REALTIME = /(?:^|;)t=([0-9a-f]{1,13})(?:;|$)/
const NAME = /^ {4}([A-Z_][A-Z0-9_]{0,63})=/
const NAME_BYTES = 70
const BLOB = /^\[[\d.]{1,8}[KMGTPE]?B? blob data\]$/

export class JournalVerboseFramer implements ResumableFramer {
  readonly #consumer: RecordConsumer
  readonly #tools: EntryTools
  readonly #window = new ByteWindow()
  #fields = new Map<string, Buffer | null>()
  #fieldBytes = 0
  #lastField = ""
  #entryFrom = -1
  /** Source offset of lines that belong to no entry and have not been reported yet, -1 without. */
  #strayFrom = -1
  #searchedTo = 0
  #consumedTo = 0

  /** @param tools whose sink hands on to `consumer` */
  constructor(consumer: RecordConsumer, tools: EntryTools) {
    this.#consumer = consumer
    this.#tools = tools
  }

  get consumedTo(): number {
    return this.#consumedTo
  }

  push(chunk: Buffer, offset: number): void {
    const window = this.#window
    window.add(chunk, offset)
    for (;;) {
      const from = Math.max(window.at, window.indexOf(this.#searchedTo))
      const lineEnd = window.buffer.subarray(0, window.end).indexOf(LF, from)
      if (lineEnd < 0) break
      this.#readLine(window.at, lineEnd)
      window.at = lineEnd + 1
      this.#searchedTo = window.offsetOf(window.at)
    }
    this.#searchedTo = window.offsetOf(window.end)
    if (window.end - window.at > LIMITS.lineBytes.value) {
      this.#endEntry(window.offsetOf(window.at))
      this.#noteStray(window.offsetOf(window.at))
      window.at = window.end
    }
    window.settle()
  }

  end(): void {
    const window = this.#window
    if (window.at < window.end) this.#readLine(window.at, window.end)
    window.at = window.end
    const to = window.offsetOf(window.end)
    this.#endEntry(to)
    this.#reportStray(to)
    this.#consumedTo = to
  }

  saveState(): string {
    return JSON.stringify(this.#tools.adjacency.save())
  }

  restoreState(state: string): void {
    this.#tools.adjacency.restore(parseState(state))
  }

  #readLine(start: number, lineEnd: number): void {
    const { buffer } = this.#window
    const offset = this.#window.offsetOf(start)
    const end = lineEnd > start && buffer[lineEnd - 1] === 0x0d ? lineEnd - 1 : lineEnd
    if (end === start) return
    if (buffer[start] !== SPACE) {
      this.#readOutdented(start, end, offset)
      return
    }
    const name = NAME.exec(buffer.latin1Slice(start, Math.min(end, start + NAME_BYTES)))
    if (this.#entryFrom < 0) this.#noteStray(offset)
    else if (name !== null) this.#keep(name[1] as string, start + name[0].length, end)
    else this.#continue(start, end)
  }

  #readOutdented(start: number, end: number, offset: number): void {
    const { buffer } = this.#window
    const line = buffer.latin1Slice(start, Math.min(end, start + HEADER_BYTES))
    const header = HEADER.exec(line)
    this.#endEntry(offset)
    if (header === null && !line.startsWith("-- ")) {
      this.#noteStray(offset)
      return
    }
    this.#reportStray(offset)
    if (header === null) {
      this.#consumer.foreign(offset, end - start)
      return
    }
    this.#entryFrom = offset
    const realtime = REALTIME.exec(header[1] as string)
    if (realtime === null) return
    this.#fields.set(
      "__REALTIME_TIMESTAMP",
      Buffer.from(String(Number.parseInt(realtime[1] as string, 16)), "latin1"),
    )
  }

  #keep(name: string, start: number, end: number): void {
    const value = this.#window.buffer.subarray(start, end)
    const isBlob = end - start < 40 && BLOB.test(value.latin1Slice(0, value.length))
    this.#lastField = name
    if (!this.#fields.has(name)) this.#set(name, isBlob ? null : Buffer.from(value))
  }

  /** A further line of the last value. */
  #continue(start: number, end: number): void {
    const before = this.#fields.get(this.#lastField)
    if (!before) return
    const { buffer } = this.#window
    let at = start
    while (at < end && buffer[at] === SPACE) at++
    this.#set(this.#lastField, Buffer.concat([before, Buffer.of(LF), buffer.subarray(at, end)]))
  }

  #set(name: string, value: Buffer | null): void {
    this.#fieldBytes += value?.length ?? 0
    if (this.#fieldBytes <= LIMITS.lineBytes.value) this.#fields.set(name, value)
  }

  #endEntry(to: number): void {
    const from = this.#entryFrom
    this.#consumedTo = this.#strayFrom >= 0 ? this.#strayFrom : to
    if (from < 0) return
    this.#entryFrom = -1
    this.#tools.sink.begin(from, to - from)
    if (this.#fieldBytes <= LIMITS.lineBytes.value) readJournalEntry(this.#fields, this.#tools)
    else
      this.#tools.sink.problem(
        "journal-damaged",
        "error",
        `an entry longer than ${LIMITS.lineBytes.value} bytes`,
      )
    this.#fields = new Map()
    this.#fieldBytes = 0
    this.#lastField = ""
  }

  #noteStray(offset: number): void {
    if (this.#strayFrom < 0) this.#strayFrom = offset
  }

  #reportStray(to: number): void {
    const from = this.#strayFrom
    if (from < 0) return
    this.#strayFrom = -1
    this.#consumer.problem({
      code: "linux-audit/journal-damaged",
      severity: "error",
      offset: from,
      length: to - from,
      message: "lines that belong to no entry of the journal",
    })
  }
}
