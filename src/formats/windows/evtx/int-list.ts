/** A growing list of integers that keeps its memory when it is emptied, as an array does not. */

const FIRST_ITEMS = 64

export class IntList {
  #items = new Int32Array(FIRST_ITEMS)
  length = 0

  push(value: number): void {
    if (this.length === this.#items.length) this.#grow()
    this.#items[this.length++] = value
  }

  at(index: number): number {
    return this.#items[index] as number
  }

  set(index: number, value: number): void {
    this.#items[index] = value
  }

  /** Takes the last one; there must be one. */
  pop(): number {
    return this.#items[--this.length] as number
  }

  copy(): Int32Array {
    return this.#items.slice(0, this.length)
  }

  #grow(): void {
    const grown = new Int32Array(this.#items.length * 2)
    grown.set(this.#items)
    this.#items = grown
  }
}
