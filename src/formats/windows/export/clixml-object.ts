/**
 * One serialised PowerShell object as JSON.
 *
 *   <I32 N="Id">4688</I32>  ->  "Id":"4688"      <Nil N="ActivityId"/>  ->  "ActivityId":null
 *   <Obj N="Properties"><LST><Obj><Props><S N="Value">a_x000D_</S></Props></Obj></LST></Obj>  ->  "Properties":[{"Value":"a\r"}]
 *
 * Source of truth: [MS-PSRP] 2.2.5.
 */
import { type EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"

const OBJ = NAMES.intern("Obj")
const NIL = NAMES.intern("Nil")
const REF = NAMES.intern("Ref")
const PROPS = NAMES.intern("Props")
const MEMBERS = NAMES.intern("MS")
const TO_STRING = NAMES.intern("ToString")
const LISTS = new Set(["LST", "IE", "STK", "QUE"].map((name) => NAMES.intern(name)))
const NAME = NAMES.intern("N")
/** `_x000D_` is the character with that number; `_x005F_` an underscore that would read so. */
const ESCAPE = /_x([0-9A-Fa-f]{4})_/g

/** JSON of the `Obj` that the tape holds; null when it holds something else. */
export function jsonOfObject(tape: EventTape): Buffer | null {
  if (tape.count === 0 || tape.name(0) !== OBJ) return null
  return Buffer.from(jsonOf(tape, 0), "utf8")
}

/** The value that the element at `at` stands for. */
function jsonOf(tape: EventTape, at: number): string {
  const name = tape.name(at)
  if (name === NIL || name === REF) return "null"
  if (name !== OBJ) return JSON.stringify(textOf(tape, at))
  const members: string[] = []
  let text: string | undefined
  for (const child of childrenOf(tape, at)) {
    const kind = tape.name(child)
    if (LISTS.has(kind))
      return `[${childrenOf(tape, child)
        .map((item) => jsonOf(tape, item))
        .join(",")}]`
    if (kind === PROPS || kind === MEMBERS) members.push(...membersOf(tape, child))
    else if (kind === TO_STRING) text = textOf(tape, child)
  }
  if (members.length === 0 && text !== undefined) return JSON.stringify(text)
  return `{${members.join(",")}}`
}

function membersOf(tape: EventTape, at: number): string[] {
  return childrenOf(tape, at).map((child) => `${JSON.stringify(nameOf(tape, child))}:${jsonOf(tape, child)}`)
}

function childrenOf(tape: EventTape, at: number): number[] {
  const children: number[] = []
  const end = tape.skip(at) - 1
  for (let child = at + 1; child < end; child = tape.kind(child) === TAPE.open ? tape.skip(child) : child + 1)
    if (tape.kind(child) === TAPE.open) children.push(child)
  return children
}

function nameOf(tape: EventTape, at: number): string {
  for (let next = at + 1; tape.kind(next) === TAPE.attribute; next++)
    if (tape.name(next) === NAME) return unescapeText(tape.bytes.utf8Slice(tape.start(next), tape.end(next)))
  return ""
}

function textOf(tape: EventTape, at: number): string {
  let next = at + 1
  while (tape.kind(next) === TAPE.attribute) next++
  return tape.kind(next) === TAPE.text
    ? unescapeText(tape.bytes.utf8Slice(tape.start(next), tape.end(next)))
    : ""
}

function unescapeText(text: string): string {
  return text.replaceAll(ESCAPE, (_escape, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
