/**
 * What syslog daemons, the kernel's log and shippers put in front of an audit record.
 *
 *   <134>Oct 28 08:48:43 centos6 audispd: node=centos6 type=USER_CMD msg=audit(…
 *   <13>1 2026-11-21T22:12:16.884Z web-1 audispd 811 - - type=SYSCALL msg=audit(…
 *   [ 1838.736780] audit: type=1300 audit(1795299192.572:12313): arch=…
 *   Nov 21 22:12:16 web-1 kernel: [ 1838.73] audit: type=1400 audit(…
 *
 * Source of truth: RFC 3164 section 4.1, RFC 5424 section 6, printk(9) with and without timestamps, dmesg(1) -T -x.
 * Only text that a record directly follows counts: a program can log the words `type=… msg=audit(…)` itself,
 * and such a line is that program's, not the audit system's.
 */

const SPACE = 0x20
const COLON = 0x3a

/** Where the content of a wrapped line begins, and which host the wrapping names. */
export class LinePrefix {
  /** Start of the content after the tag; -1 when the line is not wrapped in any known way. */
  contentAt = -1
  /** The host's name lies in `[hostFrom, hostTo)`; empty when the wrapping names none. */
  hostFrom = 0
  hostTo = 0
  /** The program's tag without pid and colon. */
  tagFrom = 0
  tagTo = 0

  /** Reads the wrapping of the line `buffer[start, end)`; true when one was recognised. */
  read(buffer: Buffer, start: number, end: number): boolean {
    this.contentAt = -1
    this.hostFrom = this.hostTo = this.tagFrom = this.tagTo = start
    let at = start
    if (buffer[at] === 0x3c) at = skipPriority(buffer, at, end)
    if (at > start && buffer[at] === 0x31 && buffer[at + 1] === SPACE)
      return this.#read5424(buffer, at + 2, end)
    const stampEnd = skipStamp(buffer, at, end)
    if (stampEnd > at) {
      this.#readHostAndTag(buffer, stampEnd, end)
    } else {
      const afterFacility = skipFacility(buffer, at, end)
      const afterBracket = skipKernelStamp(buffer, afterFacility, end)
      if (afterBracket === at && !startsWith(buffer, at, end, AUDIT_TAG)) return false
      this.contentAt = afterBracket
    }
    if (this.contentAt >= 0) this.contentAt = skipKernelStamp(buffer, this.contentAt, end)
    return this.contentAt >= 0
  }

  /** `audit: ` in front of a printk record, after whatever else wraps it. */
  skipAuditTag(buffer: Buffer, end: number): void {
    if (startsWith(buffer, this.contentAt, end, AUDIT_TAG)) this.contentAt += AUDIT_TAG.length
  }

  #read5424(buffer: Buffer, start: number, end: number): boolean {
    const stampEnd = skipWord(buffer, start, end)
    this.hostFrom = stampEnd
    const hostEnd = skipWord(buffer, stampEnd, end)
    this.hostTo = Math.max(stampEnd, hostEnd - 1)
    if (this.hostTo === this.hostFrom + 1 && buffer[this.hostFrom] === 0x2d) this.hostTo = this.hostFrom
    const tagEnd = skipWord(buffer, hostEnd, end)
    this.tagFrom = hostEnd
    this.tagTo = Math.max(hostEnd, tagEnd - 1)
    let at = skipWord(buffer, skipWord(buffer, tagEnd, end), end)
    if (buffer[at] === 0x5b) at = skipStructured(buffer, at, end)
    else if (buffer[at] === 0x2d) at++
    if (buffer[at] === SPACE) at++
    if (buffer[at] === 0xef && buffer[at + 1] === 0xbb && buffer[at + 2] === 0xbf) at += 3
    this.contentAt = Math.min(at, end)
    return true
  }

  #readHostAndTag(buffer: Buffer, start: number, end: number): void {
    const hostEnd = skipWord(buffer, start, end)
    this.hostFrom = start
    this.hostTo = Math.max(start, hostEnd - 1)
    this.tagFrom = hostEnd
    let at = hostEnd
    while (at < end && buffer[at] !== COLON && buffer[at] !== SPACE && buffer[at] !== 0x5b) at++
    this.tagTo = at
    if (buffer[at] === 0x5b) while (at < end && buffer[at] !== 0x5d && buffer[at] !== SPACE) at++
    if (buffer[at] === 0x5d) at++
    if (at >= end || buffer[at] !== COLON) {
      // No tag at all: some relays drop it, and the record follows the host at once.
      this.contentAt = hostEnd
      return
    }
    at++
    while (at < end && buffer[at] === SPACE) at++
    this.contentAt = at
  }
}

const AUDIT_TAG = Buffer.from("audit: ", "latin1")

function startsWith(buffer: Buffer, at: number, end: number, what: Buffer): boolean {
  if (at + what.length > end) return false
  for (let i = 0; i < what.length; i++) if (buffer[at + i] !== what[i]) return false
  return true
}

/** Past the word at `at` and the blank after it. */
function skipWord(buffer: Buffer, at: number, end: number): number {
  let to = at
  while (to < end && buffer[to] !== SPACE) to++
  return to < end ? to + 1 : to
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function skipPriority(buffer: Buffer, at: number, end: number): number {
  let to = at + 1
  while (to < end && isDigit(buffer[to])) to++
  return buffer[to] === 0x3e && to > at + 1 && to - at <= 4 ? to + 1 : at
}

/** `kern  :notice: ` of dmesg -x. */
function skipFacility(buffer: Buffer, at: number, end: number): number {
  let to = at
  while (to < end && to - at < 10 && isLower(buffer[to])) to++
  if (to === at) return at
  while (to < end && buffer[to] === SPACE) to++
  if (buffer[to] !== COLON) return at
  to++
  while (to < end && isLower(buffer[to])) to++
  while (to < end && buffer[to] === SPACE) to++
  if (buffer[to] !== COLON) return at
  to++
  while (to < end && buffer[to] === SPACE) to++
  return to
}

function isLower(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x61 && byte <= 0x7a
}

/** `[ 1838.736780] `, `[Sat Nov 21 22:12:16 2026] `, `[T123] ` or several of them. */
function skipKernelStamp(buffer: Buffer, at: number, end: number): number {
  let from = at
  while (buffer[from] === 0x5b && from < end) {
    let to = from + 1
    while (to < end && to - from < 40 && buffer[to] !== 0x5d) to++
    if (buffer[to] !== 0x5d) return from
    from = to + 1
    while (from < end && buffer[from] === SPACE) from++
  }
  return from
}

/** RFC 5424 structured data: `[id name="value \"quoted\""][…]`. */
function skipStructured(buffer: Buffer, at: number, end: number): number {
  let isQuoted = false
  let to = at
  while (to < end) {
    const byte = buffer[to] as number
    if (isQuoted && byte === 0x5c) to++
    else if (byte === 0x22) isQuoted = !isQuoted
    else if (!isQuoted && byte === 0x5d && buffer[to + 1] !== 0x5b) return to + 1
    to++
  }
  return end
}

/**
 * Past a syslog time stamp and the blank after it: `Nov 21 22:12:16 `, `Nov  1 2026 22:12:16 `,
 * `2026-11-21T22:12:16.884+00:00 `; `at` itself when there is none.
 */
export function skipStamp(buffer: Buffer, at: number, end: number): number {
  if (isDigit(buffer[at])) return skipIsoStamp(buffer, at, end)
  if (!MONTHS.has(buffer.latin1Slice(at, Math.min(at + 3, end))) || buffer[at + 3] !== SPACE) return at
  let to = at + 4
  if (buffer[to] === SPACE) to++
  while (isDigit(buffer[to])) to++
  if (buffer[to] !== SPACE) return at
  to++
  if (isDigit(buffer[to]) && isDigit(buffer[to + 2]) && isDigit(buffer[to + 3]) && buffer[to + 4] === SPACE)
    to += 5
  if (to + 8 > end || buffer[to + 2] !== COLON || buffer[to + 5] !== COLON) return at
  return skipWord(buffer, to, end)
}

const MONTHS: ReadonlySet<string> = new Set("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "))

function skipIsoStamp(buffer: Buffer, at: number, end: number): number {
  if (at + 19 > end || buffer[at + 4] !== 0x2d || buffer[at + 7] !== 0x2d) return at
  if (buffer[at + 10] !== 0x54 && buffer[at + 10] !== SPACE) return at
  if (buffer[at + 13] !== COLON || buffer[at + 16] !== COLON) return at
  let to = at + 19
  while (to < end && buffer[to] !== SPACE) to++
  return to < end ? to + 1 : to
}
