/**
 * Reads the lines that carry no `type=… msg=audit(…)`: journalctl's short forms and `-o cat`, JSON objects, and
 * text that `ausearch -i` has interpreted.
 *
 *   Nov 21 22:14:34 web-1 audit[10814]: SYSCALL arch=c000003e …      short and its kin: no serial
 *   SYSCALL arch=c000003e …                                          cat: no time either
 *   {"_AUDIT_TYPE":"1309","_AUDIT_ID":"14399", …}                    json; json-seq begins with RS, json-sse with data:
 *
 * Source of truth: journalctl(1) -o; systemd src/shared/logs-show.c output_short, output_cat.
 */
import type { RecordConsumer } from "../framing.ts"
import { isInterpretedStamp } from "./interpreted-stamp.ts"
import { type EntryTools, readMessageLine } from "./journal-entry.ts"
import { JsonScanner } from "./json-scanner.ts"
import { parseState } from "./json-stream.ts"
import { parseObject, readObject } from "./object-reader.ts"
import { StampReader } from "./stamps.ts"
import { findTypeName } from "./type-name.ts"

export interface OtherLineOptions {
  readonly consumer: RecordConsumer
  /** Whose sink hands on to `consumer`. */
  readonly tools: EntryTools
  /** Of the file in ms since 1970, NaN when unknown. */
  readonly modifiedMs: number
  /** True when the source is the output of `journalctl -o cat`: a line without any prefix may be a record. */
  readonly isCat: boolean
}

const SPACE = 0x20
const RS = 0x1e
const SSE = Buffer.from("data: ", "latin1")
const AUDIT = "audit"
/** `audit[10814]: ` or `audit: `, after the host or, with --no-hostname, at once. */
const IDENTIFIER = /^(?:(\S{1,255}) )?([^\s[\]:]{1,255})(?:\[\d{1,10}\])?: /
const IDENTIFIER_BYTES = 540
const TYPE_NAME = /^([A-Z][A-Z0-9_]{2,63}|UNKNOWN\[\d{1,6}\])(?: |$)/
const TYPE_BYTES = 66
/** A body begins with a key, or as SELinux's, TTY's and old user records do. */
const BODY = /^ *(?:[A-Za-z][A-Za-z0-9_-]*(?:\[\d+\])?=|avc: |tty |user |login |policy loaded |netlabel)/
const BODY_BYTES = 80
const INTERPRETED = /type=\S{1,64} msg=audit\(/

export class OtherLineReader {
  readonly #consumer: RecordConsumer
  readonly #tools: EntryTools
  readonly #stamps: StampReader
  readonly #scanner = new JsonScanner()
  readonly #isCat: boolean
  readonly #reportedZones = new Set<string>()

  constructor(options: OtherLineOptions) {
    this.#consumer = options.consumer
    this.#tools = options.tools
    this.#stamps = new StampReader(options.modifiedMs)
    this.#isCat = options.isCat
  }

  /**
   * Reads the line `buffer[start, end)`, which lies at `offset` in the source and takes `length` bytes there
   * without its line end. True when it was handed on, as record, problem or foreign; false when it is of no form known here.
   */
  readonly read = (buffer: Buffer, start: number, end: number, offset: number, length: number): boolean => {
    this.#tools.sink.begin(offset, length)
    const at = skipFraming(buffer, start, end)
    if (buffer[at] === 0x7b) return this.#readObject(buffer, at, end)
    if (this.#readInterpreted(buffer, start, end)) return true
    if (buffer.latin1Slice(start, Math.min(end, start + 3)) === "-- ") {
      this.#consumer.foreign(offset, length)
      return true
    }
    if (this.#stamps.read(buffer, start, end)) return this.#readStamped(buffer, end, offset)
    return this.#isCat && this.#readCat(buffer, start, end)
  }

  saveState(): string {
    return JSON.stringify(this.#tools.adjacency.save())
  }

  /** Takes back what `saveState` gave; text of any other form is ignored. */
  restoreState(state: string): void {
    this.#tools.adjacency.restore(parseState(state))
  }

  #readObject(buffer: Buffer, start: number, end: number): boolean {
    this.#scanner.begin()
    const isWhole = this.#scanner.scan(buffer, start, end) === "end" && isBlank(buffer, this.#scanner.at, end)
    const object = isWhole ? parseObject(buffer, start, end) : null
    if (object !== null) {
      readObject(object, this.#tools)
      return true
    }
    if (!/^\{\s*"/.test(buffer.latin1Slice(start, Math.min(end, start + 16)))) return false
    this.#tools.sink.problem("bad-json", "error", "a line that begins like a JSON object and is none", {
      found: buffer.utf8Slice(start, Math.min(end, start + 60)),
    })
    return true
  }

  /** Where the words `type=… msg=audit(` stand, their stamp decides; a raw one is left to others. */
  #readInterpreted(buffer: Buffer, start: number, end: number): boolean {
    const head = buffer.latin1Slice(start, Math.min(end, start + 300))
    const match = INTERPRETED.exec(head)
    if (match === null) return false
    const stampAt = start + match.index + match[0].length
    if (!isInterpretedStamp(buffer, stampAt, end)) return false
    this.#tools.sink.problem(
      "interpreted",
      "error",
      "the record was interpreted for people, its raw fields are lost",
      {
        expected: "raw records, as of ausearch --raw",
        found: buffer.utf8Slice(start + match.index, Math.min(end, stampAt + 40)),
      },
    )
    return true
  }

  #readStamped(buffer: Buffer, end: number, offset: number): boolean {
    const stamps = this.#stamps
    const at = stamps.end
    const match = IDENTIFIER.exec(buffer.latin1Slice(at, Math.min(end, at + IDENTIFIER_BYTES)))
    // RFC 3164 and ISO stamps without a record are syslog's, and others know them.
    const isOwn = stamps.form !== "rfc3164" && stamps.form !== "iso"
    if (match === null) return isOwn && this.#foreign()
    const [whole, host, identifier] = match
    const contentAt = at + whole.length
    const hostText = host === undefined ? "" : buffer.utf8Slice(at, at + host.length)
    if (identifier === AUDIT && this.#readNamed(buffer, contentAt, end, hostText, offset)) return true
    if (!isOwn) return false
    if (identifier !== "kernel" && !isSyslogPlugin(identifier) && identifier !== AUDIT) return this.#foreign()
    readMessageLine(buffer.subarray(contentAt, end), hostText, this.#tools)
    return true
  }

  #foreign(): boolean {
    this.#tools.sink.foreign()
    return true
  }

  #readCat(buffer: Buffer, start: number, end: number): boolean {
    const { record } = this.#tools.sink
    record.sec = Number.NaN
    this.#stamps.sec = Number.NaN
    if (!this.#readNamed(buffer, start, end, "", -1)) this.#tools.sink.foreign()
    return true
  }

  /** `NAME body` at `start`: the journal's form of a record. */
  #readNamed(buffer: Buffer, start: number, end: number, host: string, stampOffset: number): boolean {
    const { sink, types, adjacency } = this.#tools
    const name = TYPE_NAME.exec(buffer.latin1Slice(start, Math.min(end, start + TYPE_BYTES)))?.[1]
    if (name === undefined) return false
    let at = start + name.length
    while (at < end && buffer[at] === SPACE) at++
    const isEmpty = at === end
    if (!isEmpty && !BODY.test(buffer.latin1Slice(at, Math.min(end, at + BODY_BYTES)))) return false
    const { record } = sink
    record.type = findTypeName(types, buffer, start, start + name.length)
    record.typeName = record.type < 0 ? name : ""
    record.node = host
    const hasStamp = stampOffset >= 0
    record.sec = hasStamp ? this.#stamps.sec : Number.NaN
    record.nsec = hasStamp && !Number.isNaN(record.sec) ? this.#stamps.nsec : 0
    record.hasSerial = false
    record.serial = adjacency.next(record.type, record.sec, record.nsec, host)
    sink.setBody(buffer, at, end)
    sink.emit()
    if (hasStamp) this.#reportZone()
    return true
  }

  /** Says once for each zone that its offset is not known, and no time was taken. */
  #reportZone(): void {
    const zone = this.#stamps.unknownZone
    if (zone === "" || this.#reportedZones.has(zone)) return
    this.#reportedZones.add(zone)
    this.#tools.sink.problem(
      "unknown-zone",
      "warning",
      "the stamps name a zone by letters that many zones share",
      {
        expected: "UTC or an offset such as +0100",
        found: zone,
      },
    )
  }
}

/** auditd's own ways into syslog. */
function isSyslogPlugin(identifier: string | undefined): boolean {
  return identifier === "audisp-syslog" || identifier === "audispd" || identifier === "auditd"
}

/** Past a byte order mark, RS (RFC 7464) and `data: ` (server-sent events). */
function skipFraming(buffer: Buffer, start: number, end: number): number {
  let at = start
  if (buffer[at] === 0xef && buffer[at + 1] === 0xbb && buffer[at + 2] === 0xbf) at += 3
  if (buffer[at] === RS) at++
  if (end - at > SSE.length && buffer.compare(SSE, 0, SSE.length, at, at + SSE.length) === 0) at += SSE.length
  while (at < end && buffer[at] === SPACE) at++
  return at
}

function isBlank(buffer: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (buffer[at] !== SPACE && buffer[at] !== 0x09) return false
  return true
}
