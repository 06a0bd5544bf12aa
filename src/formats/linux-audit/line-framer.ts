/**
 * Finds the audit record of each line: as auditd writes it, or behind what syslog and the kernel's log put in
 * front of it. Lines of other forms go to `others`.
 */
import { LIMITS } from "../../base/limits.ts"
import type { ResumableFramer } from "./framing/resumable.ts"
import type { RecordConsumer } from "./framing.ts"
import type { HeaderReader } from "./header.ts"
import { LinePrefix } from "./line-prefix.ts"
import { AuditRecord } from "./record.ts"
import { findSecondRecord, isKernelType, splitAtNuls, stampBefore } from "./torn-line.ts"

/** Reads the lines that carry no `type=…` header. */
export interface OtherLines {
  /** True when the line was handed on; false when it makes no sense of it either. */
  read(buffer: Buffer, start: number, end: number, offset: number, length: number): boolean
  saveState(): string
  restoreState(state: string): void
}

export interface LineFramerOptions {
  readonly consumer: RecordConsumer
  readonly header: HeaderReader
  readonly others?: OtherLines
}

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const TAB = 0x09
const NUL = 0x00
const PARENTHESIS = 0x28
/** What `ausearch` prints between events. */
const SEPARATOR = Buffer.from("----", "latin1")
const TIME_LINE = Buffer.from("time->", "latin1")

export class LineFramer implements ResumableFramer {
  readonly #consumer: RecordConsumer
  readonly #header: HeaderReader
  readonly #others: OtherLines | undefined
  readonly #record = new AuditRecord()
  readonly #prefix = new LinePrefix()
  /** Pieces of a line that the chunks so far have not ended. */
  #carried: Buffer[] = []
  #carriedLength = 0
  /** Set while the rest of a line beyond the limit is passed over. */
  #isOversized = false
  #consumedTo = 0
  /** The next NUL and the next parenthesis of the buffer at hand, as far as looked for: each is searched once. */
  #nulAt = -1
  #parenthesisAt = -1

  constructor(options: LineFramerOptions) {
    this.#consumer = options.consumer
    this.#header = options.header
    this.#others = options.others
  }

  get consumedTo(): number {
    return this.#consumedTo
  }

  push(chunk: Buffer, offset: number): void {
    if (this.#carriedLength === 0) this.#consumedTo = offset
    let at = 0
    if (this.#carriedLength > 0) {
      const lineEnd = chunk.indexOf(LF)
      if (lineEnd < 0) {
        this.#carry(chunk)
        return
      }
      this.#endCarried(chunk.subarray(0, lineEnd), 1)
      at = lineEnd + 1
    }
    this.#forgetPlaces()
    for (let lineEnd = chunk.indexOf(LF, at); lineEnd >= 0; lineEnd = chunk.indexOf(LF, at)) {
      this.#readLine(chunk, at, lineEnd, offset + at)
      at = lineEnd + 1
    }
    this.#consumedTo = offset + at
    if (at < chunk.length) this.#carry(chunk.subarray(at))
  }

  saveState(): string {
    return this.#others?.saveState() ?? ""
  }

  restoreState(state: string): void {
    this.#others?.restoreState(state)
  }

  end(): void {
    if (this.#carriedLength > 0) this.#endCarried(Buffer.alloc(0), 0)
  }

  #carry(piece: Buffer): void {
    this.#carriedLength += piece.length
    if (this.#isOversized) return
    this.#carried.push(Buffer.from(piece))
    if (this.#carriedLength <= LIMITS.lineBytes.value) return
    this.#isOversized = true
    this.#carried = []
  }

  /** Ends the carried line with its last piece; `endBytes` is the length of the line end (0 at end of input). */
  #endCarried(piece: Buffer, endBytes: number): void {
    const offset = this.#consumedTo
    const length = this.#carriedLength + piece.length
    if (this.#isOversized || length > LIMITS.lineBytes.value) this.#rejectOversized(offset, length)
    else {
      const line = Buffer.concat([...this.#carried, piece], length)
      this.#forgetPlaces()
      this.#readLine(line, 0, length, offset)
    }
    this.#carried = []
    this.#carriedLength = 0
    this.#isOversized = false
    this.#consumedTo = offset + length + endBytes
  }

  #rejectOversized(offset: number, length: number): void {
    this.#consumer.problem({
      code: "linux-audit/line-too-long",
      severity: "error",
      offset,
      length,
      message: `a line of ${length} bytes is no audit record`,
      expected: `at most ${LIMITS.lineBytes.value} bytes`,
      found: `${length} bytes`,
    })
  }

  #forgetPlaces(): void {
    this.#nulAt = -1
    this.#parenthesisAt = -1
  }

  #readLine(buffer: Buffer, start: number, lineEnd: number, offset: number): void {
    if (this.#nulAt < start) {
      const at = buffer.indexOf(NUL, start)
      this.#nulAt = at < 0 ? buffer.length : at
    }
    if (this.#nulAt < lineEnd) this.#readTorn(buffer, start, lineEnd, offset)
    else this.#readText(buffer, start, lineEnd, offset)
  }

  /** NULs never stand in a record: what lies between blocks of them is read as lines of their own. */
  #readTorn(buffer: Buffer, start: number, lineEnd: number, offset: number): void {
    const { texts, nuls } = splitAtNuls(buffer, start, lineEnd)
    for (const [from, to] of texts) {
      this.#readText(buffer, from, to, offset + from - start)
      const inside = buffer.indexOf(NUL, from)
      if (inside < 0 || inside >= to) continue
      this.#warn("linux-audit/nul-in-record", offset + inside - start, 1, "a NUL byte inside a record")
    }
    for (const [from, to] of nuls) {
      const bytes = `${to - from} NUL byte${to - from === 1 ? "" : "s"}`
      const message = `${bytes}: a write was cut short, records may be missing here`
      this.#warn("linux-audit/nul-bytes", offset + from - start, to - from, message)
    }
  }

  #warn(code: string, offset: number, length: number, message: string): void {
    this.#consumer.problem({ code, severity: "warning", offset, length, message })
  }

  #readText(buffer: Buffer, start: number, lineEnd: number, offset: number): void {
    for (let at = start; at < lineEnd; ) at = this.#readRecord(buffer, at, lineEnd, offset + at - start)
  }

  /** Reads what stands at `start`; returns where another record begins in the line, else the line's end. */
  #readRecord(buffer: Buffer, start: number, lineEnd: number, offset: number): number {
    let end = lineEnd
    if (end > start && buffer[end - 1] === CR) end--
    while (end > start && buffer[end - 1] === SPACE) end--
    if (end === start) return lineEnd
    const length = end - start
    const record = this.#record
    record.offset = offset
    record.length = length
    const first = buffer[start]
    if ((first === 0x74 || first === 0x6e) && this.#header.read(record, buffer, start, end)) {
      const second = isKernelType(record.type) ? this.#findFollowing(record) : -1
      if (second >= 0) return this.#cutAt(record, start, second)
      this.#consumer.record(record)
      return lineEnd
    }
    const faultAt = this.#header.fault.at
    if (this.#readWrapped(record, buffer, start, end)) return lineEnd
    if (this.#others?.read(buffer, start, end, offset, length)) return lineEnd
    if (isSeparator(buffer, start, end) || this.#isForeign(buffer, start, end)) {
      this.#consumer.foreign(offset, length)
      return lineEnd
    }
    const isHeader = first === 0x74 || first === 0x6e
    this.#reject(buffer, start, end, offset, length, isHeader ? faultAt - start : 0)
    return lineEnd
  }

  /**
   * Where another record begins in a record of the kernel, because a line end was lost; -1 when none does. Few lines
   * hold a parenthesis but that of their own stamp, so one search for it serves many lines.
   */
  #findFollowing({ buffer, start, end }: AuditRecord): number {
    for (let from = start; ; from = this.#parenthesisAt + 1) {
      if (this.#parenthesisAt < from) {
        const at = buffer.indexOf(PARENTHESIS, from)
        this.#parenthesisAt = at < 0 ? buffer.length : at
      }
      if (this.#parenthesisAt >= end) return -1
      const stampAt = stampBefore(buffer, this.#parenthesisAt)
      const second = stampAt < start ? -1 : findSecondRecord(buffer, start, stampAt)
      if (second >= 0) return second
    }
  }

  /** Hands on the record that began at `start` up to `second`, and says that it was cut. */
  #cutAt(record: AuditRecord, start: number, second: number): number {
    const { end, offset } = record
    record.end = second
    record.length = second - start
    this.#consumer.record(record)
    this.#consumer.problem({
      code: "linux-audit/merged-lines",
      severity: "warning",
      offset: offset + second - start,
      length: end - second,
      message: "a record begins inside a line: the end of the one before it may be missing",
    })
    return second
  }

  /** Leading blanks, syslog, printk: the record begins behind them. */
  #readWrapped(record: AuditRecord, buffer: Buffer, start: number, end: number): boolean {
    let at = start
    while (at < end && (buffer[at] === SPACE || buffer[at] === 0x09 || buffer[at] === 0xef)) {
      if (buffer[at] === 0xef && buffer[at + 1] === 0xbb && buffer[at + 2] === 0xbf) at += 2
      else if (buffer[at] === 0xef) break
      at++
    }
    const prefix = this.#prefix
    if (prefix.read(buffer, at, end)) {
      prefix.skipAuditTag(buffer, end)
      at = prefix.contentAt
    } else if (at === start) return false
    if (buffer[at] !== 0x74 && buffer[at] !== 0x6e) return false
    if (!this.#header.read(record, buffer, at, end)) return false
    if (record.node === "" && prefix.contentAt >= 0 && prefix.hostTo > prefix.hostFrom) {
      record.node = this.#header.internNode(buffer, prefix.hostFrom, prefix.hostTo)
    }
    this.#consumer.record(record)
    return true
  }

  /** A syslog or kernel line whose content is somebody else's, or a further line of such a message. */
  #isForeign(buffer: Buffer, start: number, end: number): boolean {
    const first = buffer[start]
    if (first === SPACE || first === TAB) return buffer.subarray(start, end).indexOf(AUDIT) < 0
    const prefix = this.#prefix
    if (!prefix.read(buffer, start, end)) return false
    prefix.skipAuditTag(buffer, end)
    const at = prefix.contentAt
    const isRecord = startsWith(buffer, at, end, TYPE) || startsWith(buffer, at, end, NODE)
    return !isRecord
  }

  #reject(buffer: Buffer, start: number, end: number, offset: number, length: number, column: number): void {
    this.#consumer.problem({
      code: "linux-audit/bad-header",
      severity: "error",
      offset,
      length,
      message: `no audit record header at column ${column + 1}`,
      expected:
        column > 0 ? this.#header.fault.expected : "type=NAME msg=audit(SECONDS.MILLISECONDS:SERIAL):",
      found: buffer.latin1Slice(start + column, Math.min(end, start + column + 40)),
    })
  }
}

const AUDIT = Buffer.from("audit(", "latin1")
const TYPE = Buffer.from("type=", "latin1")
const NODE = Buffer.from("node=", "latin1")

function startsWith(buffer: Buffer, at: number, end: number, what: Buffer): boolean {
  if (at + what.length > end) return false
  for (let i = 0; i < what.length; i++) if (buffer[at + i] !== what[i]) return false
  return true
}

function isSeparator(buffer: Buffer, start: number, end: number): boolean {
  return startsWith(buffer, start, end, SEPARATOR) || startsWith(buffer, start, end, TIME_LINE)
}
