/**
 * One event as a JSON object whose shape is the same whoever wrote it, for `convert --records`: docs/windows-json.md.
 *
 *   {"System":{"Provider":{"Name":"…","Guid":"…"},"EventID":4688,"Version":2,…},"EventData":{"NewProcessId":"0x664",…}}
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { type EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { type Shape, ShapeCache } from "../shape.ts"
import {
  contentOf,
  DATA,
  EVENT_DATA,
  hasElements,
  MAX_DEPTH,
  NAME,
  nameAttribute,
  ownTexts,
  SYSTEM,
} from "./elements.ts"
import { FORM, isJsonNumber, JsonStyle, writeQuoted } from "./json-text.ts"
import { fits, type Plan, PlanBuilder, runPlan, type TextStyle } from "./plan.ts"
import { planSystem } from "./system-json.ts"

const STYLE = new JsonStyle(false)
const ATTRIBUTES = new JsonStyle(false, "@")

const TEXTS: TextStyle = {
  mask: STYLE.mask,
  slowForm: FORM.number,
  write(tape, item, form, out) {
    const [start, end, has] = [tape.start(item), tape.end(item), tape.has(item)]
    if (form === FORM.text) STYLE.part(out, tape.bytes, start, end, has)
    else if (isJsonNumber(tape.bytes, start, end)) STYLE.part(out, tape.bytes, start, end, 0)
    else STYLE.string(out, tape.bytes, start, end, has)
  },
}

export class JsonRenderer {
  readonly #plans = new ShapeCache<Plan>()

  /** Appends the event as one JSON object, without a line end. */
  render(tape: EventTape, shape: Shape | null, out: GrowingBytes): void {
    const known = this.#plans.get(shape)
    if (known !== undefined && fits(known, tape)) {
      runPlan(known, tape, out, TEXTS)
      return
    }
    const plan = new JsonPlanner(tape).plan()
    if (plan.isLasting) this.#plans.set(shape, plan)
    runPlan(plan, tape, out, TEXTS)
  }
}

class JsonPlanner {
  readonly #tape: EventTape
  readonly #out: PlanBuilder

  constructor(tape: EventTape) {
    this.#tape = tape
    this.#out = new PlanBuilder(tape)
  }

  plan(): Plan {
    this.#out.put("{")
    this.#putMembers(contentOf(this.#tape, 0), true, 0, false)
    this.#out.put("}")
    return this.#out.finish()
  }

  /**
   * The elements from `content` on as members, those of the same name as one array in the place of the first.
   * Fields without a name are always an array.
   */
  #putMembers(content: number, isFirstMember: boolean, depth: number, isFields: boolean): void {
    const tape = this.#tape
    const out = this.#out
    let isFirst = isFirstMember
    for (const [key, places] of this.#groups(content)) {
      out.put(isFirst ? "" : ",")
      isFirst = false
      writeQuoted(out.constants, key, STYLE)
      out.put(":")
      const isList = places.length > 1 || (isFields && isUnnamed(tape, places[0] ?? 0))
      places.forEach((place, index) => {
        if (isList) out.put(index === 0 ? "[" : ",")
        this.#putValue(place, depth)
      })
      if (isList) out.put("]")
    }
  }

  #groups(content: number): Map<string, number[]> {
    const tape = this.#tape
    const groups = new Map<string, number[]>()
    for (let at = content; at < tape.count && tape.kind(at) !== TAPE.close; ) {
      if (tape.kind(at) !== TAPE.open) {
        at++
        continue
      }
      const key = this.#key(at)
      const places = groups.get(key)
      if (places === undefined) groups.set(key, [at])
      else places.push(at)
      at = tape.skip(at)
    }
    return groups
  }

  #key(at: number): string {
    const tape = this.#tape
    const named = tape.name(at) === DATA ? nameAttribute(tape, at) : -1
    if (named < 0) return tape.name(at) < 0 ? "?" : NAMES.text(tape.name(at))
    if (tape.valueName(named) >= 0) return NAMES.text(tape.valueName(named))
    this.#out.doNotKeep()
    return tape.bytes.utf8Slice(tape.start(named), tape.end(named))
  }

  /** What the element that opens at `at` holds. */
  #putValue(at: number, depth: number): void {
    const tape = this.#tape
    const name = tape.name(at)
    if (depth === 0 && name === SYSTEM) {
      planSystem(tape, at, this.#out)
      return
    }
    const content = contentOf(tape, at)
    const attributes = content - at - 1
    const isPlain = attributes === 0 || (attributes === 1 && name === DATA && tape.name(at + 1) === NAME)
    const isText = depth > 0 && isPlain && !hasElements(tape, content)
    if (isText || depth >= MAX_DEPTH) this.#putText(content)
    else this.#putObject(at, content, depth)
  }

  #putText(content: number): void {
    this.#out.put('"')
    for (const item of ownTexts(this.#tape, content)) this.#out.text(item, FORM.text)
    this.#out.put('"')
  }

  #putObject(at: number, content: number, depth: number): void {
    const tape = this.#tape
    const out = this.#out
    let isFirst = true
    out.put("{")
    for (let next = at + 1; next < content; next++) {
      // The name of a field is its key.
      if (tape.name(at) === DATA && tape.name(next) === NAME) continue
      out.put(isFirst ? "" : ",")
      isFirst = false
      ATTRIBUTES.key(out.constants, tape.name(next))
      out.put('"')
      out.text(next, FORM.text)
      out.put('"')
    }
    // White space between tags is no text.
    if (ownTexts(tape, content).some((item) => !out.isBlank(item))) {
      out.put(isFirst ? '"#text":' : ',"#text":')
      isFirst = false
      this.#putText(content)
    }
    this.#putMembers(content, isFirst, depth + 1, depth === 0 && tape.name(at) === EVENT_DATA)
    out.put("}")
  }
}

const isUnnamed = (tape: EventTape, at: number): boolean =>
  tape.name(at) === DATA && nameAttribute(tape, at) < 0
