/**
 * One Windows event as `convert --records` gives it, as bytes:
 *
 *   {"format":"evtx","offset":512,"length":1880,"time":"2018-…Z","id":462823,"type":"261","event":{…}}
 *
 * and with `"recovered":"slack"` behind the type when its record is no live one.
 */

import { INTEGER_BYTES, writeInteger } from "../../base/decimal.ts"
import type { GrowingBytes } from "../../base/growing-bytes.ts"
import type { EventPlace, EventTape } from "../../formats/windows/event-tape.ts"
import { renderEventJson } from "../../formats/windows/render/json.ts"
import type { SystemFields } from "../../formats/windows/system-fields.ts"

const QUOTE = 0x22
const ZERO = 0x30
/** Digits that a JavaScript number holds whatever they are. */
const SAFE_DIGITS = 15

const LENGTH = Buffer.from(',"length":')
const TIME = Buffer.from(',"time":')
const ID = Buffer.from(',"id":')
const TYPE = Buffer.from(',"type":')
const EVENT = Buffer.from(',"event":')
const NONE = Buffer.from("null")
const END = Buffer.from("}")
const RECOVERED: Readonly<Record<EventPlace["recovered"], Buffer>> = {
  "": Buffer.alloc(0),
  slack: Buffer.from(',"recovered":"slack"'),
  loose: Buffer.from(',"recovered":"loose"'),
  hidden: Buffer.from(',"recovered":"hidden"'),
  torn: Buffer.from(',"recovered":"torn"'),
}

export class WindowsRecordWriter {
  readonly #head: Buffer

  constructor(format: string) {
    this.#head = Buffer.from(`{"format":${JSON.stringify(format)},"offset":`)
  }

  /** Appends the record to `out`. */
  write(tape: EventTape, system: SystemFields, place: EventPlace, out: GrowingBytes): void {
    put(out, this.#head)
    putInteger(out, place.offset)
    put(out, LENGTH)
    putInteger(out, place.length)
    put(out, TIME)
    putTime(out, tape, system.timeAt)
    put(out, ID)
    putDigits(out, tape, system.recordIdAt)
    put(out, TYPE)
    if (Number.isNaN(system.eventId)) put(out, NONE)
    else {
      putByte(out, QUOTE)
      putInteger(out, system.eventId)
      putByte(out, QUOTE)
    }
    put(out, RECOVERED[place.recovered])
    put(out, EVENT)
    renderEventJson(tape, out)
    put(out, END)
  }
}

function put(out: GrowingBytes, piece: Buffer): void {
  out.reserve(piece.length)
  for (let at = 0; at < piece.length; at++) out.bytes[out.used++] = piece[at] as number
}

function putByte(out: GrowingBytes, byte: number): void {
  out.reserve(1)
  out.bytes[out.used++] = byte
}

function putInteger(out: GrowingBytes, value: number): void {
  out.reserve(INTEGER_BYTES)
  out.used = writeInteger(out.view, out.used, value)
}

function putTime(out: GrowingBytes, tape: EventTape, at: number): void {
  if (at < 0) put(out, NONE)
  else if (tape.has(at) === 0) {
    putByte(out, QUOTE)
    putRange(out, tape.bytes, tape.start(at), tape.end(at))
    putByte(out, QUOTE)
  } else put(out, Buffer.from(JSON.stringify(tape.bytes.utf8Slice(tape.start(at), tape.end(at)))))
}

/** A number where it is one that JSON readers keep exact, else text; what is not all digits is no id. */
function putDigits(out: GrowingBytes, tape: EventTape, at: number): void {
  const start = at < 0 ? 0 : tape.start(at)
  const end = at < 0 ? 0 : tape.end(at)
  if (!isDigits(tape.bytes, start, end)) {
    put(out, NONE)
    return
  }
  const isText = end - start > SAFE_DIGITS || (tape.bytes[start] === ZERO && end - start > 1)
  if (isText) putByte(out, QUOTE)
  putRange(out, tape.bytes, start, end)
  if (isText) putByte(out, QUOTE)
}

function putRange(out: GrowingBytes, bytes: Buffer, start: number, end: number): void {
  out.reserve(end - start)
  for (let at = start; at < end; at++) out.bytes[out.used++] = bytes[at] as number
}

function isDigits(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - ZERO
    if (digit < 0 || digit > 9) return false
  }
  return end > start
}
