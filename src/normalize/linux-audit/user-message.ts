/**
 * The text that a program gave in `msg='…'`: which account, program, terminal and result it names.
 *
 *   op=PAM:authentication grantors=pam_unix acct="alice" exe="/usr/bin/su" hostname=? addr=? terminal=pts/0 res=success
 *   PAM: setcred acct="root" : exe="/usr/sbin/crond" (hostname=?, addr=?, terminal=cron res=success)     (RHEL 5)
 *
 * libaudit appends exe, hostname, addr, terminal and res behind what the program says, so of these the last one
 * counts: a program's own words cannot stand in for them.
 * DEVIATION(osquery): whole-message: osquery keeps the first word; operation, account and command are in the rest.
 *
 * Source of truth: audit-userspace lib/audit_logging.c.
 */
import { appendHex, type ByteArena, isHex } from "../../formats/linux-audit/value.ts"

const SPACE = 0x20
const QUOTE = 0x22

const FIRST_COUNTS: ReadonlySet<string> = new Set(["acct", "id", "op"])
const LAST_COUNTS: ReadonlySet<string> = new Set(["exe", "addr", "terminal", "res", "result"])
/** Fields that libaudit writes in hex when they hold more than plain characters. */
const ENCODED: ReadonlySet<string> = new Set([
  "acct",
  "cmd",
  "cwd",
  "exe",
  "data",
  "comm",
  "path",
  "cmdline",
  "vm",
  "unit",
])

export interface Range {
  readonly start: number
  readonly end: number
}

export class UserMessage {
  readonly fields = new Map<string, Range>()
  /** The message with its encoded fields decoded, in the arena's bytes. */
  readonly text = { start: 0, end: 0 }
  readonly #arena: ByteArena

  constructor(arena: ByteArena) {
    this.#arena = arena
  }

  /** Reads the message `buffer[start, end)`, without its single quotes. */
  read(buffer: Buffer, start: number, end: number): void {
    const arena = this.#arena
    this.fields.clear()
    this.text.start = arena.length
    let at = start
    while (at < end) {
      const from = at
      at = this.#readToken(buffer, at, end)
      if (at === from) {
        arena.push(buffer[at] as number)
        at++
      }
    }
    this.text.end = arena.length
  }

  /** Reads one blank-separated token and copies it to the text; returns its end, `start` for a blank. */
  #readToken(buffer: Buffer, start: number, end: number): number {
    let at = start
    while (at < end && buffer[at] !== 0x3d && buffer[at] !== SPACE) at++
    if (at >= end || buffer[at] === SPACE) {
      this.#arena.append(buffer, start, at)
      return at
    }
    const key = buffer.latin1Slice(buffer[start] === 0x28 ? start + 1 : start, Math.min(at, start + 24))
    const valueFrom = at + 1
    const tokenEnd = endOfValue(buffer, valueFrom, end)
    const valueEnd = trimPunctuation(buffer, valueFrom, tokenEnd)
    if (LAST_COUNTS.has(key) || (FIRST_COUNTS.has(key) && !this.fields.has(key))) {
      this.fields.set(key, { start: valueFrom, end: valueEnd })
    }
    this.#arena.append(buffer, start, valueFrom)
    if (ENCODED.has(key) && (valueEnd - valueFrom) % 2 === 0 && isHex(buffer, valueFrom, valueEnd)) {
      this.#arena.push(QUOTE)
      appendHex(buffer, valueFrom, valueEnd, this.#arena)
      this.#arena.push(QUOTE)
      this.#arena.append(buffer, valueEnd, tokenEnd)
    } else this.#arena.append(buffer, valueFrom, tokenEnd)
    return tokenEnd
  }
}

function endOfValue(buffer: Buffer, start: number, end: number): number {
  let at = start
  if (buffer[at] === QUOTE) {
    const quote = buffer.indexOf(QUOTE, at + 1)
    if (quote >= 0 && quote < end) at = quote + 1
  }
  while (at < end && buffer[at] !== SPACE) at++
  return at
}

/** Without what old records put behind a value: `?,` and `success)`; `(none)` stays whole. */
function trimPunctuation(buffer: Buffer, start: number, end: number): number {
  if (buffer[start] === 0x28) return end
  let to = end
  while (to > start && (buffer[to - 1] === 0x2c || buffer[to - 1] === 0x29 || buffer[to - 1] === 0x27)) to--
  return to
}
