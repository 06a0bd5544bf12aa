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

  /** True when the first values have these types. */
  hasTypes(types: Uint8Array): boolean {
    const items = this.#items
    for (let at = 0, from = 0; at < types.length; at++, from += STRIDE) {
      if (items[from] !== types[at]) return false
    }
    return true
  }

  /** Number of the only value of a type among `count` from `base` on; -1 without one, -2 when there are several. */
  onlyOf(type: number, base: number, count: number): number {
    const items = this.#items
    let found = -1
    for (let index = base; index < base + count; index++) {
      if (items[index * STRIDE] !== type) continue
      if (found >= 0) return -2
      found = index
    }
    return found
  }

  copyTypes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, (_, index) => this.type(index))
  }

  from(index: number): number {
    return this.#items[index * STRIDE + 1] as number
  }

  length(index: number): number {
    return this.#items[index * STRIDE + 2] as number
  }
}
