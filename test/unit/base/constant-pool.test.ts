import { expect, it } from "vitest"
import { ConstantPool } from "../../../src/base/constant-pool.ts"
import { copyWords, viewOf } from "../../../src/base/growing-bytes.ts"

it("keeps pieces as it grows, each with room behind it to copy whole words", () => {
  const pool = new ConstantPool()
  const texts = Array.from({ length: 500 }, (_, at) => "x".repeat(at % 40) + at)
  const starts = texts.map((text) => pool.add(Buffer.from(text)))
  pool.replace(starts[7] ?? 0, Buffer.from("replaced"))
  const target = Buffer.alloc(64)
  const read = (at: number) => {
    const length = texts[at]?.length ?? 0
    copyWords(pool.view, starts[at] ?? 0, viewOf(target), 0, length)
    return target.latin1Slice(0, length)
  }
  expect(texts.map((_, at) => read(at))).toEqual(texts.map((text, at) => (at === 7 ? "replaced" : text)))
})
