/**
 * The values of template instances: type, place and length of each, three integers.
 * Instances lie one in another, so their values lie one behind another here, each from its `base` on.
 */

const STRIDE = 3
const FIRST_VALUES = 128

export class ValueList {
  #items = new Int32Array(FIRST_VALUES * STRIDE)

  /** Makes room for `count` values from `base` on. */
  reserve(base: number, count: number): void {
    const needed = (base + count) * STRIDE
    if (needed <= this.#items.length) return
    const grown = new Int32Array(needed * 2)
    grown.set(this.#items)
    this.#items = grown
  }

  set(index: number, type: number, from: number, length: number): void {
    const at = index * STRIDE
    this.#items[at] = type
    this.#items[at + 1] = from
    this.#items[at + 2] = length
  }

  type(index: number): number {
    return this.#items[index * STRIDE] as number
  }

  from(index: number): number {
    return this.#items[index * STRIDE + 1] as number
  }

  length(index: number): number {
    return this.#items[index * STRIDE + 2] as number
  }
}
