/**
 * An event as XML on one line, as `wevtutil` prints it but with double quotes.
 * Characters that XML 1.0 does not allow become U+FFFD: a log's author can put them into any string.
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { type EventTape, HAS, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { type Shape, ShapeCache } from "../shape.ts"
import { type Plan, PlanBuilder, runPlan, type TextStyle } from "./plan.ts"

const FORM = { text: 0, attribute: 1, instruction: 2 } as const
const BLANK = 0x20
const GT = 0x3e
/** Bytes that a byte becomes at most: `&quot;`. */
const WORST = 6
const ESCAPES = new Map<number, Buffer>([
  [0x26, Buffer.from("&amp;")],
  [0x3c, Buffer.from("&lt;")],
  [GT, Buffer.from("&gt;")],
])
const ATTRIBUTE_ESCAPES = new Map<number, Buffer>([
  ...ESCAPES,
  [0x22, Buffer.from("&quot;")],
  [0x27, Buffer.from("&apos;")],
])
const REPLACEMENT = Buffer.from("\ufffd")

const TEXTS: TextStyle = {
  mask: HAS.markup | HAS.control | HAS.wide,
  slowForm: FORM.instruction,
  write(tape, item, form, out) {
    const [start, end] = [tape.start(item), tape.end(item)]
    out.reserve((end - start) * WORST + 1)
    if (form === FORM.instruction && end > start) out.bytes[out.used++] = BLANK
    const escapes = form === FORM.attribute ? ATTRIBUTE_ESCAPES : ESCAPES
    out.used = putEscaped(out.bytes, out.used, tape.bytes, start, end, escapes)
  },
}

export class XmlRenderer {
  readonly #plans = new ShapeCache<Plan>()

  /** Appends the event's XML, without a line end. */
  render(tape: EventTape, shape: Shape | null, out: GrowingBytes): void {
    let plan = this.#plans.get(shape)
    if (plan === undefined) {
      plan = planXml(tape)
      this.#plans.set(shape, plan)
    }
    runPlan(plan, tape, out, TEXTS)
  }
}

function planXml(tape: EventTape): Plan {
  const out = new PlanBuilder(tape)
  const open: number[] = []
  // Set while the start of an element is not closed yet.
  let isOpening = false
  for (let at = 0; at < tape.count; at++) {
    const kind = tape.kind(at)
    if (kind === TAPE.attribute) putAttribute(tape, at, out)
    else if (kind === TAPE.close) {
      const name = open.pop() as number
      out.put(isOpening ? "/>" : `</${nameOf(name)}>`)
      isOpening = false
    } else {
      if (isOpening) out.put(">")
      isOpening = kind === TAPE.open
      if (isOpening) {
        open.push(tape.name(at))
        out.put(`<${nameOf(tape.name(at))}`)
      } else if (kind === TAPE.text) out.text(at, FORM.text)
      else putInstruction(tape, at, out)
    }
  }
  return out.finish()
}

/** Of a name that the table of names could not take. */
const nameOf = (name: number): string => (name < 0 ? "_" : NAMES.text(name))

/** ` Name="text"` */
function putAttribute(tape: EventTape, at: number, out: PlanBuilder): void {
  out.put(` ${nameOf(tape.name(at))}="`)
  out.text(at, FORM.attribute)
  out.put('"')
}

/** `<?target text?>`; a `>` inside is escaped, and so cannot end it. */
function putInstruction(tape: EventTape, at: number, out: PlanBuilder): void {
  out.put(`<?${nameOf(tape.name(at))}`)
  out.text(at, FORM.instruction)
  out.put("?>")
}

function putEscaped(
  bytes: Buffer,
  at: number,
  source: Buffer,
  start: number,
  end: number,
  escapes: ReadonlyMap<number, Buffer>,
): number {
  let next = at
  for (let from = start; from < end; from++) {
    const byte = source[from] as number
    if (byte >= 0x20 && byte < 0x80) {
      const entity = byte <= GT ? escapes.get(byte) : undefined
      if (entity === undefined) bytes[next++] = byte
      else next += entity.copy(bytes, next)
    } else if (isForbidden(source, from, end)) {
      next += REPLACEMENT.copy(bytes, next)
      if (byte >= 0x80) from += 2
    } else bytes[next++] = byte
  }
  return next
}

/** Control characters other than tab, line feed and return; U+FFFE and U+FFFF. */
function isForbidden(source: Buffer, at: number, end: number): boolean {
  const byte = source[at] as number
  if (byte < 0x20) return byte !== 0x09 && byte !== 0x0a && byte !== 0x0d
  return byte === 0xef && at + 2 < end && source[at + 1] === 0xbf && (source[at + 2] as number) >= 0xbe
}
