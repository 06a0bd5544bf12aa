import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import path from "node:path"
import zlib from "node:zlib"
import fc from "fast-check"
import { type Header, pack } from "tar-stream"
import { describe, expect, it } from "vitest"
import { codesOf, drain, gather, hasTool, makeFolder, makeLog, put, run, sha256 } from "./gather.ts"

interface Entry {
  readonly name: string
  readonly content?: Buffer | string
  readonly more?: Partial<Header>
}

async function makeTar(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack()
  for (const { name, content, more } of entries) {
    const header = { name, mtime: new Date(0), ...more }
    if (content === undefined) tar.entry(header)
    else tar.entry(header, content)
  }
  tar.finalize()
  return drain(tar)
}

/** A rotated log whose file names give the order that their lines tell. */
const ROTATED = [4, 3, 2, 1, 0].map((number) => ({
  name: number === 0 ? "audit/audit.log" : `audit/audit.log.${number}`,
  content: makeLog(2000, number + 1),
}))
const OLDEST_FIRST = ROTATED.map((entry) => entry.name)
const NEWEST_FIRST = [...ROTATED].reverse()

const WRAPPINGS = [
  { packing: "tar", wrap: (bytes: Buffer) => bytes },
  { packing: "gz+tar", wrap: (bytes: Buffer) => zlib.gzipSync(bytes) },
  { packing: "zst+tar", wrap: (bytes: Buffer) => zlib.zstdCompressSync(bytes) },
]

async function gatherBytes(bytes: Uint8Array, options = {}) {
  return gather([put(makeFolder(), "packed.bin", bytes)], options)
}

describe.each(WRAPPINGS)("$packing", ({ packing, wrap }) => {
  it("gives rotated files oldest first, whatever their order in the archive", async () => {
    const packed = wrap(await makeTar([...NEWEST_FIRST, { name: "other.txt", content: "other" }]))
    const { reads, archives } = await gatherBytes(packed)
    const chain = reads.filter((read) => read.facts.member !== "other.txt")
    expect(chain.map((read) => read.facts.member)).toEqual(OLDEST_FIRST)
    expect(chain.map((read) => sha256(read.content))).toEqual(ROTATED.map((entry) => sha256(entry.content)))
    expect(new Set(chain.map((read) => read.chain)).size).toBe(1)
    for (const read of reads) {
      expect(read.facts.packing).toBe(packing)
      expect(read.digests).toEqual({ stored: sha256(read.content), content: sha256(read.content) })
      expect(read.problems).toEqual([])
    }
    expect(archives).toMatchObject([
      {
        sha256: sha256(packed),
        files: 6,
        storedRead: packed.length,
        problems: [],
        facts: { packing, member: "" },
      },
    ])
  })

  it("ends every chain after its last file", async () => {
    const { order } = await gatherBytes(wrap(await makeTar(NEWEST_FIRST)))
    expect(order).toEqual([...OLDEST_FIRST.map((name) => `source ${name}`), "end", "archive packed.bin"])
  })

  it("orders by the times in the heads when they are known", async () => {
    const packed = wrap(await makeTar([...ROTATED, { name: "b", content: "b" }]))
    const firstTimeMs = (_: Buffer, name: string) => -Number(/\.(\d)$/.exec(name)?.[1] ?? 0) * -1
    const { reads } = await gatherBytes(packed, { firstTimeMs })
    const names = reads.map((read) => read.facts.member).filter((name) => name !== "b")
    expect(names).toEqual([...OLDEST_FIRST].reverse())
  })

  it("unpacks members and archives within", async () => {
    const log = makeLog(500)
    const inner = await makeTar([{ name: "deep.log", content: zlib.gzipSync(log) }])
    const entries = [
      { name: "a.gz", content: zlib.gzipSync(log) },
      { name: "b.zst", content: zlib.zstdCompressSync(log) },
      { name: "inner.tar", content: inner },
    ]
    const { reads, archives } = await gatherBytes(wrap(await makeTar(entries)), {
      limits: { nestedArchives: 4 },
    })
    expect(reads.map((read) => [read.facts.member, read.facts.packing])).toEqual([
      ["a.gz", `${packing}+gz`],
      ["b.zst", `${packing}+zst`],
      ["inner.tar!deep.log", `${packing}+tar+gz`],
    ])
    for (const read of reads) expect(read.content.equals(log)).toBe(true)
    expect(reads[0]?.digests.stored).toBe(sha256(zlib.gzipSync(log)))
    expect(archives.map((archive) => [archive.facts.member, archive.sha256 === sha256(inner)])).toEqual([
      ["inner.tar", true],
      ["", false],
    ])
  })

  it("skips what is no file, and takes hostile names for text", async () => {
    const entries: Entry[] = [
      { name: "folder", more: { type: "directory" } },
      { name: "link", more: { type: "symlink", linkname: "/etc/passwd" } },
      { name: "hard", more: { type: "link", linkname: "x" } },
      { name: "fifo", more: { type: "fifo" } },
      { name: "../../etc/cron.d/x", content: "1" },
      { name: "/etc/passwd", content: "2" },
      { name: "a\x1b[31m\n", content: "3" },
      { name: "same", content: "4" },
      { name: "same", content: "5" },
      { name: `${"long/".repeat(60)}name`, content: "6" },
    ]
    const { reads, archives } = await gatherBytes(wrap(await makeTar(entries)))
    const found = reads.map((read) => [read.facts.member, read.content.toString()])
    expect(found.sort()).toEqual(
      entries
        .slice(4)
        .map((entry) => [entry.name, entry.content])
        .sort(),
    )
    expect(codesOf(archives[0]?.problems ?? [])).toEqual(Array(3).fill("source/member-skipped"))
  })

  it("limits the number of entries", async () => {
    const entries = Array.from({ length: 12 }, (_, number) => ({ name: `f${number}`, content: "x" }))
    const { reads, archives } = await gatherBytes(wrap(await makeTar(entries)), {
      limits: { archiveMembers: 10 },
    })
    expect(reads).toHaveLength(10)
    expect(codesOf(archives[0]?.problems ?? [])).toEqual(["source/bomb"])
  })

  it("finds the next member behind a damaged header", async () => {
    const tar = await makeTar([
      { name: "a", content: makeLog(100) },
      { name: "b", content: "bbb" },
      { name: "c", content: "ccc" },
    ])
    const at = tar.indexOf("b\0\0\0")
    tar[at + 1] = 0x41
    const { reads, archives } = await gatherBytes(wrap(tar))
    expect(reads.map((read) => read.facts.member)).toEqual(["a", "c"])
    expect(archives[0]?.problems).toMatchObject([{ code: "source/corrupt", offset: at, length: 1024 }])
  })

  it("stops a bomb over all members together", async () => {
    const entries = Array.from({ length: 8 }, (_, at) => ({
      name: `f${at}`,
      content: zlib.gzipSync(Buffer.alloc(1 << 20)),
    }))
    const limits = { compressionRatio: 50, ratioFloorBytes: 2 << 20 }
    const { reads } = await gatherBytes(wrap(await makeTar(entries)), { limits })
    const bombs = reads.filter((read) => codesOf(read.problems).includes("source/bomb"))
    expect(bombs.length).toBeGreaterThan(4)
  })
})

describe("a bomb under a tar", () => {
  it("is stopped before anything is handed on", async () => {
    const tar = await makeTar([{ name: "zeros", content: Buffer.alloc(16 << 20) }])
    const limits = { compressionRatio: 10, ratioFloorBytes: 1 << 20 }
    const { reads, archives } = await gatherBytes(zlib.gzipSync(tar), { limits })
    expect(codesOf(archives[0]?.problems ?? [])).toEqual(["source/bomb"])
    expect(reads[0]?.content.length).toBeLessThan(4 << 20)
  })
})

describe("a cut tar", () => {
  it("gives whatever lies before any cut, and one problem", async () => {
    const logs = [makeLog(10, 1), makeLog(12, 2)]
    const tar = await makeTar([
      { name: "a", content: logs[0] ?? "" },
      { name: "b", content: logs[1] ?? "" },
    ])
    for (let cut = 600; cut < tar.length - 512; cut += 61) {
      const { reads, archives } = await gatherBytes(tar.subarray(0, cut))
      for (const [at, read] of reads.entries()) {
        expect(read.content.equals((logs[at] ?? Buffer.alloc(0)).subarray(0, read.content.length))).toBe(true)
      }
      const problems = [...reads.flatMap((read) => read.problems), ...(archives[0]?.problems ?? [])]
      expect(codesOf(problems), `cut at ${cut}`).toEqual(["source/truncated"])
    }
  })

  it("reads the rest of a cut tar.gz in order", async () => {
    const packed = zlib.gzipSync(await makeTar(NEWEST_FIRST))
    const { reads, archives } = await gatherBytes(packed.subarray(0, Math.floor(packed.length * 0.7)))
    const names = reads.map((read) => read.facts.member)
    expect(names).toEqual(OLDEST_FIRST.filter((name) => names.includes(name)))
    expect(names.length).toBe(4)
    expect(codesOf(archives[0]?.problems ?? [])).toContain("source/truncated")
  })
})

describe("passes over a compressed tar", () => {
  it("gives up ordering after the last pass, and says so", async () => {
    const packed = zlib.gzipSync(await makeTar(NEWEST_FIRST))
    const { reads, archives } = await gatherBytes(packed, { limits: { tarPasses: 2 } })
    expect(reads.map((read) => read.facts.member)).toEqual([
      "audit/audit.log.4",
      ...NEWEST_FIRST.map((entry) => entry.name).slice(0, 4),
    ])
    expect(codesOf(archives[0]?.problems ?? [])).toEqual(["source/order"])
  })

  it("reads every file once whatever the order (property)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(ROTATED, { minLength: 2 }), async (entries) => {
        const tar = await makeTar(entries)
        const plain = await gatherBytes(tar)
        const streamed = await gatherBytes(zlib.gzipSync(tar))
        const membersOf = (all: typeof plain) =>
          all.reads.map((read) => [read.facts.member, read.digests.content])
        expect(membersOf(streamed)).toEqual(membersOf(plain))
        expect(plain.reads).toHaveLength(entries.length)
      }),
      { numRuns: 12, seed: 20260101 },
    )
  })
})

describe.skipIf(!hasTool("tar"))("GNU tar (needs tar)", () => {
  it.each([["gnu"], ["pax"], ["ustar"]])("reads what tar --format=%s writes", async (format) => {
    const folder = makeFolder()
    mkdirSync(path.join(folder, "d"))
    const log = makeLog(1000)
    put(folder, "d/audit.log", log)
    writeFileSync(path.join(folder, "d/é€.log"), "unicode")
    symlinkSync("/etc/passwd", path.join(folder, "d/link"))
    const archive = run(folder, "tar", ["-c", `--format=${format}`, "d"])
    const { reads, archives } = await gatherBytes(archive)
    expect(reads.map((read) => read.facts.member).sort()).toEqual(["d/audit.log", "d/é€.log"])
    expect(reads.find((read) => read.facts.member === "d/audit.log")?.content.equals(log)).toBe(true)
    expect(codesOf(archives[0]?.problems ?? [])).toEqual(["source/member-skipped"])
  })

  it.each([["gnu"], ["pax"]])("skips a sparse file of --format=%s and goes on behind it", async (format) => {
    const folder = makeFolder()
    truncateSync(put(folder, "a-sparse", "x"), 8 << 20)
    put(folder, "b-plain", "plain")
    const archive = run(folder, "tar", ["-cS", `--format=${format}`, "a-sparse", "b-plain"])
    const { reads, archives } = await gatherBytes(archive)
    expect(reads.map((read) => [read.facts.member, read.content.toString()])).toEqual([["b-plain", "plain"]])
    expect(codesOf(archives[0]?.problems ?? [])).toEqual(["source/member-skipped"])
  })
})
