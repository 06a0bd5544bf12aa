import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Btf } from "../../../../src/sources/bpf/btf.ts"

const STRUCT = 4
const UNION = 5

interface Member {
  readonly name: string
  readonly type: number
  readonly bits: number
}

/** Puts BTF together, a type after the other; numbers count from 1. */
class BtfWriter {
  readonly #types: Buffer[] = []
  #strings = Buffer.from("\0")

  #text(text: string): number {
    if (text === "") return 0
    const at = this.#strings.length
    const known = this.#strings.indexOf(`\0${text}\0`)
    if (known >= 0) return known + 1
    this.#strings = Buffer.concat([this.#strings, Buffer.from(`${text}\0`)])
    return at
  }

  add(
    name: string,
    kind: number,
    sizeOrType: number,
    extra: readonly number[] = [],
    entries = 0,
    flag = 0,
  ): this {
    const info = ((flag << 31) | (kind << 24) | entries) >>> 0
    this.#types.push(Buffer.from(Uint32Array.of(this.#text(name), info, sizeOrType, ...extra).buffer))
    return this
  }

  struct(name: string, kind: number, members: readonly Member[], flag = 0): this {
    const extra = members.flatMap((member) => [this.#text(member.name), member.type, member.bits])
    return this.add(name, kind, 64, extra, members.length, flag)
  }

  bytes(): Buffer {
    const types = Buffer.concat(this.#types)
    const header = Buffer.alloc(24)
    header.writeUInt16LE(0xeb9f, 0)
    header[2] = 1
    ;[24, 0, types.length, types.length, this.#strings.length].forEach((word, at) => {
      header.writeUInt32LE(word, 4 + at * 4)
    })
    return Buffer.concat([header, types, this.#strings])
  }
}

/** 1 int, 2 union without a name, 3 inner, 4 const inner, 5 outer, 6 another outer. */
const SAMPLE = new BtfWriter()
  .add("int", 1, 4, [32])
  .struct("", UNION, [
    { name: "first", type: 1, bits: 0 },
    { name: "second", type: 1, bits: 32 },
  ])
  .struct("inner", STRUCT, [
    { name: "pad", type: 1, bits: 0 },
    { name: "deep", type: 1, bits: 96 },
  ])
  .add("", 10, 3)
  .struct("outer", STRUCT, [
    { name: "", type: 2, bits: 64 },
    { name: "held", type: 4, bits: 128 },
  ])
  .struct("flagged", STRUCT, [{ name: "field", type: 1, bits: (7 << 24) | 40 }], 1)
  .bytes()

describe("BTF", () => {
  const btf = new Btf(SAMPLE)

  it("tells where members lie, through members without a name and other types' names", () => {
    const paths = [
      "inner.deep",
      "outer.first",
      "outer.second",
      "outer.held",
      "outer.held.deep",
      "flagged.field",
    ]
    expect(paths.map((path) => btf.offsetOf(path))).toEqual([12, 8, 12, 16, 28, 5])
  })

  it("knows nothing of what is not there", () => {
    const paths = ["none.deep", "inner.none", "outer.first.more", "int.deep", ""]
    expect(paths.map((path) => btf.offsetOf(path))).toEqual(paths.map(() => undefined))
  })

  it("is refused, or read to an end, when it is damaged", () => {
    expect(() => new Btf(Buffer.from("no"))).toThrow(RangeError)
    fc.assert(
      fc.property(fc.nat(SAMPLE.length - 1), fc.nat(255), fc.nat(SAMPLE.length), (at, value, length) => {
        const bytes = Buffer.from(SAMPLE)
        bytes[at] = value
        try {
          new Btf(bytes.subarray(0, length)).offsetOf("outer.held.deep")
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
