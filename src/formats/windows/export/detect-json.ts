/**
 * Recognises Windows events in JSON, by the first objects that are events in one of the shapes.
 * Source of truth: the readers of this folder.
 */
import { EventTape } from "../event-tape.ts"
import { EventMapper } from "./event-mapper.ts"
import { findRecords } from "./find-records.ts"
import type { Finding } from "./finding.ts"
import { JsonTree } from "./json-tree.ts"
import { NameLookup } from "./name-lookup.ts"
import type { JsonShape } from "./shape-of.ts"
import { timeOf } from "./tape-time.ts"

/** So many objects are tried, the inner ones of a long object among them. */
const TRIED = 200
/** So many events are enough. */
const ENOUGH = 20
const OPEN_BRACE = 0x7b
/** An object, a list, or the record number of evtx_dump. */
const BEGINS = /^[\s\xef\xbb\xbf\x1e]*(?:Record \d{1,15}\s+)?[[{]/
/** A log whose first line is cut. */
const LATER_LINE = /\n[ \t]*\{/
const LOOK_BYTES = 64 * 1024

interface Census {
  readonly shapes: Map<JsonShape, number>
  events: number
  others: number
  firstTimeMs: number
}

export function detectJson(text: Buffer): Finding | null {
  const look = text.latin1Slice(0, Math.min(text.length, LOOK_BYTES))
  const isWhole = BEGINS.test(look)
  if (!isWhole && !LATER_LINE.test(look)) return null
  const { shapes, events, others, firstTimeMs } = takeCensus(text)
  const [best] = [...shapes].sort(([, one], [, other]) => other - one)
  if (best === undefined || events < others) return null
  const confidence = isWhole ? "certain" : "likely"
  const why = `${events} of the first ${events + others} JSON objects are Windows events`
  return { shape: best[0], confidence, why, firstTimeMs }
}

function takeCensus(text: Buffer): Census {
  const names = new NameLookup()
  const tree = new JsonTree(names)
  const tape = new EventTape()
  const mapper = new EventMapper(tree, tape, names)
  const census: Census = { shapes: new Map(), events: 0, others: 0, firstTimeMs: Number.NaN }
  let at = text.indexOf(OPEN_BRACE)
  for (let tried = 0; at >= 0 && tried < TRIED && census.events < ENOUGH; tried++) {
    const isObject = tree.parse(text, at, text.length) === "end"
    const found = isObject ? findRecords(tree, 0, (record, shape) => note(record, shape)) : 0
    if (isObject && found === 0) census.others++
    at = text.indexOf(OPEN_BRACE, isObject ? tree.at : at + 1)
  }
  return census

  function note(record: number, shape: JsonShape): void {
    census.events++
    census.shapes.set(shape, (census.shapes.get(shape) ?? 0) + 1)
    if (Number.isNaN(census.firstTimeMs) && mapper.map(record, shape)) census.firstTimeMs = timeOf(tape)
  }
}
