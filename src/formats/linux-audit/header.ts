/**
 * The header of a record as auditd writes it, read straight from bytes.
 *
 *   node=web-1 type=SYSCALL msg=audit(1795299136.884:8176): arch=…
 *              type=1300 audit(1795299136.884:8176): arch=…          (printk: no msg=, type as number)
 *
 * Source of truth: kernel/audit.c audit_log_start ("audit(%llu.%03lu:%u): "), audit-userspace
 * src/auditd-event.c format_raw.
 */
import type { AuditRecord } from "./record.ts"
import type { TypeNames } from "./type-names.ts"

/** Why a header could not be read, and how far it could. */
export interface HeaderFault {
  at: number
  expected: string
}

const SPACE = 0x20
/** Beyond this second the nanoseconds of an event do not fit 64 bits. */
const MAX_SECOND = 9_223_372_036

/** Reads headers into records; holds the last node name so that equal ones share a string. */
export class HeaderReader {
  readonly fault: HeaderFault = { at: 0, expected: "" }
  readonly #types: TypeNames
  #nodeBytes: Buffer = Buffer.alloc(0)
  #node = ""

  constructor(types: TypeNames) {
    this.#types = types
  }

  /**
   * Fills type, node, time, serial, start and end from the header at `start`; false (and `fault`) when it is
   * none. `end` is the end of the line without its line end.
   */
  read(record: AuditRecord, buffer: Buffer, start: number, end: number): boolean {
    let at = start
    record.node = ""
    if (buffer[at] === 0x6e) {
      at = this.#readNode(record, buffer, at, end)
      if (at < 0) return false
    }
    // type=
    if (
      buffer[at] !== 0x74 ||
      buffer[at + 1] !== 0x79 ||
      buffer[at + 2] !== 0x70 ||
      buffer[at + 3] !== 0x65 ||
      buffer[at + 4] !== 0x3d
    )
      return this.#fail(at, "type=")
    const nameFrom = at + 5
    at = nameFrom
    while (at < end && buffer[at] !== SPACE) at++
    if (!this.#readType(record, buffer, nameFrom, at)) return false
    while (at < end && buffer[at] === SPACE) at++
    // msg= is absent in printk lines
    if (buffer[at] === 0x6d && buffer[at + 1] === 0x73 && buffer[at + 2] === 0x67 && buffer[at + 3] === 0x3d)
      at += 4
    return this.readStamp(record, buffer, at, end)
  }

  /** Fills time, serial, start and end from `audit(SEC.MSEC:SERIAL): ` at `start`. */
  readStamp(record: AuditRecord, buffer: Buffer, start: number, end: number): boolean {
    let at = start
    // audit(
    if (
      buffer[at] !== 0x61 ||
      buffer[at + 1] !== 0x75 ||
      buffer[at + 2] !== 0x64 ||
      buffer[at + 3] !== 0x69 ||
      buffer[at + 4] !== 0x74 ||
      buffer[at + 5] !== 0x28
    )
      return this.#fail(at, "audit(")
    at += 6
    const secondsFrom = at
    let sec = 0
    for (; at < end; at++) {
      const digit = (buffer[at] as number) - 0x30
      if (digit < 0 || digit > 9) break
      sec = sec * 10 + digit
    }
    if (at === secondsFrom || sec > MAX_SECOND) return this.#fail(secondsFrom, "seconds since 1970")
    let nsec = 0
    if (buffer[at] === 0x2e) {
      const fractionFrom = ++at
      let milliseconds = 0
      for (; at < end; at++) {
        const digit = (buffer[at] as number) - 0x30
        if (digit < 0 || digit > 9) break
        milliseconds = milliseconds * 10 + digit
      }
      if (at === fractionFrom || at - fractionFrom > 3)
        return this.#fail(fractionFrom, "milliseconds, 0 to 999")
      nsec = milliseconds * 1_000_000
    }
    let serial = 0
    if (buffer[at] === 0x3a) {
      const serialFrom = ++at
      for (; at < end; at++) {
        const digit = (buffer[at] as number) - 0x30
        if (digit < 0 || digit > 9) break
        serial = serial * 10 + digit
      }
      if (at === serialFrom || serial > Number.MAX_SAFE_INTEGER)
        return this.#fail(serialFrom, "a serial number")
    }
    if (buffer[at] !== 0x29 || at >= end) return this.#fail(at, ")")
    at++
    // auditd's own "audit(…:34) config changed, auid=…" has no colon.
    if (buffer[at] === 0x3a && at < end) at++
    else if (at < end && buffer[at] !== SPACE) return this.#fail(at, ":")
    while (at < end && buffer[at] === SPACE) at++
    record.sec = sec
    record.nsec = nsec
    record.serial = serial
    record.hasSerial = true
    record.buffer = buffer
    record.start = at
    record.end = end
    return true
  }

  /** The node name of `buffer[start, end)`, shared with the record before when equal. */
  internNode(buffer: Buffer, start: number, end: number): string {
    const known = this.#nodeBytes
    if (known.length === end - start) {
      let at = 0
      while (at < known.length && known[at] === buffer[start + at]) at++
      if (at === known.length) return this.#node
    }
    this.#nodeBytes = Buffer.from(buffer.subarray(start, end))
    this.#node = buffer.utf8Slice(start, end)
    return this.#node
  }

  #readNode(record: AuditRecord, buffer: Buffer, start: number, end: number): number {
    if (
      buffer[start + 1] !== 0x6f ||
      buffer[start + 2] !== 0x64 ||
      buffer[start + 3] !== 0x65 ||
      buffer[start + 4] !== 0x3d
    ) {
      this.#fail(start, "node= or type=")
      return -1
    }
    let at = start + 5
    while (at < end && buffer[at] !== SPACE) at++
    record.node = this.internNode(buffer, start + 5, at)
    while (at < end && buffer[at] === SPACE) at++
    return at
  }

  #readType(record: AuditRecord, buffer: Buffer, start: number, end: number): boolean {
    const type = this.#types.find(buffer, start, end)
    record.type = type
    record.typeName = ""
    if (type >= 0) return true
    if (!isTypeName(buffer, start, end)) return this.#fail(start, "a record type")
    record.typeName = buffer.latin1Slice(start, end)
    return true
  }

  #fail(at: number, expected: string): false {
    this.fault.at = at
    this.fault.expected = expected
    return false
  }
}

/** `[A-Z][A-Z0-9_]*`, at most 64 bytes: a name that a newer kernel may bring. */
function isTypeName(buffer: Buffer, start: number, end: number): boolean {
  if (end === start || end - start > 64) return false
  for (let at = start; at < end; at++) {
    const byte = buffer[at] as number
    const isLetter = byte >= 0x41 && byte <= 0x5a
    const isDigit = byte >= 0x30 && byte <= 0x39
    if (!isLetter && (at === start || (!isDigit && byte !== 0x5f))) return false
  }
  return true
}
