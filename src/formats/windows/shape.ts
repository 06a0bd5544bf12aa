/**
 * The shape of an event: its tree without the texts. A log writes the same few hundred shapes again and again, so what
 * depends on the shape alone is found out once, and kept for it.
 */
import type { EventTape } from "./event-tape.ts"

/** Places for shapes; two that fall on the same place take it from each other. */
const PLACES = 1024
/** Items of the largest event whose shape is kept. */
const MOST_ITEMS = 2048

export interface Shape {
  /** Of `PLACES`. */
  readonly place: number
  readonly items: Int32Array
}

export class ShapeTable {
  readonly #shapes: (Shape | undefined)[] = new Array<Shape | undefined>(PLACES)

  /** The same object for events of the same shape, as long as it is kept; null for an event that is too large. */
  find(tape: EventTape): Shape | null {
    const { stencil } = tape
    if (stencil === null) return this.#find(tape)
    const { shape } = stencil
    if (shape !== null && this.#shapes[shape.place] === shape) return shape
    stencil.shape = this.#find(tape)
    return stencil.shape
  }

  #find(tape: EventTape): Shape | null {
    if (tape.count > MOST_ITEMS) return null
    const place = tape.hashShape() & (PLACES - 1)
    const known = this.#shapes[place]
    if (known !== undefined && tape.hasShape(known.items)) return known
    const shape: Shape = { place, items: tape.copyShape() }
    this.#shapes[place] = shape
    return shape
  }
}

/** What was found out of shapes. */
export class ShapeCache<T> {
  #shapes: (Shape | undefined)[] = []
  #values: (T | undefined)[] = []

  get(shape: Shape | null): T | undefined {
    return shape !== null && this.#shapes[shape.place] === shape ? this.#values[shape.place] : undefined
  }

  set(shape: Shape | null, value: T): void {
    if (shape === null) return
    // A reader of a folder's many small logs has many caches that stay empty.
    if (this.#shapes.length === 0) {
      this.#shapes = new Array<Shape | undefined>(PLACES)
      this.#values = new Array<T | undefined>(PLACES)
    }
    this.#shapes[shape.place] = shape
    this.#values[shape.place] = value
  }
}
