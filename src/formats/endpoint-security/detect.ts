/**
 * Recognises EndpointSecurity messages in the first bytes of a file, by the objects that are messages of some shape.
 * Source of truth: the readers of this room.
 */
import type { Confidence, Detect, Detection } from "../format.ts"
import { JsonTape } from "./json/json-tape.ts"
import { EsMessage } from "./message.ts"
import { isSantaLine, readSantaLine } from "./shapes/santa-text.ts"
import { ShapeReader } from "./shapes/shape-reader.ts"
import { SHAPE_TITLES, type Shape, tellShape } from "./shapes/tell-shape.ts"

const FORMAT = "endpoint-security"
/** So many objects are tried, the inner ones of a long object among them. */
const TRIED = 200
/** So many messages are enough. */
const ENOUGH = 20
const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b
const LF = 0x0a
const LINE_BRACE = "\n{"
/** An object or a list of them. */
const BEGINS = /^[\s\xef\xbb\xbf\x1e]*[[{]/
const LOOK_BYTES = 256

interface Census {
  readonly shapes: Map<Shape, number>
  messages: number
  others: number
  firstTimeMs: number
}

export const detectEndpointSecurity: Detect = (head) => {
  const census = takeCensus(head)
  const { shapes, messages, others, firstTimeMs } = census
  const [best] = [...shapes].sort(([, one], [, other]) => other - one)
  if (best === undefined || messages < others) return null
  const isWhole = BEGINS.test(head.latin1Slice(0, Math.min(head.length, LOOK_BYTES)))
  const why = `${messages} of the first ${messages + others} JSON objects are messages`
  return describe(best[0], isWhole ? "certain" : "likely", why, firstTimeMs)
}

function describe(shape: Shape, confidence: Confidence, why: string, firstTimeMs: number): Detection {
  return { format: FORMAT, variant: shape, title: SHAPE_TITLES[shape], confidence, why, firstTimeMs }
}

function takeCensus(head: Buffer): Census {
  const census: Census = { shapes: new Map(), messages: 0, others: 0, firstTimeMs: Number.NaN }
  countLines(head, census)
  if (census.messages > 0) return census
  let at = head.indexOf(OPEN_BRACE)
  if (at < 0) return census
  const text = Buffer.alloc(head.length + 1)
  head.copy(text)
  const tape = new JsonTape()
  for (let tried = 0; at >= 0 && tried < TRIED && census.messages < ENOUGH; tried++) {
    const isObject = parseEither(tape, text, at, head.length)
    if (isObject) count(tape, census)
    at = isObject ? text.indexOf(OPEN_BRACE, tape.at) : nextAfter(text, at)
  }
  return census
}

/** Lines of Santa's log. */
function countLines(head: Buffer, census: Census): void {
  const message = new EsMessage()
  let at = head.indexOf(OPEN_BRACKET)
  for (let tried = 0; at >= 0 && tried < TRIED && census.messages < ENOUGH; tried++) {
    const found = head.indexOf(LF, at)
    const end = found < 0 ? head.length : found
    message.clear()
    const isLine = (at === 0 || head[at - 1] === LF) && isSantaLine(head, at, end)
    if (isLine && readSantaLine(head, at, end, message)) {
      census.messages++
      census.shapes.set("santa-text", census.messages)
      if (Number.isNaN(census.firstTimeMs)) census.firstTimeMs = msOf(message)
    }
    at = found < 0 ? -1 : head.indexOf(OPEN_BRACKET, found)
  }
}

function msOf({ sec, nsec }: EsMessage): number {
  return Math.floor(sec * 1000 + nsec / 1e6)
}

/** What stands inside an object that is cut or damaged is none of its own: the next begins a line, if any does. */
function nextAfter(text: Buffer, at: number): number {
  const line = text.indexOf(LINE_BRACE, at)
  return line >= 0
    ? line + 1
    : text.lastIndexOf(LF, at) >= 0 || at === 0
      ? -1
      : text.indexOf(OPEN_BRACE, at + 1)
}

function parseEither(tape: JsonTape, text: Buffer, at: number, end: number): boolean {
  const result = tape.parse(text, at, end)
  if (result !== "damaged") return result === "end"
  tape.isLenient = true
  const isObject = tape.parse(text, at, end) === "end" && tellShape(tape) !== null
  tape.isLenient = false
  return isObject
}

function count(tape: JsonTape, census: Census): void {
  const shape = tellShape(tape)
  if (shape === null) {
    census.others++
    return
  }
  census.messages++
  census.shapes.set(shape, (census.shapes.get(shape) ?? 0) + 1)
  if (!Number.isNaN(census.firstTimeMs)) return
  const message = new EsMessage()
  message.clear()
  new ShapeReader().read(tape, shape, message)
  census.firstTimeMs = msOf(message)
}
