/**
 * One Windows event as its XML tree, laid flat: what every reader of Windows events writes and every renderer and
 * normalizer reads. Nothing is allocated per event.
 *
 *   <Provider Name="A"/><EventID>4688</EventID>
 *
 *   open Provider · attribute Name "A" · close · open EventID · text "4688" · close
 *
 * Text is UTF-8 in one arena and in the form that Windows prints; it is not escaped for any output. Every element that
 * is opened is closed, attributes follow their `open` directly, and there is one root, `Event`.
 */
import { NAMES } from "./names.ts"
import type { Shape } from "./shape.ts"

export const TAPE = { open: 1, attribute: 2, text: 3, close: 4, instruction: 5 } as const

/**
 * What is in a text, or-ed together; 0 for ASCII that no output has to escape.
 * `markup`: & < > and quotes; `json`: the quote and the backslash; `slash`: / (which osquery escapes);
 * `control`: below 0x20 and 0x7f; `wide`: not ASCII.
 */
export const HAS = { markup: 1, json: 2, slash: 4, control: 8, wide: 16 } as const

/** Integers an item: kind, name, start, end, what the text has, number of the text as a name. */
export const ITEM_STRIDE = 6
const STRIDE = ITEM_STRIDE
/** Integers an item of a shape: kind, name, number of the text as a name. */
const SHAPE_STRIDE = 3
const FIRST_ITEMS = 256
/** Behind an element that is not closed yet lies nothing. */
const UNCLOSED = 0x7fffffff
const FIRST_DEPTH = 64
const FIRST_BYTES = 8 * 1024
const KEPT_BYTES = 4 * 1024 * 1024

/** A tape that is written already but for some of its texts: of events that differ in nothing else. */
export interface Stencil {
  /** As the tape keeps them; the places of the texts that change are set anew for every event. */
  readonly items: Int32Array<ArrayBuffer>
  readonly count: number
  /** What the arena begins with: the texts that stay. */
  readonly constants: Buffer
  /** As a table of shapes found it last. */
  shape: Shape | null
}

/** Classes of the ASCII characters, by code. */
export const TEXT_CLASSES = textClasses()

export class EventTape {
  /** The arena; text N is `bytes[start(N), end(N))`. Replaced when it grows. */
  bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES)
  length = 0
  /** Items in use. */
  count = 0
  readonly #own = { items: new Int32Array(FIRST_ITEMS * STRIDE) }
  #items = this.#own.items
  /** What the items are of, when they are not the tape's own. */
  #stencil: Stencil | null = null
  /** Items of the elements that are open, outermost first. */
  #open = new Int32Array(FIRST_DEPTH)
  #depth = 0

  reset(): void {
    this.count = 0
    this.length = 0
    this.#depth = 0
    this.#stencil = null
    this.#items = this.#own.items
    if (this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafe(FIRST_BYTES)
  }

  /** Begins an event by a stencil: `setText` sets what it lacks, with texts put behind `length` first. */
  lay(stencil: Stencil): void {
    const { items, count, constants } = stencil
    if (this.#stencil !== stencil) {
      this.reset()
      this.reserve(constants.length)
      constants.copy(this.bytes)
      this.#stencil = stencil
      this.#items = items
    }
    this.count = count
    this.length = constants.length
  }

  get stencil(): Stencil | null {
    return this.#stencil
  }

  setText(at: number, start: number, end: number, has: number): void {
    const items = this.#items
    items[at * STRIDE + 2] = start
    items[at * STRIDE + 3] = end
    items[at * STRIDE + 4] = has
  }

  // For readers of the tape.

  kind(at: number): number {
    return this.#items[at * STRIDE] as number
  }

  /** Number in `NAMES` of an element, an attribute or the target of an instruction; of a text its BinXML type, or 0x01. */
  name(at: number): number {
    return this.#items[at * STRIDE + 1] as number
  }

  start(at: number): number {
    return this.#items[at * STRIDE + 2] as number
  }

  end(at: number): number {
    return this.#items[at * STRIDE + 3] as number
  }

  /** `HAS` of the text of an attribute, text or instruction. */
  has(at: number): number {
    return this.#items[at * STRIDE + 4] as number
  }

  /** Number in `NAMES` of an attribute's value where that is a name of its own (`Data Name="…"`), else -1. */
  valueName(at: number): number {
    return this.#items[at * STRIDE + 5] as number
  }

  /** Index behind the element that opens at `at`. */
  skip(at: number): number {
    return this.#items[at * STRIDE + 3] as number
  }

  // The shape: kinds, names and nesting, as `shape.ts` uses it.

  /** The same for events of the same shape. */
  hashShape(): number {
    const items = this.#items
    const end = this.count * STRIDE
    let hash = this.count
    for (let at = 0; at < end; at += STRIDE) {
      const kind = items[at] as number
      const name = kind === TAPE.text ? 0 : (items[at + 1] as number)
      hash =
        (Math.imul(hash, 31) + Math.imul(name, 8) + kind + Math.imul(items[at + 5] as number, 0x9e3779b1)) | 0
    }
    return hash ^ (hash >>> 15)
  }

  hasShape(shape: Int32Array): boolean {
    if (shape.length !== this.count * SHAPE_STRIDE) return false
    const items = this.#items
    for (let at = 0, from = 0; at < shape.length; at += SHAPE_STRIDE, from += STRIDE) {
      const kind = items[from] as number
      if (kind !== shape[at] || items[from + 5] !== shape[at + 2]) return false
      if (kind !== TAPE.text && items[from + 1] !== shape[at + 1]) return false
    }
    return true
  }

  copyItems(): Int32Array<ArrayBuffer> {
    return this.#items.slice(0, this.count * STRIDE)
  }

  copyShape(): Int32Array {
    const shape = new Int32Array(this.count * SHAPE_STRIDE)
    for (let at = 0; at < this.count; at++) {
      shape[at * SHAPE_STRIDE] = this.kind(at)
      shape[at * SHAPE_STRIDE + 1] = this.kind(at) === TAPE.text ? 0 : this.name(at)
      shape[at * SHAPE_STRIDE + 2] = this.valueName(at)
    }
    return shape
  }

  // For writers of the tape. Text is put behind `length` first (`reserve`, then `bytes` and `length`), then its item.

  /** Makes room for `more` bytes behind `length`. */
  reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }

  open(name: number): void {
    if (this.#depth === this.#open.length) this.#open = grown(this.#open)
    this.#open[this.#depth++] = this.count
    this.item(TAPE.open, name, 0, UNCLOSED, 0, -1)
  }

  attribute(name: number, start: number, end: number, has: number, valueName: number): void {
    this.item(TAPE.attribute, name, start, end, has, valueName)
  }

  /** @param type of the value in BinXML, 0x01 where the source has none */
  text(type: number, start: number, end: number, has: number): void {
    this.item(TAPE.text, type, start, end, has, -1)
  }

  close(): void {
    this.item(TAPE.close, 0, 0, 0, 0, -1)
    const opened = this.#open[--this.#depth] as number
    this.#items[opened * STRIDE + 3] = this.count
  }

  /** Takes back everything behind a place at which `count`, `length` and `depth` were these. */
  rewind(count: number, length: number, depth: number): void {
    this.count = count
    this.length = length
    this.#depth = depth
  }

  /** Elements that are open. */
  get depth(): number {
    return this.#depth
  }

  instruction(target: number, start: number, end: number, has: number): void {
    this.item(TAPE.instruction, target, start, end, has, -1)
  }

  item(kind: number, name: number, start: number, end: number, has: number, valueName: number): void {
    const at = this.count * STRIDE
    if (at === this.#items.length) this.#grow()
    const items = this.#items
    items[at] = kind
    items[at + 1] = name
    items[at + 2] = start
    items[at + 3] = end
    items[at + 4] = has
    items[at + 5] = valueName
    this.count++
  }

  /** Appends ASCII or any other text; slow, for what is not on the hot path. Returns its `HAS`. */
  append(text: string): number {
    this.reserve(text.length * 3)
    const start = this.length
    this.length += this.bytes.write(text, start, "utf8")
    return classify(this.bytes, start, this.length)
  }

  /** A whole element with a text, for readers that build an event. */
  element(name: string, text: string): void {
    this.open(NAMES.intern(name))
    if (text !== "") {
      const start = this.length
      const has = this.append(text)
      this.text(0x01, start, this.length, has)
    }
    this.close()
  }

  #grow(): void {
    this.#own.items = grown(this.#items)
    this.#items = this.#own.items
  }
}

function grown(from: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(from.length * 2)
  grown.set(from)
  return grown
}

/** What the event is beside its tree. */
export interface EventPlace {
  /** Of the record's first byte in the uncompressed source, and its length. */
  offset: number
  length: number
  /** Of the record's header, which an export numbers anew; NaN where the source has none. */
  headerId: number
  /** "": a live record. */
  recovered: "" | "slack" | "loose" | "hidden" | "torn"
}

/** `HAS` of `bytes[start, end)`. */
export function classify(bytes: Uint8Array, start: number, end: number): number {
  let has = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    has |= byte < 0x80 ? (TEXT_CLASSES[byte] as number) : HAS.wide
  }
  return has
}

function textClasses(): Uint8Array {
  const classes = new Uint8Array(128)
  classes.fill(HAS.control, 0, 0x20)
  classes[0x7f] = HAS.control
  for (const character of "&<>'\"") classes[character.charCodeAt(0)] = HAS.markup
  classes[0x22] = HAS.markup | HAS.json
  classes[0x5c] = HAS.json
  classes[0x2f] = HAS.slash
  return classes
}
