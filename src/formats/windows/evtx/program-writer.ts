/** Collects the operations of one program while its BinXML is read. */
import { NAMES } from "../names.ts"
import { IntList } from "./int-list.ts"
import { ELEMENT_STRIDE, OP, PIECE_STRIDE, type Program } from "./program.ts"
import { ValueNames } from "./value-names.ts"

const FIRST_OPS = 1024
const FIRST_LITERALS = 4 * 1024
/** An operation without pieces is never longer. */
const LONGEST_OP = 8

export class ProgramWriter {
  readonly #nameId = NAMES.intern("Name")
  readonly #eventId = NAMES.intern("EventID")
  readonly #timeId = NAMES.intern("TimeCreated")
  readonly #systemTimeId = NAMES.intern("SystemTime")
  readonly #recordId = NAMES.intern("EventRecordID")
  readonly #valueNames = new ValueNames()
  #ops = new Int32Array(FIRST_OPS)
  #used = 0
  readonly #lists = new IntList()
  /** Of the attribute or text that is being read, `PIECE_STRIDE` integers each. */
  readonly #pieces = new IntList()
  /** Slots directly in the elements that are open. */
  readonly #direct = new IntList()
  /** For each open element where its slots begin in `#direct`, its children, and what drops it. */
  readonly #directFrom = new IntList()
  readonly #children = new IntList()
  readonly #drops = new IntList()
  #eventIdSlot = -1
  #timeSlot = -1
  #recordIdSlot = -1
  literals: Buffer = Buffer.allocUnsafe(FIRST_LITERALS)
  literalEnd = 0

  begin(): void {
    this.#used = 0
    this.literalEnd = 0
    this.#lists.length = 0
    this.#pieces.length = 0
    this.#direct.length = 0
    this.#directFrom.length = 0
    this.#children.length = 0
    this.#drops.length = 0
    this.#eventIdSlot = -1
    this.#timeSlot = -1
    this.#recordIdSlot = -1
  }

  finish(isVerified: boolean): Program {
    return {
      ops: this.#ops.slice(0, this.#used),
      lists: this.#lists.copy(),
      literals: Buffer.from(this.literals.subarray(0, this.literalEnd)),
      eventIdSlot: this.#eventIdSlot,
      timeSlot: this.#timeSlot,
      recordIdSlot: this.#recordIdSlot,
      isVerified,
    }
  }

  /** Begins an element; returns its mark for `close`. */
  open(name: number): number {
    const mark = this.#emit(OP.elementPlain, name, 0, -1, -1)
    this.#used += ELEMENT_STRIDE - 5
    this.#directFrom.push(this.#direct.length)
    this.#children.push(0)
    this.#drops.push(-1)
    return mark
  }

  /** @param dependency slot whose NULL leaves the element out, or -1 */
  close(mark: number, dependency: number): void {
    this.#emit(OP.close, 0, 0, 0, 0)
    this.#used -= 4
    const ops = this.#ops
    const from = this.#directFrom.pop()
    const isOnly = this.#children.pop() === 1
    const drop = this.#drops.pop()
    const count = this.#direct.length - from
    ops[mark + 2] = this.#used
    ops[mark + 3] = dependency
    ops[mark + 4] = isOnly ? drop : -1
    ops[mark + 5] = count
    if (count > 1) {
      ops[mark] = OP.elementMany
      ops[mark + 6] = this.#lists.length
      for (let at = from; at < this.#direct.length; at++) this.#lists.push(this.#direct.at(at))
    } else {
      if (count === 1 || dependency >= 0) ops[mark] = OP.elementOne
      ops[mark + 6] = count === 1 ? this.#direct.at(from) : -1
    }
    this.#direct.length = from
  }

  /** The element that is open has an element, an instruction or an instance in it. */
  hasChildren(): void {
    this.#addChildren(1)
  }

  /** Room for constant text, to be written at `literalEnd`. */
  reserve(count: number): ProgramWriter {
    if (this.literalEnd + count > this.literals.length) {
      const grown = Buffer.allocUnsafe((this.literalEnd + count) * 2)
      this.literals.copy(grown, 0, 0, this.literalEnd)
      this.literals = grown
    }
    return this
  }

  /** Takes `literals[literalEnd, end)` as the next piece. */
  literal(end: number, has: number): void {
    const pieces = this.#pieces
    const last = pieces.length - PIECE_STRIDE
    if (last >= 0 && pieces.at(last) === -1) {
      pieces.set(last + 2, end)
      pieces.set(last + 3, pieces.at(last + 3) | has)
    } else this.#addPiece(-1, this.literalEnd, end, has)
    this.literalEnd = end
  }

  slot(slot: number, isOptional: boolean): void {
    this.#addPiece(slot, isOptional ? 1 : 0, 0, 0)
    this.#direct.push(slot)
  }

  /** Ends an attribute: its pieces are its value. */
  attribute(element: number, name: number): void {
    const pieces = this.#pieces
    const isName = name === this.#nameId ? 1 : 0
    if (pieces.length === 0) this.#emit(OP.attributeText, name, 0, 0, 0, isName === 1 ? NAMES.intern("") : -1)
    else if (pieces.length > PIECE_STRIDE) this.#mixed(OP.attributeMixed, name, isName)
    else if (pieces.at(0) === -1) this.#constantAttribute(name, isName)
    else {
      const slot = pieces.at(0)
      this.#emit(OP.attributeSlot, name, slot, pieces.at(1), isName)
      if (element === this.#timeId && name === this.#systemTimeId) this.#timeSlot = slot
    }
    pieces.length = 0
  }

  /** Ends a text. @param element when it is the last one of this element, else -1 */
  text(element: number): void {
    const pieces = this.#pieces
    if (pieces.length === 0) return
    this.#addChildren(1)
    if (pieces.length > PIECE_STRIDE) {
      this.#mixed(OP.textMixed, -1, 0)
    } else if (pieces.at(0) === -1) {
      this.#emit(OP.text, pieces.at(1), pieces.at(2), pieces.at(3), 0)
      this.#used--
    } else {
      const slot = pieces.at(0)
      this.#emit(OP.textSlot, slot, 0, 0, 0)
      this.#used -= 3
      if (pieces.at(1) === 1) this.#drops.set(this.#drops.length - 1, slot)
      if (element === this.#eventId) this.#eventIdSlot = slot
      else if (element === this.#recordId) this.#recordIdSlot = slot
    }
    pieces.length = 0
  }

  /** A processing instruction; its data, if any, is the one piece. */
  instruction(target: number): void {
    const pieces = this.#pieces
    if (pieces.length === 0) this.#emit(OP.instruction, target, 0, 0, 0)
    else this.#emit(OP.instruction, target, pieces.at(1), pieces.at(2), pieces.at(3))
    pieces.length = 0
  }

  instance(at: number): void {
    this.#emit(OP.instance, at, 0, 0, 0)
    this.#used -= 3
  }

  #constantAttribute(name: number, isName: number): void {
    const start = this.#pieces.at(1)
    const end = this.#pieces.at(2)
    const valueName = isName === 1 ? this.#valueNames.intern(this.literals, start, end) : -1
    this.#emit(OP.attributeText, name, start, end, this.#pieces.at(3), valueName)
  }

  /** Pieces of several kinds, put together when values are known. */
  #mixed(op: number, name: number, isName: number): void {
    const pieces = this.#pieces
    this.#room(pieces.length + LONGEST_OP)
    const ops = this.#ops
    ops[this.#used++] = op
    if (op === OP.attributeMixed) {
      ops[this.#used++] = name
      ops[this.#used++] = isName
    }
    ops[this.#used++] = pieces.length / PIECE_STRIDE
    for (let at = 0; at < pieces.length; at++) ops[this.#used++] = pieces.at(at)
  }

  #addPiece(slot: number, a: number, b: number, c: number): void {
    const pieces = this.#pieces
    pieces.push(slot)
    pieces.push(a)
    pieces.push(b)
    pieces.push(c)
  }

  #addChildren(count: number): void {
    const top = this.#children.length - 1
    if (top >= 0) this.#children.set(top, this.#children.at(top) + count)
  }

  /** Appends an operation of five integers, or six; returns where it begins. */
  #emit(op: number, a: number, b: number, c: number, d: number, e?: number): number {
    this.#room(LONGEST_OP)
    const ops = this.#ops
    const at = this.#used
    ops[at] = op
    ops[at + 1] = a
    ops[at + 2] = b
    ops[at + 3] = c
    ops[at + 4] = d
    if (e !== undefined) ops[at + 5] = e
    this.#used = e === undefined ? at + 5 : at + 6
    return at
  }

  #room(count: number): void {
    if (this.#used + count <= this.#ops.length) return
    const grown = new Int32Array((this.#used + count) * 2)
    grown.set(this.#ops)
    this.#ops = grown
  }
}
