/** Tokens that are alike in all but a byte, wherever it is: none is ever taken for another. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { GrowingBytes } from "../../../../../src/base/growing-bytes.ts"
import { RecentTokens } from "../../../../../src/formats/bsm/render/recent-tokens.ts"

const LENGTH = 37

/** A text that tells every byte of the token, with letters of several bytes. */
const textOf = (token: Buffer) => `{"é😀":"${token.toString("hex")}"}`

class Store {
  readonly #recent = new RecentTokens()
  readonly #out = new GrowingBytes(0)
  hits = 0

  /** What a caller of the store writes for the token. */
  write(token: Buffer): string {
    const out = this.#out
    out.clear()
    const slot = this.#recent.slotOf(token, 0, token.length)
    if (slot >= 0 && this.#recent.put(slot, token, 0, token.length, out)) this.hits++
    else {
      const text = Buffer.from(textOf(token))
      out.reserve(text.length)
      out.used += text.copy(out.bytes, out.used)
      if (slot >= 0) this.#recent.keep(slot, token, 0, token.length, out, 0)
    }
    return out.bytes.utf8Slice(0, out.used)
  }
}

describe("the store of recent tokens", () => {
  it("gives the text of the token that is asked for", () => {
    const store = new Store()
    const change = fc.tuple(fc.nat(LENGTH - 1), fc.constantFrom(0, 1, 2, 127, 128, 255))
    const length = fc.constantFrom(13, 14, LENGTH, 128, 129)
    fc.assert(
      fc.property(fc.array(fc.tuple(length, change), { maxLength: 40 }), (tokens) => {
        for (const [size, [at, value]] of tokens) {
          const token = Buffer.alloc(size, 7)
          token[at] = value
          expect(store.write(token)).toBe(textOf(token))
        }
      }),
    )
    expect(store.hits).toBeGreaterThan(0)
  })

  it("keeps no text that is too long", () => {
    const store = new Store()
    const token = Buffer.alloc(128)
    const recent = new RecentTokens()
    const out = new GrowingBytes(0)
    const slot = recent.slotOf(token, 0, token.length)
    out.reserve(513)
    out.used = 513
    recent.keep(slot, token, 0, token.length, out, 0)
    expect(recent.put(slot, token, 0, token.length, out)).toBe(false)
    expect([store.write(token), store.write(token), store.hits]).toEqual([textOf(token), textOf(token), 1])
  })
})
