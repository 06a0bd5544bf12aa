/** Tapes from XML that is known to be well-formed, for tests: by regular expressions, so that it shares no code with the readers. */
import { EventTape } from "../../../../src/formats/windows/event-tape.ts"
import { NAMES } from "../../../../src/formats/windows/names.ts"

const PIECES =
  /<(\/?)([^\s<>/?!]+)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|<\?[^>]*\?>|<!--[\s\S]*?-->|([^<]+)/g
const ATTRIBUTES = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

/** The first `<Event>` of the XML. */
export function tapeOfXml(xml: string, tape = new EventTape()): EventTape {
  tape.reset()
  const event = /<Event[\s>][\s\S]*?<\/Event>/.exec(xml)?.[0] ?? ""
  const pieces = [...event.matchAll(PIECES)]
  pieces.forEach((piece, at) => {
    const [, slash, name = "", attributes = "", empty, text] = piece
    if (text !== undefined) writeText(tape, text, isLeaf(pieces, at))
    else if (slash === "/") tape.close()
    else if (name !== "") {
      tape.open(NAMES.intern(name))
      writeAttributes(tape, attributes)
      if (empty === "/") tape.close()
    }
  })
  return tape
}

/** True when the text stands alone between a start and an end. */
const isLeaf = (pieces: readonly RegExpMatchArray[], at: number): boolean => {
  const [before, after] = [pieces[at - 1], pieces[at + 1]]
  return before?.[1] === "" && before[4] === "" && after?.[1] === "/"
}

function writeText(tape: EventTape, text: string, isKept: boolean): void {
  if (!isKept && text.trim() === "") return
  const start = tape.length
  const has = tape.append(decode(text))
  tape.text(0x01, start, tape.length, has)
}

function writeAttributes(tape: EventTape, attributes: string): void {
  for (const [, name = "", double, single] of attributes.matchAll(ATTRIBUTES)) {
    const value = decode(double ?? single ?? "")
    const start = tape.length
    const has = tape.append(value)
    tape.attribute(NAMES.intern(name), start, tape.length, has, name === "Name" ? NAMES.intern(value) : -1)
  }
}

const decode = (text: string): string =>
  text.replaceAll(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, entity: string) => {
    if (entity.startsWith("#x")) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16))
    if (entity.startsWith("#")) return String.fromCodePoint(Number.parseInt(entity.slice(1), 10))
    return ENTITIES[entity] ?? whole
  })
