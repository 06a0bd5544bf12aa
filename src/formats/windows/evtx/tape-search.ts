/** Single texts of an event on the tape, for what is asked rarely. */
import { type EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"

/** Text of the first element of a name, in or behind the first element `within`; "" without one. */
export function textOf(tape: EventTape, element: string, within = "System"): string {
  const name = NAMES.intern(element)
  for (let next = findOpen(tape, NAMES.intern(within), 0); next < tape.count; next++) {
    if (tape.kind(next) !== TAPE.open || tape.name(next) !== name) continue
    let inside = next + 1
    while (inside < tape.count && tape.kind(inside) === TAPE.attribute) inside++
    const isText = inside < tape.count && tape.kind(inside) === TAPE.text
    return isText ? tape.bytes.utf8Slice(tape.start(inside), tape.end(inside)) : ""
  }
  return ""
}

export function attributeOf(tape: EventTape, element: string, attribute: string): string {
  const name = NAMES.intern(attribute)
  const from = findOpen(tape, NAMES.intern(element), 0)
  for (let next = from + 1; next < tape.count && tape.kind(next) === TAPE.attribute; next++) {
    if (tape.name(next) === name) return tape.bytes.utf8Slice(tape.start(next), tape.end(next))
  }
  return ""
}

function findOpen(tape: EventTape, name: number, from: number): number {
  for (let next = from; next < tape.count; next++) {
    if (tape.kind(next) === TAPE.open && tape.name(next) === name) return next
  }
  return tape.count
}
