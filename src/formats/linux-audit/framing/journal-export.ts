/**
 * Reads `journalctl -o export`.
 *
 *   __CURSOR=s=80b9…                 text: NAME=value LF
 *   MESSAGE LF                       binary: NAME LF, then
 *   <u64 little endian> <bytes> LF     length, value, LF
 *   (empty line)                     ends the entry
 *
 * Source of truth: systemd docs/JOURNAL_EXPORT_FORMATS.md; src/shared/logs-show.c output_export.
 */
import { LIMITS } from "../../../base/limits.ts"
import type { RecordConsumer } from "../framing.ts"
import { ByteWindow } from "./byte-window.ts"
import { type EntryTools, readJournalEntry } from "./journal-entry.ts"
import { parseState } from "./json-stream.ts"
import type { ResumableFramer } from "./resumable.ts"

const LF = 0x0a
const EQUALS = 0x3d
const LENGTH_BYTES = 8
/** Field names are at most 64 bytes long (systemd journal_field_valid). */
const NAME = /^[A-Z_][A-Z0-9_]{0,63}$/
const NAME_BYTES = 64
/** The first field of every entry: where reading goes on after damage. */
const ENTRY_START = Buffer.from("__CURSOR=", "latin1")

export class JournalExportFramer implements ResumableFramer {
  readonly #consumer: RecordConsumer
  readonly #tools: EntryTools
  readonly #window = new ByteWindow()
  #fields = new Map<string, Buffer>()
  #fieldBytes = 0
  /** Source offset of the entry that is being read, -1 between entries. */
  #entryFrom = -1
  /** What is wrong with the entry, '' while nothing is. */
  #damage = ""
  /** Source offset up to which the window holds no line end; spares looking twice. */
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
    this.#window.add(chunk, offset)
    this.#run(false)
    this.#window.settle()
  }

  end(): void {
    this.#run(true)
    const window = this.#window
    if (window.at < window.end) {
      this.#beginEntry(window.offsetOf(window.at))
      this.#damage ||= "the source ends inside a field"
      window.at = window.end
    }
    this.#endEntry(window.offsetOf(window.end))
  }

  saveState(): string {
    return JSON.stringify(this.#tools.adjacency.save())
  }

  restoreState(state: string): void {
    this.#tools.adjacency.restore(parseState(state))
  }

  #run(isLast: boolean): void {
    const window = this.#window
    while (window.at < window.end) {
      const lineEnd = this.#findLineEnd(isLast)
      if (lineEnd < 0) break
      const lineFrom = window.at
      if (!this.#readLine(lineFrom, lineEnd, isLast)) break
      if (window.at === lineFrom) window.at = Math.min(lineEnd + 1, window.end)
      this.#searchedTo = window.offsetOf(window.at)
      if (this.#entryFrom < 0) this.#consumedTo = this.#searchedTo
    }
  }

  /** End of the line at the window's start, -1 when more bytes are needed. */
  #findLineEnd(isLast: boolean): number {
    const window = this.#window
    const from = Math.max(window.at, window.indexOf(this.#searchedTo))
    const lineEnd = window.buffer.subarray(0, window.end).indexOf(LF, from)
    if (lineEnd >= 0) return lineEnd
    if (isLast) return window.end
    this.#searchedTo = window.offsetOf(window.end)
    if (window.end - window.at <= LIMITS.lineBytes.value) return -1
    // A line without an end: nothing of it is kept.
    this.#beginEntry(window.offsetOf(window.at))
    this.#damage ||= "a field longer than any"
    window.at = window.end
    return -1
  }

  /** Reads one line, and the binary value after it; false when more bytes are needed. */
  #readLine(start: number, end: number, isLast: boolean): boolean {
    const window = this.#window
    const { buffer } = window
    if (end === start) {
      this.#endEntry(window.offsetOf(Math.min(end + 1, window.end)))
      return true
    }
    if (this.#damage !== "" && startsEntry(buffer, start, end)) this.#endEntry(window.offsetOf(start))
    this.#beginEntry(window.offsetOf(start))
    if (this.#damage !== "") return true
    const equals = buffer.subarray(0, Math.min(end, start + NAME_BYTES + 1)).indexOf(EQUALS, start)
    const name = buffer.latin1Slice(start, equals < 0 ? Math.min(end, start + NAME_BYTES + 1) : equals)
    if (!NAME.test(name)) this.#damage = "a line that is no field"
    else if (equals >= 0) this.#keep(name, equals + 1, end)
    else return this.#readBinary(name, end + 1, isLast)
    return true
  }

  /** Reads length, value and line end after the name; leaves the window behind them when they fit. */
  #readBinary(name: string, start: number, isLast: boolean): boolean {
    const window = this.#window
    const { buffer, end } = window
    const from = start + LENGTH_BYTES
    const isLengthThere = from <= end
    const length = isLengthThere ? Number(buffer.readBigUInt64LE(start)) : 0
    if (length <= LIMITS.lineBytes.value && from + length >= end && !isLast) return false
    if (isLengthThere && from + length < end && buffer[from + length] === LF) {
      this.#keep(name, from, from + length)
      window.at = from + length + 1
    } else this.#damage = `a binary field of ${length} bytes that does not end there`
    return true
  }

  #keep(name: string, start: number, end: number): void {
    this.#fieldBytes += end - start
    if (this.#fieldBytes > LIMITS.lineBytes.value) {
      this.#fields = new Map()
      this.#damage = `an entry longer than ${LIMITS.lineBytes.value} bytes`
    } else if (!this.#fields.has(name))
      this.#fields.set(name, Buffer.from(this.#window.buffer.subarray(start, end)))
  }

  #beginEntry(offset: number): void {
    if (this.#entryFrom < 0) this.#entryFrom = offset
  }

  #endEntry(to: number): void {
    const from = this.#entryFrom
    this.#consumedTo = to
    if (from < 0) return
    const length = to - from
    if (this.#damage !== "") {
      this.#consumer.problem({
        code: "linux-audit/journal-damaged",
        severity: "error",
        offset: from,
        length,
        message: `${this.#damage}; the entry was passed over`,
      })
    } else {
      this.#tools.sink.begin(from, length)
      readJournalEntry(this.#fields, this.#tools)
    }
    this.#entryFrom = -1
    this.#damage = ""
    this.#fields = new Map()
    this.#fieldBytes = 0
  }
}

function startsEntry(buffer: Buffer, start: number, end: number): boolean {
  return (
    end - start >= ENTRY_START.length &&
    buffer.compare(ENTRY_START, 0, ENTRY_START.length, start, start + ENTRY_START.length) === 0
  )
}
