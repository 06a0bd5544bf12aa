import { mkdirSync } from "node:fs"
import path from "node:path"
import zlib from "node:zlib"
import { describe, expect, it } from "vitest"
import { codesOf, gather, hasTool, makeFolder, makeLog, makeNoise, put, run, sha256 } from "./gather.ts"

interface Entry {
  readonly name: string | Buffer
  readonly content: Buffer
  readonly method?: 0 | 8 | 93 | 12
  readonly flags?: number
  /** Unix mode in the directory. */
  readonly mode?: number
  /** Changes to what the local header says. */
  readonly localName?: string
  readonly crc?: number
}

/** A zip made by hand, so that it can lie. */
function makeZip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const packed = packBytes(entry)
    const name = Buffer.from(entry.name)
    const localName = Buffer.from(entry.localName ?? name)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(entry.flags ?? 0, 2)
    fields.writeUInt16LE(entry.method ?? 8, 4)
    fields.writeUInt16LE(0x5c21, 8)
    fields.writeUInt32LE(entry.crc ?? zlib.crc32(entry.content), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(entry.content.length, 18)
    fields.writeUInt16LE(localName.length, 22)
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, localName, packed])
    fields.writeUInt16LE(name.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.from("PK\x01\x02\x14\x03"), fields, tail, name)
    locals.push(local)
    offset += local.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write("PK\x05\x06")
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, listed, end])
}

function packBytes({ content, method = 8 }: Entry): Buffer {
  if (method === 8) return zlib.deflateRawSync(content)
  return method === 93 ? zlib.zstdCompressSync(content) : content
}

async function gatherBytes(bytes: Uint8Array, options = {}) {
  return gather([put(makeFolder(), "packed.bin", bytes)], options)
}

const LOG = makeLog(3000)

describe("zip", () => {
  it("reads deflated, stored and zstd members, duplicates too, and hashes", async () => {
    const zip = makeZip([
      { name: "a.log", content: LOG },
      { name: "b.log", content: LOG, method: 0 },
      { name: "c.log", content: LOG, method: 93 },
      { name: "a.log", content: Buffer.from("second") },
      { name: "empty", content: Buffer.alloc(0), method: 0 },
      { name: "../../x", content: Buffer.from("up") },
      { name: Buffer.from([0x78, 0xff]), content: Buffer.from("odd") },
    ])
    const { reads, archives } = await gatherBytes(zip)
    expect(reads.map((read) => read.facts.member)).toEqual([
      "a.log",
      "a.log",
      "b.log",
      "c.log",
      "empty",
      "../../x",
      "x\\xFF",
    ])
    expect(reads.map((read) => read.problems)).toEqual(Array(7).fill([]))
    for (const at of [0, 2, 3]) expect(reads[at]?.content.equals(LOG)).toBe(true)
    expect(reads[0]?.digests).toEqual({ stored: sha256(zlib.deflateRawSync(LOG)), content: sha256(LOG) })
    expect(reads[0]?.facts).toMatchObject({ packing: "zip", modifiedMs: Date.UTC(2026, 0, 1) })
    expect(archives).toMatchObject([{ sha256: sha256(zip), files: 7, problems: [] }])
  })

  it("reports encrypted members, other methods, links, wrong sums and lying headers", async () => {
    const { reads, refused, archives } = await gatherBytes(
      makeZip([
        { name: "locked", content: LOG, flags: 1 },
        { name: "bz", content: LOG, method: 12 },
        { name: "link", content: Buffer.from("/etc/passwd"), mode: 0o120777 },
        { name: "sum", content: LOG, crc: 1 },
        { name: "liar", content: LOG, localName: "honest" },
      ]),
    )
    expect(refused.map((event) => [event.facts.member, ...codesOf(event.problems)])).toEqual([
      ["locked", "source/encrypted"],
      ["bz", "source/unsupported-packing"],
    ])
    expect(reads.map((read) => [read.facts.member, ...codesOf(read.problems)])).toEqual([
      ["sum", "source/checksum"],
      ["liar", "source/zip-mismatch"],
    ])
    for (const read of reads) expect(read.content.equals(LOG)).toBe(true)
    expect(codesOf(archives[0]?.problems ?? [])).toEqual(["source/member-skipped"])
  })

  it("finds the members before any cut by their own headers", async () => {
    const contents = [makeLog(50, 1), makeNoise(700), makeLog(60, 3)]
    const zip = makeZip([
      { name: "a", content: contents[0] ?? LOG },
      { name: "b", content: contents[1] ?? LOG, method: 0 },
      { name: "c", content: contents[2] ?? LOG },
    ])
    for (let cut = 40; cut < zip.length; cut += 53) {
      const { reads, archives } = await gatherBytes(zip.subarray(0, cut))
      expect(reads.length, `cut at ${cut}`).toBeGreaterThan(0)
      for (const [at, read] of reads.entries()) {
        expect(read.content.equals((contents[at] ?? LOG).subarray(0, read.content.length))).toBe(true)
      }
      for (const read of reads.slice(0, -1)) expect(read.problems).toEqual([])
      expect(codesOf(archives[0]?.problems ?? [])).toEqual(["source/truncated"])
    }
  })

  it("guards a zip that lists the same bytes many times", async () => {
    const zip = makeZip([{ name: "kernel", content: Buffer.alloc(1 << 20) }])
    const at = zip.indexOf("PK\x01\x02")
    const listed = zip.subarray(at, zip.length - 22)
    const end = Buffer.from(zip.subarray(zip.length - 22))
    end.writeUInt16LE(40, 8)
    end.writeUInt16LE(40, 10)
    end.writeUInt32LE(listed.length * 40, 12)
    const overlapping = Buffer.concat([zip.subarray(0, at), ...Array<Buffer>(40).fill(listed), end])
    const limits = { compressionRatio: 1000, ratioFloorBytes: 1 << 20 }
    const { reads } = await gatherBytes(overlapping, { limits })
    const given = reads.reduce((sum, read) => sum + read.content.length, 0)
    expect(reads).toHaveLength(40)
    expect(given).toBeLessThan(overlapping.length * 1000 + (40 << 18))
    expect(codesOf(reads[39]?.problems ?? [])).toEqual(["source/bomb"])
  })

  it("reads a zip in a zip and in a gzip, but not too large a one", async () => {
    const inner = makeZip([{ name: "deep.log", content: LOG }])
    const outer = makeZip([{ name: "inner.zip", content: inner }])
    const nested = await gatherBytes(outer)
    expect(nested.reads.map((read) => [read.facts.member, read.facts.packing])).toEqual([
      ["inner.zip!deep.log", "zip+zip"],
    ])
    expect(nested.reads[0]?.content.equals(LOG)).toBe(true)
    expect((await gatherBytes(zlib.gzipSync(inner))).reads[0]?.content.equals(LOG)).toBe(true)
    const { reads, refused } = await gatherBytes(outer, { limits: { nestedZipBytes: 100 } })
    expect(reads).toEqual([])
    expect(codesOf(refused[0]?.problems ?? [])).toEqual(["source/unsupported-packing"])
  })

  it("limits the number of entries", async () => {
    const entries = Array.from({ length: 12 }, (_, at) => ({ name: `f${at}`, content: Buffer.from("x") }))
    const { reads, archives } = await gatherBytes(makeZip(entries), { limits: { archiveMembers: 10 } })
    expect(reads).toHaveLength(10)
    expect(codesOf(archives[0]?.problems ?? [])).toEqual(["source/bomb"])
  })

  it("never throws on flipped bits", async () => {
    const zip = makeZip([
      { name: "a", content: makeLog(20) },
      { name: "b", content: makeLog(20) },
    ])
    for (let at = 0; at < zip.length; at += 3) {
      const flipped = Buffer.from(zip)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      const { reads, refused, archives } = await gatherBytes(flipped)
      expect(reads.length + refused.length + archives.length, `flip at ${at}`).toBeGreaterThan(0)
    }
  })
})

describe.skipIf(!hasTool("zip"))("Info-ZIP (needs zip)", () => {
  it("reads rotated logs oldest first, from files and from a stream with sizes behind", async () => {
    const folder = makeFolder()
    mkdirSync(path.join(folder, "audit"))
    for (const name of ["audit.log", "audit.log.1", "audit.log.2.gz"]) {
      put(folder, `audit/${name}`, name.endsWith(".gz") ? zlib.gzipSync(LOG) : LOG)
    }
    run(folder, "zip", ["-r", "seekable.zip", "audit"])
    const streamed = run(folder, "zip", ["-r", "-", "audit"])
    const seekable = await gather([path.join(folder, "seekable.zip")])
    for (const gathered of [seekable, await gatherBytes(streamed)]) {
      expect(gathered.reads.map((read) => read.facts.member)).toEqual([
        "audit/audit.log.2.gz",
        "audit/audit.log.1",
        "audit/audit.log",
      ])
      expect(gathered.reads.every((read) => read.content.equals(LOG) && read.problems.length === 0)).toBe(
        true,
      )
    }
    const cut = await gatherBytes(streamed.subarray(0, streamed.length - 30))
    expect(cut.reads).toHaveLength(3)
    expect(cut.reads.every((read) => read.content.equals(LOG))).toBe(true)
  })

  it("reads zip64", async () => {
    const folder = makeFolder()
    run(folder, "zip", ["-fz", "forced.zip", "-"], LOG)
    const { reads, archives } = await gather([path.join(folder, "forced.zip")])
    expect(reads[0]?.content.equals(LOG)).toBe(true)
    expect([reads[0]?.problems, archives[0]?.problems]).toEqual([[], []])
  })

  it("reads a streamed zip64 whose directory points nowhere by its members' own headers", async () => {
    const zip = run(makeFolder(), "zip", ["-fz", "-", "-"], LOG)
    const { reads } = await gatherBytes(zip)
    expect(reads[0]?.content.equals(LOG)).toBe(true)
    expect(reads[0]?.problems).toEqual([])
  })
})
