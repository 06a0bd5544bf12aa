/**
 * Finds the objects in JSON that is not one object a line: `journalctl -o json-pretty`, `dmesg --json`, arrays.
 * What lies between objects is punctuation. After damage, reading goes on at the next object.
 *
 *   {"dmesg": [ {"pri":5,"time":1838.736774,"msg":"audit: type=1305 audit(1795299192.572:12313): …"}, … ]}
 *
 * Source of truth: RFC 8259; systemd src/shared/logs-show.c output_json; util-linux sys-utils/dmesg.c print_record.
 */
import { LIMITS } from "../../../base/limits.ts"
import type { RecordConsumer } from "../framing.ts"
import { ByteWindow } from "./byte-window.ts"
import type { EntryTools } from "./journal-entry.ts"
import { JsonScanner } from "./json-scanner.ts"
import { parseObject, readObject } from "./object-reader.ts"
import type { ResumableFramer } from "./resumable.ts"

const LF = 0x0a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

type Place = "between" | "object" | "damage"

export class JsonStreamFramer implements ResumableFramer {
  readonly #consumer: RecordConsumer
  readonly #tools: EntryTools
  readonly #window = new ByteWindow()
  readonly #scanner = new JsonScanner()
  #place: Place = "between"
  /** Source offset up to which the window was scanned. */
  #scannedTo = 0
  /** Source offset where a damaged stretch begins that has not been reported yet, or -1. */
  #damagedFrom = -1
  #damage = ""
  /** In damage: an opening brace here may begin an object, for it begins its line or follows a closed one. */
  #isFresh = false
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
    if (window.at === window.end) this.#scannedTo = offset
    window.add(chunk, offset)
    this.#run()
    window.settle()
  }

  end(): void {
    const window = this.#window
    if (this.#place === "object") this.#noteDamage(window.at, "the source ends inside an object")
    window.at = window.end
    this.#place = "between"
    this.#reportDamage(window.offsetOf(window.end))
    this.#consumedTo = window.offsetOf(window.end)
  }

  saveState(): string {
    return JSON.stringify(this.#tools.adjacency.save())
  }

  restoreState(state: string): void {
    this.#tools.adjacency.restore(parseState(state))
  }

  #run(): void {
    const window = this.#window
    let at = window.indexOf(this.#scannedTo)
    while (at < window.end) {
      if (this.#place === "object") at = this.#scanObject(at)
      else if (this.#place === "damage") at = this.#skipDamage(at)
      else at = this.#skipBetween(at)
    }
    this.#scannedTo = window.offsetOf(at)
    if (this.#place !== "object") window.at = at
    this.#consumedTo = this.#damagedFrom >= 0 ? this.#damagedFrom : window.offsetOf(window.at)
  }

  #skipBetween(start: number): number {
    const { buffer, end } = this.#window
    for (let at = start; at < end; at++) {
      const byte = buffer[at] as number
      if (byte === OPEN_BRACE) return this.#beginObject(at)
      if (isPunctuation(byte)) continue
      this.#noteDamage(at, "text outside of any object")
      this.#isFresh = false
      return at
    }
    return end
  }

  #skipDamage(start: number): number {
    const { buffer, end } = this.#window
    for (let at = start; at < end; at++) {
      const byte = buffer[at] as number
      if (byte === OPEN_BRACE && this.#isFresh) return this.#beginObject(at)
      if (byte === LF || byte === CLOSE_BRACE || byte === 0x1e) this.#isFresh = true
      else if (!isPunctuation(byte)) this.#isFresh = false
    }
    return end
  }

  #beginObject(at: number): number {
    this.#window.at = at
    this.#place = "object"
    this.#scanner.begin()
    return at
  }

  #scanObject(start: number): number {
    const window = this.#window
    const scanner = this.#scanner
    const result = scanner.scan(window.buffer, start, window.end)
    const at = scanner.at
    if (result === "end") this.#readObject(at)
    else if (result === "wrapper") this.#place = "between"
    else if (result === "damaged") {
      this.#isFresh = isFreshAt(window.buffer, window.at, at)
      this.#noteDamage(window.at, "an object that is no JSON")
    } else if (at - window.at > LIMITS.lineBytes.value) {
      this.#isFresh = false
      this.#noteDamage(window.at, `an object longer than ${LIMITS.lineBytes.value} bytes`)
    }
    return result === "wrapper" ? at + 1 : at
  }

  #readObject(end: number): void {
    const window = this.#window
    const { buffer, at } = window
    const length = end - at
    const object = length > LIMITS.lineBytes.value ? null : parseObject(buffer, at, end)
    if (object === null) {
      this.#isFresh = true
      this.#noteDamage(at, "an object that is no JSON")
      return
    }
    this.#place = this.#damagedFrom >= 0 && object.shape === "unknown" ? "damage" : "between"
    this.#isFresh = true
    if (this.#place === "damage") return
    const offset = window.offsetOf(at)
    this.#reportDamage(offset)
    this.#tools.sink.begin(offset, length)
    readObject(object, this.#tools)
  }

  /** Begins a damaged stretch at `buffer[at]`, or goes on with the one there is. */
  #noteDamage(at: number, what: string): void {
    this.#place = "damage"
    if (this.#damagedFrom >= 0) return
    this.#damagedFrom = this.#window.offsetOf(at)
    this.#damage = what
  }

  #reportDamage(to: number): void {
    const from = this.#damagedFrom
    if (from < 0) return
    this.#damagedFrom = -1
    this.#consumer.problem({
      code: "linux-audit/bad-json",
      severity: "error",
      offset: from,
      length: to - from,
      message: `${this.#damage}; ${to - from} bytes were passed over`,
    })
  }
}

/** What stands between entries: white space, commas, the brackets of lists and wrappers, RS (RFC 7464). */
function isPunctuation(byte: number): boolean {
  return (
    byte === 0x20 ||
    (byte >= 0x09 && byte <= 0x0d) ||
    byte === 0x2c ||
    byte === 0x5b ||
    byte === 0x5d ||
    byte === CLOSE_BRACE ||
    byte === 0x1e
  )
}

/** True when between `buffer[at]` and the line end or closing brace before it there is punctuation only. */
function isFreshAt(buffer: Buffer, start: number, at: number): boolean {
  for (let before = at - 1; before > start; before--) {
    const byte = buffer[before] as number
    if (byte === LF || byte === CLOSE_BRACE) return true
    if (!isPunctuation(byte)) return false
  }
  return false
}

/** A saved state, or undefined when the text is no JSON. */
export function parseState(state: string): unknown {
  try {
    return JSON.parse(state)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
