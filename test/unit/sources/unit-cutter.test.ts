import { readFileSync } from "node:fs"
import path from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createCutter, type UnitKind } from "../../../src/sources/unit-cutter.ts"
import { hasShared, NEEDS_SHARED, SHARED } from "../../acceptance/read-rows.ts"

interface Cut {
  readonly text: string
  readonly units: number
}

/** Cuts `bytes`, handed over in chunks of these sizes, and checks that nothing is lost on the way. */
function cutAll(kind: UnitKind, bytes: Buffer, sizes: readonly number[], maxUnits: number): Cut[] {
  const cutter = createCutter(kind, maxUnits)
  const cuts: Cut[] = []
  let at = 0
  for (let turn = 0; at < bytes.length; turn++) {
    const chunk = bytes.subarray(at, at + (sizes[turn % sizes.length] ?? 1))
    let next = at
    for (const piece of cutter.cut(chunk, at)) {
      expect(piece.offset).toBe(next)
      expect(piece.units).toBeGreaterThan(0)
      expect(piece.units).toBeLessThanOrEqual(maxUnits)
      next += piece.bytes.length
      cuts.push({ text: piece.bytes.toString("latin1"), units: piece.units })
    }
    at += chunk.length
    expect(next).toBe(at)
  }
  expect(cuts.map(({ text }) => text).join("")).toBe(bytes.toString("latin1"))
  return cuts
}

const total = (cuts: readonly Cut[]): number => cuts.reduce((sum, { units }) => sum + units, 0)

function frames(sizes: readonly number[]): Buffer {
  return Buffer.concat(
    sizes.flatMap((size) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(size)
      return [length, Buffer.alloc(size, 0x0a)]
    }),
  )
}

const FRAMES = { headerBytes: 4, lengthAt: 0 }

describe("lines", () => {
  it("are cut after as many as allowed", () => {
    const cuts = cutAll("lines", Buffer.from("a\nb\nc\nd\ne"), [100], 2)
    expect(cuts).toEqual([
      { text: "a\nb\n", units: 2 },
      { text: "c\nd\n", units: 2 },
      { text: "e", units: 1 },
    ])
  })

  it("that do not end count as one", () => {
    expect(cutAll("lines", Buffer.from("abc"), [100], 2)).toEqual([{ text: "abc", units: 1 }])
  })

  it("of many bytes count for what they take", () => {
    const cuts = cutAll("lines", Buffer.alloc(100_000, 0x61), [100_000], 4)
    expect(cuts.map(({ text, units }) => [text.length, units])).toEqual([
      [65_536, 4],
      [34_464, 3],
    ])
  })
})

describe("frames", () => {
  it("are cut after as many as allowed, whatever bytes they hold", () => {
    const cuts = cutAll(FRAMES, frames([3, 40, 1, 7]), [1000], 2)
    expect(cuts.map(({ text, units }) => [text.length, units])).toEqual([
      [51, 2],
      [16, 2],
    ])
  })

  it("are counted once however the chunks fall", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(sizes, sizes, (frameSizes, chunkSizes) => {
        const bytes = frames(frameSizes)
        const cuts = cutAll(FRAMES, bytes, chunkSizes, 3)
        const pieces = cuts.length
        // A piece in which no frame ends counts as one, for it takes memory.
        expect(total(cuts)).toBeGreaterThanOrEqual(frameSizes.length)
        expect(total(cuts)).toBeLessThanOrEqual(frameSizes.length + pieces)
        expect(total(cutAll(FRAMES, bytes, [bytes.length], 3))).toBe(frameSizes.length)
      }),
    )
  })

  it("that are none are counted as lines", () => {
    const noise = Buffer.concat([frames([5, 5]), Buffer.from("\xff\xff\xff\xffx\ny\nz\n", "latin1")])
    const cuts = cutAll(FRAMES, noise, [1000], 2)
    expect(cuts.map(({ text, units }) => [text.slice(-4), units])).toEqual([
      ["\n\n\n\n", 2],
      ["\xff\xff\xff\xff", 1],
      ["x\ny\n", 2],
      ["z\n", 1],
    ])
  })

  it.skipIf(!hasShared)(`of a recording are its records ${NEEDS_SHARED}`, () => {
    const bytes = readFileSync(path.join(SHARED, "linux-audit/real/netlink.bin"))
    expect(total(cutAll(FRAMES, bytes, [bytes.length], 1024))).toBe(18_556)
    const log = readFileSync(path.join(SHARED, "linux-audit/real/audit.log"))
    expect(total(cutAll("lines", log, [log.length], 1024))).toBe(14_513)
  })
})

/** A record of `size` bytes as far as framing looks: header id, size, the rest. */
function bsmRecord(id: number, size: number): Buffer {
  const record = Buffer.alloc(size, 0x61)
  record[0] = id
  record.writeUInt32BE(size, 1)
  return record
}

describe("padded frames behind a file header", () => {
  const SHAPE = { headerBytes: 8, lengthAt: 0, fileHeaderBytes: 16, padBytes: 8, maxBytes: 100 }

  /** Contents that would be wrong lengths, and line ends. */
  function padded(sizes: readonly number[]): Buffer {
    const parts = sizes.map((size) => {
      const frame = Buffer.alloc(8 + Math.ceil(size / 8) * 8, 0x0a)
      frame.writeUInt32LE(size)
      return frame
    })
    return Buffer.concat([Buffer.alloc(16, 0xff), ...parts])
  }

  it("are units, empty ones too, wherever chunks end", () => {
    const bytes = padded([1, 8, 0, 100, 17])
    // The file's header counts as one.
    expect(total(cutAll(SHAPE, bytes, [bytes.length], 1024))).toBe(6)
    expect(cutAll(SHAPE, bytes, [bytes.length], 3).map(({ units }) => units)).toEqual([3, 3])
    for (const size of [1, 3, 7, 8, 50]) cutAll(SHAPE, bytes, [size], 1024)
  })

  it("that are too long are none", () => {
    const bytes = Buffer.concat([padded([8]), padded([101]).subarray(16)])
    expect(total(cutAll(SHAPE, bytes, [bytes.length], 1024))).toBeGreaterThan(50)
  })
})

describe("BSM records", () => {
  const FILE_TOKEN = Buffer.concat([Buffer.from([0x11, 0, 0, 0, 1, 0, 0, 0, 2, 0, 4]), Buffer.from("/tu\0")])

  it("are units, wherever chunks end", () => {
    const ids = [0x14, 0x15, 0x74, 0x79]
    const trail = Buffer.concat(ids.map((id, at) => bsmRecord(id, 25 + at * 40)))
    const whole = cutAll("bsm-records", trail, [trail.length], 1024)
    expect(whole.map(({ units }) => units)).toEqual([4])
    expect(cutAll("bsm-records", trail, [trail.length], 2).map(({ units }) => units)).toEqual([2, 2])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sizes) => {
        // A piece is worth one at least: those without the end of a record add to the sum.
        expect(total(cutAll("bsm-records", trail, sizes, 1024))).toBeGreaterThanOrEqual(4)
      }),
    )
  })

  it("are found again behind file tokens and damage", () => {
    const damage = Buffer.from([0x14, 0xff, 0xff, 0x14, 0x14, 0x14, 0xff])
    const record = bsmRecord(0x14, 64)
    const trail = Buffer.concat([FILE_TOKEN, record, damage, FILE_TOKEN, record, record, FILE_TOKEN])
    expect(total(cutAll("bsm-records", trail, [trail.length], 1024))).toBe(3)
  })
})

describe.skipIf(!hasShared)(`a real trail ${NEEDS_SHARED}`, () => {
  it("has as many units as records", () => {
    const trail = readFileSync(path.join(SHARED, "bsm/plaso/apple.bsm"))
    expect(total(cutAll("bsm-records", trail, [trail.length], 1024))).toBe(54)
  })
})
