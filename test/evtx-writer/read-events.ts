/** Reads a log with the parser, in pieces of any size, into events that can be compared. */
import type { Gap, Problem } from "../../src/base/problem.ts"
import { type EventPlace, type EventTape, TAPE } from "../../src/formats/windows/event-tape.ts"
import { EvtxParser } from "../../src/formats/windows/evtx/evtx-parser.ts"
import { NAMES } from "../../src/formats/windows/names.ts"
import type { Shown, ShownInstruction } from "./intended.ts"

export interface ReadEvent {
  readonly place: EventPlace
  /** The tree as one text; equal trees have equal texts. */
  readonly text: string
  readonly root: Shown
}

export interface EventReading {
  readonly events: readonly ReadEvent[]
  readonly problems: readonly Problem[]
  readonly gaps: readonly Gap[]
  readonly records: number
}

export interface ReadingOptions {
  /** Where the bytes are cut into pieces; ascending. */
  readonly cuts?: readonly number[]
  readonly recover?: boolean
}

export function readEvents(bytes: Buffer, options: ReadingOptions = {}): EventReading {
  const collected = collect()
  const parser = new EvtxParser({ consumer: collected.consumer, recover: options.recover ?? false })
  parser.beginSource({ sourceId: 1, variant: "evtx", modifiedMs: 0 })
  pushInPieces(parser, bytes, 0, options.cuts ?? [])
  parser.endSource()
  return resultOf(collected, parser)
}

/** Stops at `cut`, saves, and reads on with a parser of its own. */
export function readResumed(bytes: Buffer, cut: number): EventReading {
  const collected = collect()
  const first = new EvtxParser({ consumer: collected.consumer, recover: false })
  first.beginSource({ sourceId: 1, variant: "evtx", modifiedMs: 0 })
  pushInPieces(first, bytes.subarray(0, cut), 0, [])
  const [state, from] = [first.saveState(), first.consumedTo]
  const second = new EvtxParser({ consumer: collected.consumer, recover: false })
  second.beginSource({ sourceId: 1, variant: "evtx", modifiedMs: 0 })
  second.restoreState(state)
  pushInPieces(second, bytes.subarray(from), from, [])
  second.endSource()
  return resultOf(collected, second)
}

/** Sources use a piece's memory again. */
function pushInPieces(parser: EvtxParser, bytes: Buffer, offset: number, cuts: readonly number[]): void {
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    const piece = Buffer.from(bytes.subarray(from, cut))
    parser.push(piece, offset + from)
    piece.fill(0x2a)
    from = cut
  }
}

function collect() {
  const events: ReadEvent[] = []
  const problems: Problem[] = []
  const gaps: Gap[] = []
  const consumer = {
    event: (tape: EventTape, place: EventPlace) => {
      const root = showTape(tape)
      events.push({ place: { ...place }, text: JSON.stringify(root), root })
    },
    problem: (problem: Problem) => {
      problems.push(problem)
    },
    gap: (gap: Gap) => {
      gaps.push(gap)
    },
  }
  return { events, problems, gaps, consumer }
}

function resultOf({ events, problems, gaps }: ReturnType<typeof collect>, parser: EvtxParser): EventReading {
  return { events, problems, gaps, records: parser.records }
}

interface OpenElement {
  readonly name: string
  readonly attributes: [string, string][]
  readonly content: (Shown | ShownInstruction | string)[]
}

/** Throws when the tape is not one tree. */
export function showTape(tape: EventTape): Shown {
  const top: OpenElement = { name: "", attributes: [], content: [] }
  const open = [top]
  for (let at = 0; at < tape.count; at++) {
    const inner = open.at(-1)
    if (inner === undefined) throw new Error("the tape closes more than it opens")
    const [name, text] = [tape.name(at), textOf(tape, at)]
    const kind = tape.kind(at)
    if (kind === TAPE.open) open.push({ name: NAMES.text(name), attributes: [], content: [] })
    else if (kind === TAPE.attribute) inner.attributes.push([NAMES.text(name), text])
    else if (kind === TAPE.instruction) inner.content.push({ target: NAMES.text(name), text })
    else if (kind === TAPE.text) addText(inner, text)
    else if (kind === TAPE.close) {
      open.pop()
      open.at(-1)?.content.push(inner)
    } else throw new Error(`the tape has an item of kind ${kind}`)
  }
  const [root] = top.content
  if (open.length !== 1 || top.content.length !== 1) throw new Error("the tape is not one tree")
  if (typeof root !== "object" || !("name" in root)) throw new Error("the root is no element")
  return root
}

function textOf(tape: EventTape, at: number): string {
  const [start, end] = [tape.start(at), tape.end(at)]
  if (!(0 <= start && start <= end && end <= tape.bytes.length)) throw new Error("a text outside the arena")
  return tape.bytes.toString("utf8", start, end)
}

function addText(inner: OpenElement, text: string): void {
  const last = inner.content.at(-1)
  if (typeof last === "string") inner.content[inner.content.length - 1] = last + text
  else if (text !== "") inner.content.push(text)
}
