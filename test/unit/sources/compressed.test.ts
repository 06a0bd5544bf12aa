import { truncateSync } from "node:fs"
import zlib from "node:zlib"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { codesOf, gather, hasTool, makeFolder, makeLog, makeNoise, put, run, sha256 } from "./gather.ts"

const folder = makeFolder()
const LOG = makeLog(30_000)

async function readBytes(packed: Uint8Array, options = {}) {
  const { reads, refused } = await gather([put(folder, "packed", packed)], options)
  return { read: reads[0], refused: refused[0] }
}

const CODECS = [
  { name: "gz", pack: (bytes: Uint8Array) => zlib.gzipSync(bytes) },
  { name: "zst", pack: (bytes: Uint8Array) => zlib.zstdCompressSync(bytes) },
]

describe.each(CODECS)("$name", ({ name, pack }) => {
  it("gives content and both digests, whatever the file is called", async () => {
    const packed = pack(LOG)
    const { read } = await readBytes(packed)
    expect(read?.content.equals(LOG)).toBe(true)
    expect(read?.facts).toMatchObject({ packing: name, storedSize: packed.length })
    expect(read?.digests).toEqual({ stored: sha256(packed), content: sha256(LOG) })
    expect(read?.head.equals(LOG.subarray(0, 256 * 1024))).toBe(true)
    expect(read?.problems).toEqual([])
  })

  it("joins members, empty ones too, and ignores zeros behind them", async () => {
    const parts = [LOG.subarray(0, 1000), Buffer.alloc(0), LOG.subarray(1000, 200_000), makeNoise(70_000)]
    const packed = Buffer.concat([...parts.map(pack), Buffer.alloc(512)])
    const { read } = await readBytes(packed)
    expect(read?.content.equals(Buffer.concat(parts))).toBe(true)
    expect(read?.digests.stored).toBe(sha256(packed))
    expect(read?.problems).toEqual([])
  })

  it("reports what follows the last member and is none", async () => {
    const packed = Buffer.concat([pack(LOG), Buffer.from("and then some text")])
    const { read } = await readBytes(packed)
    expect(read?.content.equals(LOG)).toBe(true)
    expect(read?.digests).toEqual({ stored: sha256(packed), content: sha256(LOG) })
    expect(read?.problems).toMatchObject([
      { code: "source/trailing-garbage", severity: "warning", offset: LOG.length },
    ])
  })

  it("gives all that came before any cut, and one problem", async () => {
    const small = makeLog(400)
    const packed = pack(small)
    const cuts = new Set([
      name === "gz" ? 2 : 4,
      5,
      9,
      10,
      11,
      packed.length - 1,
      packed.length - 4,
      packed.length - 8,
    ])
    for (let cut = 20; cut < packed.length; cut += 97) cuts.add(cut)
    let longest = 0
    for (const cut of cuts) {
      const { read } = await readBytes(packed.subarray(0, cut))
      expect(codesOf(read?.problems ?? []), `cut at ${cut}`).toEqual(["source/truncated"])
      const content = read?.content ?? Buffer.alloc(0)
      expect(content.equals(small.subarray(0, content.length)), `cut at ${cut}`).toBe(true)
      expect(read?.digests).toEqual({ stored: sha256(packed.subarray(0, cut)), content: sha256(content) })
      longest = Math.max(longest, content.length)
    }
    if (name === "gz") expect(longest).toBe(small.length)
  })

  it("gives what came before zeros that overwrite the rest", async () => {
    const packed = pack(makeLog(60_000))
    const whole = makeLog(60_000)
    const half = packed.length >> 1
    const { read: cut } = await readBytes(packed.subarray(0, half))
    const { read } = await readBytes(
      Buffer.concat([packed.subarray(0, half), Buffer.alloc(packed.length - half)]),
    )
    // Zeros may well be valid symbols of the block they fall into, which then never ends.
    expect(codesOf(read?.problems ?? [])).toEqual([name === "gz" ? "source/truncated" : "source/corrupt"])
    expect(cut?.content.equals(whole.subarray(0, cut.content.length))).toBe(true)
    const sound = cut?.content.length ?? 0
    expect(sound).toBeGreaterThan(0)
    expect(read?.content.subarray(0, sound - 300).equals(whole.subarray(0, sound - 300))).toBe(true)
  })

  it("stops a bomb at the limits and still hashes the file", async () => {
    const packed = pack(Buffer.alloc(16 * 1024 * 1024))
    const ratio = { limits: { compressionRatio: 10, ratioFloorBytes: 1024 * 1024 } }
    const { read: bomb } = await readBytes(packed, ratio)
    expect(bomb?.problems).toMatchObject([{ code: "source/bomb", severity: "error" }])
    expect(bomb?.content.length).toBeLessThan(4 * 1024 * 1024)
    expect(bomb?.digests.stored).toBe(sha256(packed))
    const { read: capped } = await readBytes(pack(LOG), { limits: { unpackedBytes: 300_000 } })
    expect(codesOf(capped?.problems ?? [])).toEqual(["source/bomb"])
    const { read: genuine } = await readBytes(pack(LOG), ratio)
    expect(genuine?.problems).toEqual([])
  })

  it("limits the number of members", async () => {
    const packed = Buffer.concat(Array.from({ length: 12 }, () => pack(Buffer.from("x"))))
    const { read } = await readBytes(packed, { limits: { archiveMembers: 10 } })
    // Node.js 26 decodes the frames that follow each other as one.
    if (name === "zst" && read?.content.length === 12) return
    expect(read?.content.toString()).toBe("x".repeat(10))
    expect(codesOf(read?.problems ?? [])).toEqual(["source/bomb"])
  })

  it("refuses more layers than the limit", async () => {
    const three = pack(pack(pack(LOG)))
    const { read } = await readBytes(three)
    expect(read?.content.equals(LOG)).toBe(true)
    expect(read?.facts.packing).toBe([name, name, name].join("+"))
    const { refused } = await readBytes(pack(three))
    expect(codesOf(refused?.problems ?? [])).toEqual(["source/bomb"])
  })

  it("never throws on flipped bits, and always says when the content differs", async () => {
    const small = makeLog(300)
    const packed = pack(small)
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), fc.nat(7), async (at, bit) => {
        const flipped = Buffer.from(packed)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        const { read, refused } = await readBytes(flipped)
        expect((read ?? refused)?.problems).toBeDefined()
        if (read === undefined || read.facts.packing === "" || read.content.equals(small)) return
        // Node's zstd writes no checksum by default, so a flipped literal cannot be told.
        if (name === "gz") expect(read.problems.length).toBeGreaterThan(0)
      }),
      { numRuns: 150, seed: 20260101 },
    )
  })
})

describe("gzip", () => {
  it("reports a wrong checksum after handing on the bytes", async () => {
    const packed = zlib.gzipSync(LOG)
    packed[packed.length - 8] = (packed[packed.length - 8] ?? 0) ^ 1
    const { read } = await readBytes(packed)
    expect(read?.content.equals(LOG)).toBe(true)
    expect(read?.problems).toMatchObject([
      { code: "source/checksum", severity: "warning", offset: LOG.length },
    ])
  })

  it("reads headers with every optional field", async () => {
    const bare = zlib.gzipSync(LOG)
    const header = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3])
    const fields = Buffer.concat([
      Buffer.from([5, 0, 1, 2, 3, 4, 5]),
      Buffer.from("name\0comment\0"),
      Buffer.from([1, 2]),
    ])
    const { read } = await readBytes(Buffer.concat([header, fields, bare.subarray(10)]))
    expect(read?.content.equals(LOG)).toBe(true)
    expect(read?.problems).toEqual([])
  })

  it("recovers a damaged stream exactly up to a bad block", async () => {
    // A stored block, then one of the reserved type 3: everything before it is sound.
    const text = makeNoise(60_000)
    const stored = Buffer.alloc(5)
    stored.writeUInt16LE(text.length, 1)
    stored.writeUInt16LE(text.length ^ 0xffff, 3)
    const header = zlib.gzipSync("").subarray(0, 10)
    const { read } = await readBytes(Buffer.concat([header, stored, text, Buffer.from([7, 0, 0, 0])]))
    expect(codesOf(read?.problems ?? [])).toEqual(["source/corrupt"])
    expect(read?.content.equals(text)).toBe(true)
  })

  it.skipIf(!hasTool("gzip"))("reads what gzip writes (needs gzip)", async () => {
    const packed = Buffer.concat([run(folder, "gzip", ["-c"], LOG), run(folder, "gzip", ["-1c"], LOG)])
    const { read } = await readBytes(packed)
    expect(read?.content.equals(Buffer.concat([LOG, LOG]))).toBe(true)
    expect(read?.problems).toEqual([])
  })
})

describe.skipIf(!hasTool("zstd"))("zstd (needs zstd)", () => {
  it.each([["-12"], ["--long=27"], ["--no-check"], ["-1"]])("reads what zstd %s writes", async (flag) => {
    const packed = run(folder, "zstd", ["-c", flag], LOG)
    const { read } = await readBytes(Buffer.concat([packed, packed]))
    expect(read?.content.equals(Buffer.concat([LOG, LOG]))).toBe(true)
    expect(read?.problems).toEqual([])
  })

  it("passes over a skippable frame", async () => {
    const frame = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
    const packed = run(folder, "zstd", ["-c"], LOG)
    const { read } = await readBytes(Buffer.concat([frame, packed, frame]))
    expect(read?.content.equals(LOG)).toBe(true)
    expect(read?.problems).toEqual([])
  })

  it("reports a wrong checksum", async () => {
    const packed = run(folder, "zstd", ["-c", "--check"], LOG)
    packed[packed.length - 1] = (packed[packed.length - 1] ?? 0) ^ 1
    const { read } = await readBytes(packed)
    expect(read?.content.equals(LOG)).toBe(true)
    expect(codesOf(read?.problems ?? [])).toEqual(["source/checksum"])
  })
})

describe("other packings", () => {
  it.each([
    ["xz", Buffer.from("fd377a585a0000", "hex")],
    ["bzip2", Buffer.from("BZh91AY&SYxxxx")],
    ["7z", Buffer.from("377abcaf271c0004", "hex")],
  ])("refuses %s and names the tool", async (name, bytes) => {
    const { read, refused } = await readBytes(bytes)
    expect(read).toBeUndefined()
    expect(refused?.problems).toMatchObject([{ code: "source/unsupported-packing" }])
    expect(refused?.problems[0]?.message).toContain(name)
  })

  it("takes text that begins like a packing for text", async () => {
    const { read } = await readBytes(Buffer.from("BZh is how this log begins\n"))
    expect(read?.content.toString()).toBe("BZh is how this log begins\n")
  })

  it("reports a shrinking packed file as cut too", async () => {
    const file = put(folder, "shrinking.gz", zlib.gzipSync(makeNoise(4 << 20)))
    const { findInputs } = await import("../../../src/sources/find-inputs.ts")
    const { openSources } = await import("../../../src/sources/open-sources.ts")
    const { inputs } = await findInputs([file])
    for await (const event of openSources(inputs)) {
      if (event.kind !== "source") continue
      truncateSync(file, 3 << 20)
      for await (const _ of event.source.chunks());
      expect(codesOf(event.source.problems)).toEqual(["source/shrunk", "source/truncated"])
    }
  })
})
