/**
 * Makes a plan of a message that was just read: finds its values, and says of each whether another message may differ
 * in it. What was read into one slot may, and what nothing looked at; what anything else was concluded from may not.
 */
import type { JsonTape } from "../json/json-tape.ts"
import { JSON_KIND } from "../json/json-tape.ts"
import { STRETCH_KEYS } from "../json/keys.ts"
import type { EsMessage } from "../message.ts"
import { type ReadNotes, USE } from "../read-notes.ts"
import { TEXT_SLOTS } from "../slots.ts"
import { findValues, nestingOf } from "./find-values.ts"
import { PLANNED_DEPTH } from "./follow-plan.ts"
import { ANY_SCALAR, MAX_PLAN_BYTES, MAX_VALUES, type PlannedValue, VALUE, VALUE_OF } from "./message-plan.ts"

const BOOLEAN = VALUE.true | VALUE.false

/** The values of the message in `bytes[start, end)`, which filled `message`; undefined when it can have no plan. */
export function planValues(
  tape: JsonTape,
  message: EsMessage,
  start: number,
  end: number,
): PlannedValue[] | undefined {
  const { notes } = message
  if (end - start > MAX_PLAN_BYTES || notes.isCut || nestingOf(tape.bytes, start, end) > PLANNED_DEPTH) {
    return undefined
  }
  const values: PlannedValue[] = []
  for (let node = 1; node < tape.count; node++) {
    const kind = tape.kind(node)
    if (kind === JSON_KIND.object || kind === JSON_KIND.array) addStretch(tape, node, notes, values)
    else addScalar(tape, node, notes, values)
  }
  const shifted = values.map((value) => ({ ...value, start: value.start - start, end: value.end - start }))
  return values.length <= MAX_VALUES && isWhole(values, message) ? shifted : undefined
}

/** Every note belongs to a value, no slot was filled twice, and no text came from anything else. */
function isWhole(values: readonly PlannedValue[], message: EsMessage): boolean {
  const used = values.filter(({ use }) => use !== USE.none)
  const filled = new Set(used.map(({ use, slot }) => `${groupOf(use)} ${slot}`))
  if (used.length !== message.notes.count || filled.size !== used.length) return false
  for (let slot = 0; slot < TEXT_SLOTS; slot++) {
    if (message.start(slot) >= 0 && !filled.has(`text ${slot}`)) return false
  }
  return true
}

function groupOf(use: number): string {
  if (use === USE.number || use === USE.seconds) return "number"
  return use === USE.text || use === USE.hash || use === USE.folder ? "text" : String(use)
}

function addScalar(tape: JsonTape, node: number, notes: ReadNotes, values: PlannedValue[]): void {
  const wasLookedAt = tape.wasLookedAt(node)
  const quote = tape.isString(node) ? 1 : 0
  const start = tape.start(node) - quote
  // Nobody finds a member of an object by a name that has no number.
  const isHidden = tape.key(node) < 0 && tape.keyEnd(node) > 0
  const kind = VALUE_OF[tape.bytes[start] as number] as number
  const otherwise = wasLookedAt ? 0 : isHidden ? ANY_SCALAR : kind
  values.push(plannedValue(notes, tape.bytes, start, tape.end(node) + quote, otherwise))
}

/** What is in a stretch has no nodes of its own. */
function addStretch(tape: JsonTape, node: number, notes: ReadNotes, values: PlannedValue[]): void {
  const key = tape.key(node)
  const isStretch = key < STRETCH_KEYS && tape.keyEnd(node) > 0
  if (!isStretch || tape.next(node) > node + 1) return
  const wasLookedAt = tape.wasLookedAt(node)
  const [start, end] = [tape.start(node), tape.end(node)]
  const { bytes } = tape
  const inner: PlannedValue[] = []
  findValues(bytes, start, end, !wasLookedAt || notes.find(start) >= 0, (from, to) => {
    const kind = VALUE_OF[bytes[from] as number] as number
    inner.push(plannedValue(notes, bytes, from, to, wasLookedAt || kind === VALUE.list ? kind : ANY_SCALAR))
  })
  // Read in a way that left no notes.
  if (wasLookedAt && inner.every(({ use }) => use === USE.none)) return
  values.push(...inner)
}

function plannedValue(
  notes: ReadNotes,
  bytes: Buffer,
  start: number,
  end: number,
  otherwise: number,
): PlannedValue {
  const kind = VALUE_OF[bytes[start] as number] as number
  const note = notes.find(kind === VALUE.string ? start + 1 : start)
  if (note < 0) return { start, end, allowed: otherwise, use: USE.none, slot: 0 }
  const use = notes.use(note)
  const slot = notes.slot(note)
  return { start, end, allowed: allowedFor(use, slot, kind, notes), use, slot }
}

function allowedFor(use: number, slot: number, kind: number, notes: ReadNotes): number {
  if (use === USE.text) return ANY_SCALAR
  if (use !== USE.number) return kind
  if (notes.wasAsked(slot)) return 0
  return (kind & BOOLEAN) !== 0 ? BOOLEAN : kind
}
