/**
 * `System` of an event's JSON: the members in one order, numbers as numbers, whatever the source had.
 * Source of truth: docs/windows-json.md.
 */
import { type EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { contentOf, ownTexts } from "./elements.ts"
import { FORM } from "./json-text.ts"
import type { PlanBuilder } from "./plan.ts"

interface Member {
  readonly key: string
  readonly element: number
  /** The attribute that holds the value; -1: the text of the element. */
  readonly attribute: number
  readonly form: number
  /** The object that it is a member of, the element's; "": System itself. */
  readonly parent: string
}

const TABLE: readonly (readonly [
  parent: string,
  key: string,
  element: string,
  attribute: string,
  form: keyof typeof FORM,
])[] = [
  ["Provider", "Name", "Provider", "Name", "text"],
  ["Provider", "Guid", "Provider", "Guid", "text"],
  ["Provider", "EventSourceName", "Provider", "EventSourceName", "text"],
  ["", "EventID", "EventID", "", "number"],
  ["", "Qualifiers", "EventID", "Qualifiers", "number"],
  ["", "Version", "Version", "", "number"],
  ["", "Level", "Level", "", "number"],
  ["", "Task", "Task", "", "number"],
  ["", "Opcode", "Opcode", "", "number"],
  ["", "Keywords", "Keywords", "", "text"],
  ["", "TimeCreated", "TimeCreated", "SystemTime", "text"],
  ["", "EventRecordID", "EventRecordID", "", "number"],
  ["Correlation", "ActivityID", "Correlation", "ActivityID", "text"],
  ["Correlation", "RelatedActivityID", "Correlation", "RelatedActivityID", "text"],
  ["Execution", "ProcessID", "Execution", "ProcessID", "number"],
  ["Execution", "ThreadID", "Execution", "ThreadID", "number"],
  ["", "Channel", "Channel", "", "text"],
  ["", "Computer", "Computer", "", "text"],
  ["Security", "UserID", "Security", "UserID", "text"],
]

const MEMBERS: readonly Member[] = TABLE.map(([parent, key, element, attribute, form]) => ({
  key,
  element: NAMES.intern(element),
  attribute: attribute === "" ? -1 : NAMES.intern(attribute),
  form: FORM[form],
  parent,
}))

/** Puts the object of the element that opens at `at`. */
export function planSystem(tape: EventTape, at: number, out: PlanBuilder): void {
  const places = findElements(tape, at)
  let parent = ""
  let comma = ""
  out.put("{")
  for (const member of MEMBERS) {
    const items = itemsOf(tape, places.get(member.element), member)
    if (items.length === 0) continue
    if (parent !== member.parent) {
      if (parent !== "") out.put("}")
      if (member.parent !== "") {
        out.put(`${comma}"${member.parent}":{`)
        comma = ""
      }
      parent = member.parent
    }
    out.put(`${comma}"${member.key}":`)
    comma = ","
    putItems(items, member.form, out)
  }
  out.put(parent === "" ? "}" : "}}")
}

/** Where each element of System opens, the first of its name. */
function findElements(tape: EventTape, at: number): ReadonlyMap<number, number> {
  const places = new Map<number, number>()
  for (let next = contentOf(tape, at); next < tape.count && tape.kind(next) !== TAPE.close; ) {
    const isElement = tape.kind(next) === TAPE.open
    if (isElement && !places.has(tape.name(next))) places.set(tape.name(next), next)
    next = isElement ? tape.skip(next) : next + 1
  }
  return places
}

/** The texts that are the member's value; none when it is not there. */
function itemsOf(tape: EventTape, place: number | undefined, { attribute }: Member): readonly number[] {
  if (place === undefined) return []
  const content = contentOf(tape, place)
  if (attribute < 0) return tape.kind(content) === TAPE.text ? ownTexts(tape, content) : []
  for (let next = place + 1; next < content; next++) if (tape.name(next) === attribute) return [next]
  return []
}

function putItems(items: readonly number[], form: number, out: PlanBuilder): void {
  const [item = -1] = items
  if (form === FORM.number && items.length === 1) {
    out.text(item, form)
    return
  }
  out.put('"')
  for (const item of items) out.text(item, FORM.text)
  out.put('"')
}
