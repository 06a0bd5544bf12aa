/**
 * The arguments of an exec, joined from its EXECVE records.
 *
 *   argc=3 a0="sh" a1="-c" a2_len=15020 a2[0]=6162…        first record
 *    a2[1]=6162…                                            further records begin with a blank
 *
 * Neither argc nor aN_len is trusted: a process names them. Fragments are cut at whole bytes.
 * DEVIATION(osquery): argument-order, argument-records, argument-fragments: osquery joins the fields of the first
 * record in the order of their names.
 *
 * Source of truth: kernel/auditsc.c audit_log_execve_info (kernel 6.18).
 */
import { parseDecimal } from "../../base/digits.ts"
import { putJsonString, WIDEST_JSON_BYTE } from "../../base/json-string.ts"
import { LIMITS } from "../../base/limits.ts"
import type { AuditEvent, EventRecord } from "./event.ts"
import { appendHex, ByteArena, isHex, isNull } from "./value.ts"

const EXECVE = 1309
const SPACE = 0x20
const QUOTE = 0x22
const ENRICHED = 0x1d

/** Lengths that are compared; the kernel writes one for an argument of several thousand bytes only. */
const MAX_LENGTHS = 1024

/** One recorded piece of an argument. */
interface Piece {
  argument: number
  fragment: number
  /** Characters of the value without its quotes, as `aN_len` counts them. */
  characters: number
  start: number
  end: number
}

export class ArgvReader {
  /** What was wrong with the last exec's arguments; '' when nothing was. */
  fault = ""
  /** The first EXECVE record of the last exec; null when it had none. */
  record: EventRecord | null = null
  readonly #arena: ByteArena
  readonly #json = new ByteArena()
  #pieces: Piece[] = []
  #count = 0
  #argc = Number.NaN
  #isOrdered = true
  /** An argument has fragments, or the pieces do not simply follow each other. */
  #isIrregular = false
  /** `aN_len` by N. */
  readonly #lengths = new Map<number, number>()
  #start = 0
  #end = 0

  /** @param arena where the joined arguments are put; they stay until it is reset */
  constructor(arena: ByteArena) {
    this.#arena = arena
  }

  /** Reads all EXECVE records of the event and returns how many arguments they hold. */
  read(event: AuditEvent): number {
    this.fault = ""
    this.record = null
    this.#count = 0
    this.#argc = Number.NaN
    this.#isOrdered = true
    this.#isIrregular = false
    // Emptying a map makes a new one.
    if (this.#lengths.size > 0) this.#lengths.clear()
    if (this.#pieces.length > 4096) this.#pieces = []
    for (let at = 0; at < event.count; at++) {
      const record = event.records[at]
      if (record === undefined || record.type !== EXECVE) continue
      this.record ??= record
      this.#readRecord(record)
    }
    const pieces = this.#isOrdered ? this.#pieces : this.#pieces.slice(0, this.#count)
    if (!this.#isOrdered) pieces.sort((a, b) => a.argument - b.argument || a.fragment - b.fragment)
    if (this.#isIrregular) this.#check(pieces)
    const found = this.#join(pieces)
    if (found === 0 && this.record !== null) this.#note("no argument is recorded")
    if (this.fault === "" && !Number.isNaN(this.#argc) && this.#argc !== found) {
      this.#note(`argc is ${this.#argc}, but ${found} arguments are recorded`)
    }
    return found
  }

  /** The arguments joined with single blanks: bytes as the process had them. */
  cmdline(): { bytes: Buffer; start: number; end: number } {
    return { bytes: this.#arena.bytes, start: this.#start, end: this.#end }
  }

  /** The arguments as a JSON array in the text form of base/text.ts. */
  json(): ByteArena {
    return this.#json
  }

  #readRecord(record: EventRecord): void {
    const { buffer, end } = record
    let at = record.start
    while (at < end) {
      const byte = buffer[at] as number
      if (byte === ENRICHED) return
      if (byte === SPACE) at++
      else at = this.#readField(buffer, at, end)
    }
  }

  /** Reads `aN=…`, `aN[k]=…`, `aN_len=…` or `argc=…` at `start`; returns where the next may begin. */
  #readField(buffer: Buffer, start: number, end: number): number {
    let at = start + 1
    let argument = 0
    const digitsFrom = at
    for (; at < end; at++) {
      const digit = (buffer[at] as number) - 0x30
      if (digit < 0 || digit > 9) break
      argument = argument * 10 + digit
    }
    const isArgument = buffer[start] === 0x61 && at > digitsFrom && at - digitsFrom <= 7
    let fragment = -1
    if (isArgument && buffer[at] === 0x5b) {
      fragment = parseDecimal(buffer, at + 1, end)
      while (at < end && buffer[at] !== 0x5d && buffer[at] !== SPACE) at++
      if (buffer[at] === 0x5d) at++
    }
    const nameEnd = at
    while (at < end && buffer[at] !== 0x3d && buffer[at] !== SPACE) at++
    if (at >= end || buffer[at] !== 0x3d) return at
    const valueFrom = at + 1
    const valueEnd = endOfValue(buffer, valueFrom, end)
    if (isArgument && nameEnd === at - 4 && buffer.latin1Slice(nameEnd, at) === "_len") {
      this.#noteLength(argument, parseDecimal(buffer, valueFrom, valueEnd))
    } else if (isArgument && nameEnd === at) this.#addPiece(buffer, argument, fragment, valueFrom, valueEnd)
    else if (buffer.latin1Slice(start, Math.min(at, start + 5)) === "argc") {
      this.#argc = parseDecimal(buffer, valueFrom, valueEnd)
      if (Number.isNaN(this.#argc)) this.#note("argc is no number")
    }
    return valueEnd
  }

  #noteLength(argument: number, characters: number): void {
    this.#isIrregular = true
    if (this.#lengths.size < MAX_LENGTHS) this.#lengths.set(argument, characters)
  }

  #addPiece(buffer: Buffer, argument: number, fragment: number, from: number, to: number): void {
    if (this.#count >= LIMITS.execveArguments.value) {
      this.#note(`more than ${LIMITS.execveArguments.value} arguments`)
      return
    }
    const last = this.#count > 0 ? this.#pieces[this.#count - 1] : undefined
    if (
      last !== undefined &&
      (argument < last.argument || (argument === last.argument && fragment <= last.fragment))
    ) {
      this.#isOrdered = false
      this.#isIrregular = true
    }
    if (fragment >= 0) this.#isIrregular = true
    let piece = this.#pieces[this.#count]
    if (piece === undefined) {
      piece = { argument, fragment, characters: 0, start: 0, end: 0 }
      this.#pieces.push(piece)
    }
    this.#count++
    piece.argument = argument
    piece.fragment = fragment
    piece.characters = buffer[from] === QUOTE ? Math.max(0, to - from - 2) : to - from
    piece.start = this.#arena.length
    this.#appendValue(buffer, from, to, argument)
    piece.end = this.#arena.length
  }

  #appendValue(buffer: Buffer, from: number, to: number, argument: number): void {
    if (buffer[from] === QUOTE && from < to) {
      const isEnded = to - from > 1 && buffer[to - 1] === QUOTE
      if (!isEnded) this.#note(`the quote of a${argument} has no end`)
      this.#arena.append(buffer, from + 1, isEnded ? to - 1 : to)
    } else if (isNull(buffer, from, to)) return
    else if (!isHex(buffer, from, to)) {
      if (to > from) this.#note(`a${argument} is neither quoted nor upper-case hex`)
      this.#arena.append(buffer, from, to)
    } else {
      if ((to - from) % 2 === 1) this.#note(`a${argument} has an odd number of hex digits`)
      appendHex(buffer, from, to, this.#arena)
    }
  }

  /** Leaves out pieces that are recorded twice and notes fragments that are missing; the pieces are in order. */
  #check(pieces: Piece[]): void {
    let kept = 0
    let previous: Piece | undefined
    for (let at = 0; at < this.#count; at++) {
      const piece = pieces[at] as Piece
      const isSame = previous !== undefined && previous.argument === piece.argument
      if (isSame && previous?.fragment === piece.fragment) {
        this.#note(`a${piece.argument} is recorded twice; the first is used`)
        continue
      }
      const next = isSame ? (previous as Piece).fragment + 1 : Math.min(piece.fragment, 0)
      if (piece.fragment !== next) this.#note(`a${piece.argument}[${next}] is missing`)
      previous = piece
      pieces[at] = pieces[kept] as Piece
      pieces[kept++] = piece
    }
    this.#count = kept
    if (this.fault === "" && this.#lengths.size > 0) this.#checkLengths(pieces)
  }

  /** Keeps what was found first: the rest often follows from it. */
  #note(fault: string): void {
    if (this.fault === "") this.fault = fault
  }

  #checkLengths(pieces: readonly Piece[]): void {
    const found = new Map<number, number>()
    for (let at = 0; at < this.#count; at++) {
      const { argument, characters } = pieces[at] as Piece
      if (this.#lengths.has(argument)) found.set(argument, (found.get(argument) ?? 0) + characters)
    }
    for (const [argument, length] of this.#lengths) {
      const characters = found.get(argument) ?? 0
      if (characters === length) continue
      this.fault = `a${argument}_len is ${length}, but ${characters} characters are recorded`
      return
    }
  }

  /** Copies the pieces in order to one stretch of the arena, blanks between arguments; returns their number. */
  #join(pieces: readonly Piece[]): number {
    const arena = this.#arena
    this.#json.reset()
    this.#start = arena.length
    let found = 0
    let previous = -1
    for (let at = 0; at < this.#count; at++) {
      const piece = pieces[at] as Piece
      if (piece.argument !== previous) {
        if (found > 0) arena.push(SPACE)
        found++
        previous = piece.argument
      }
      arena.reserve(piece.end - piece.start)
      arena.append(arena.bytes, piece.start, piece.end)
    }
    this.#end = arena.length
    if (found > 0) this.#writeJson(pieces)
    return found
  }

  /** Strings of whole arguments: a character may be cut between two fragments. */
  #writeJson(pieces: readonly Piece[]): void {
    const json = this.#json
    json.push(0x5b)
    let at = this.#start
    for (let from = 0; from < this.#count; ) {
      let length = 0
      const argument = (pieces[from] as Piece).argument
      while (from < this.#count && (pieces[from] as Piece).argument === argument) {
        length += (pieces[from] as Piece).end - (pieces[from] as Piece).start
        from++
      }
      if (json.length > 1) json.push(0x2c)
      json.reserve(length * WIDEST_JSON_BYTE + 2)
      json.length = putJsonString(json.bytes, json.length, this.#arena.bytes, at, at + length)
      at += length + 1
    }
    json.push(0x5d)
  }
}

function endOfValue(buffer: Buffer, start: number, end: number): number {
  let at = start
  if (buffer[at] === QUOTE && at < end) {
    at++
    while (at < end && buffer[at] !== QUOTE) at++
    return at < end ? at + 1 : end
  }
  while (at < end && buffer[at] !== SPACE && buffer[at] !== ENRICHED) at++
  return at
}
