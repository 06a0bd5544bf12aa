/** Reads an export as the tests look at it: events as canonical XML, with their places, and problems. */
import type { Problem } from "../../../../../src/base/problem.ts"
import { type EventPlace, type EventTape, TAPE } from "../../../../../src/formats/windows/event-tape.ts"
import { ExportParser } from "../../../../../src/formats/windows/export/export-parser.ts"
import { NAMES } from "../../../../../src/formats/windows/names.ts"

export interface ReadEvent extends EventPlace {
  readonly xml: string
}

export interface ReadExport {
  readonly events: readonly ReadEvent[]
  readonly problems: readonly Problem[]
  readonly records: number
  readonly consumedTo: number
}

export interface ReadOptions {
  readonly variant: string
  /** Sizes of the pieces, used in turn. */
  readonly pieces?: readonly number[]
}

export function readExport(bytes: Buffer, { variant, pieces = [65_536] }: ReadOptions): ReadExport {
  const events: ReadEvent[] = []
  const problems: Problem[] = []
  const parser = new ExportParser({
    event: (tape, place) => events.push({ ...place, xml: xmlOf(tape) }),
    problem: (problem) => problems.push(problem),
    gap: () => {},
  })
  parser.beginSource({ sourceId: 1, variant, modifiedMs: 0 })
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const length = pieces[piece % pieces.length] ?? 65_536
    // The parser may not keep what it was given.
    const copy = Buffer.from(bytes.subarray(at, at + length))
    parser.push(copy, at)
    copy.fill(0x3f)
    at += length
  }
  parser.endSource()
  return { events, problems, records: parser.records, consumedTo: parser.consumedTo }
}

/** The tape as one line of XML, as canonical as an event needs it; checks what every tape must keep. */
export function xmlOf(tape: EventTape): string {
  const open: string[] = []
  let xml = ""
  let isInTag = false
  for (let at = 0; at < tape.count; at++) {
    const kind = tape.kind(at)
    const hasText = kind !== TAPE.open && kind !== TAPE.close
    const text = hasText ? tape.bytes.utf8Slice(tape.start(at), tape.end(at)) : ""
    if (kind === TAPE.attribute) {
      if (!isInTag) throw new Error("an attribute that follows no tag")
      xml += ` ${NAMES.text(tape.name(at))}="${escapeXml(text).replaceAll('"', "&quot;").replaceAll("'", "&apos;")}"`
      continue
    }
    if (kind === TAPE.close) {
      const name = open.pop()
      xml += isInTag ? "/>" : `</${name}>`
      isInTag = false
      continue
    }
    if (isInTag) xml += ">"
    isInTag = kind === TAPE.open
    if (kind === TAPE.open) {
      open.push(NAMES.text(tape.name(at)))
      xml += `<${open.at(-1)}`
    } else if (kind === TAPE.text) xml += escapeXml(text)
    else xml += `<?${NAMES.text(tape.name(at))} ${text}?>`
  }
  if (open.length > 0) throw new Error("an element that never closes")
  return xml
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
