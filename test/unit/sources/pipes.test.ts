import { createReadStream } from "node:fs"
import zlib from "node:zlib"
import { pack } from "tar-stream"
import { describe, expect, it } from "vitest"
import { findInputs } from "../../../src/sources/find-inputs.ts"
import { openSources } from "../../../src/sources/open-sources.ts"
import { codesOf, drain, gatherEvents, makeFolder, makeLog, put, sha256 } from "./gather.ts"

const LOG = makeLog(20_000)

async function* inPieces(bytes: Buffer, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

async function gatherStdin(stdin: AsyncIterable<Uint8Array>, options = {}) {
  const { inputs } = await findInputs(["-"])
  return gatherEvents(openSources(inputs, { stdin, ...options }))
}

describe("stdin", () => {
  it.each([7919, 65536, 5_000_000])("reads plain and packed bytes in pieces of %i", async (length) => {
    for (const [packing, packed] of [
      ["", LOG],
      ["gz", zlib.gzipSync(LOG)],
      ["zst", zlib.zstdCompressSync(LOG)],
    ] as const) {
      const { reads } = await gatherStdin(inPieces(packed, length))
      expect(reads[0]?.facts).toMatchObject({ path: "-", packing, storedSize: -1 })
      expect(reads[0]?.content.equals(LOG)).toBe(true)
      expect(reads[0]?.digests).toEqual({ stored: sha256(packed), content: sha256(LOG) })
      expect(reads[0]?.problems).toEqual([])
    }
  })

  it("reads a gzip byte by byte", async () => {
    const small = makeLog(40)
    const { reads } = await gatherStdin(
      inPieces(Buffer.concat([zlib.gzipSync(small), zlib.gzipSync(small)]), 1),
    )
    expect(reads[0]?.content.equals(Buffer.concat([small, small]))).toBe(true)
    expect(reads[0]?.problems).toEqual([])
  })

  it.each([1000, 100_000])("reads a tar and a tar.gz as they come, in pieces of %i", async (length) => {
    const tar = pack()
    tar.entry({ name: "audit.log" }, LOG)
    tar.entry({ name: "audit.log.1.gz" }, zlib.gzipSync(LOG))
    tar.entry({ name: "skipped" }, LOG)
    tar.finalize()
    const bytes = await drain(tar)
    for (const packed of [bytes, zlib.gzipSync(bytes)]) {
      const { reads, archives, order } = await gatherStdin(inPieces(packed, length))
      expect(order).toEqual([
        "source audit.log",
        "source audit.log.1.gz",
        "source skipped",
        "end",
        "end",
        "archive -",
      ])
      expect(reads.every((read) => read.content.equals(LOG))).toBe(true)
      expect(archives).toMatchObject([{ sha256: sha256(packed), files: 3, problems: [] }])
    }
  })

  it("does not take many small members for a bomb", async () => {
    const tar = pack()
    for (let at = 0; at < 50; at++) tar.entry({ name: `f${at}` }, Buffer.alloc(50_000, 1))
    tar.finalize()
    const { reads } = await gatherStdin(inPieces(await drain(tar), 9999), {
      limits: { compressionRatio: 2, ratioFloorBytes: 100_000 },
    })
    expect(reads.flatMap((read) => codesOf(read.problems))).toEqual([])
  })

  it("refuses a zip and says what to do", async () => {
    const { reads, refused } = await gatherStdin(inPieces(Buffer.from("PK\x03\x04................."), 5))
    expect(reads).toEqual([])
    expect(refused[0]?.problems).toMatchObject([{ code: "source/unsupported-packing" }])
    expect(refused[0]?.problems[0]?.message).toContain("save it to a file")
  })

  it("keeps what came before a failing pipe", async () => {
    async function* failing() {
      yield LOG
      throw new Error("EIO: broken")
    }
    const { reads } = await gatherStdin(failing())
    expect(reads[0]?.content.equals(LOG)).toBe(true)
    expect(reads[0]?.problems).toMatchObject([{ code: "source/io", offset: LOG.length }])
  })

  it("reads nothing from an empty stdin", async () => {
    const { reads } = await gatherStdin(createReadStream(put(makeFolder(), "empty", "")))
    expect(reads[0]?.content.length).toBe(0)
    expect(reads[0]?.head.length).toBe(0)
    expect(reads[0]?.digests.content).toBe(sha256(Buffer.alloc(0)))
  })
})
