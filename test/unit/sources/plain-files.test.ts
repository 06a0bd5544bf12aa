import { appendFileSync, truncateSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { findInputs } from "../../../src/sources/find-inputs.ts"
import { openSources } from "../../../src/sources/open-sources.ts"
import { codesOf, gather, makeFolder, makeNoise, put, sha256 } from "./gather.ts"

const folder = makeFolder()
const MIB = 1024 * 1024

describe("plain files", () => {
  it.each([0, 1, 511, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 77])("reads %i bytes whole", async (size) => {
    const bytes = makeNoise(size, size)
    const { reads, refused } = await gather([put(folder, `plain-${size}`, bytes)])
    expect(refused).toEqual([])
    expect(reads).toHaveLength(1)
    expect(reads[0]?.content.equals(bytes)).toBe(true)
    expect(reads[0]?.head.equals(bytes.subarray(0, 256 * 1024))).toBe(true)
    expect(reads[0]?.digests).toEqual({ stored: sha256(bytes), content: sha256(bytes) })
    expect(reads[0]?.facts).toMatchObject({ packing: "", member: "", storedSize: size })
    expect(reads[0]?.problems).toEqual([])
  })

  it("hands on from an offset, hashes all of it and notes prefix digests", async () => {
    const bytes = makeNoise(2 * MIB + 5, 7)
    const lengths = [0, 1, MIB, MIB + 1, bytes.length, bytes.length + 1]
    const file = put(folder, "resumed", bytes)
    const { reads } = await gather([file], {}, { startAt: MIB + 3, prefixDigests: lengths })
    expect(reads[0]?.firstOffset).toBe(MIB + 3)
    expect(reads[0]?.content.equals(bytes.subarray(MIB + 3))).toBe(true)
    expect(reads[0]?.digests.content).toBe(sha256(bytes))
    const expected = lengths.slice(0, -1).map((length) => [length, sha256(bytes.subarray(0, length))])
    expect([...(reads[0]?.prefixDigests ?? [])]).toEqual(expected)
  })

  it("can be read again from the start", async () => {
    const bytes = makeNoise(MIB + 9, 3)
    const { inputs } = await findInputs([put(folder, "again", bytes)])
    for await (const event of openSources(inputs)) {
      if (event.kind !== "source") continue
      for (let run = 0; run < 2; run++) {
        let length = 0
        for await (const chunk of event.source.chunks()) length += chunk.bytes.length
        expect(length).toBe(bytes.length)
        expect(event.source.digests.content).toBe(sha256(bytes))
      }
      expect(event.source.problems).toEqual([])
    }
  })

  it("stops at the size it saw when the file grows, and says so", async () => {
    const bytes = makeNoise(3 * MIB, 4)
    const file = put(folder, "growing", bytes)
    const { inputs } = await findInputs([file])
    let length = 0
    for await (const event of openSources(inputs)) {
      if (event.kind !== "source") continue
      for await (const chunk of event.source.chunks()) {
        if (length === 0) appendFileSync(file, "more")
        length += chunk.bytes.length
      }
      expect(event.source.problems).toMatchObject([
        { code: "source/grew", severity: "info", offset: bytes.length, length: 4 },
      ])
      expect(event.source.digests.stored).toBe(sha256(bytes))
    }
    expect(length).toBe(bytes.length)
  })

  it("reports where a file that shrinks ends now", async () => {
    const bytes = makeNoise(5 * MIB, 5)
    const file = put(folder, "shrinking", bytes)
    const { inputs } = await findInputs([file])
    let length = 0
    for await (const event of openSources(inputs)) {
      if (event.kind !== "source") continue
      for await (const chunk of event.source.chunks()) {
        if (length === 0) truncateSync(file, 3 * MIB)
        length += chunk.bytes.length
      }
      expect(codesOf(event.source.problems)).toEqual(["source/shrunk"])
      expect(event.source.problems[0]).toMatchObject({ offset: 3 * MIB, length: 2 * MIB })
      expect(event.source.digests.stored).toBe(sha256(bytes.subarray(0, 3 * MIB)))
    }
    expect(length).toBe(3 * MIB)
  })

  it("goes on with the next file when a source is not read to its end", async () => {
    const files = [put(folder, "left-1", makeNoise(2 * MIB)), put(folder, "left-2", makeNoise(10))]
    const { inputs } = await findInputs(files)
    let sources = 0
    for await (const event of openSources(inputs)) {
      if (event.kind !== "source") continue
      sources++
      for await (const _ of event.source.chunks()) break
      expect(event.source.digests.content).toBe("")
    }
    expect(sources).toBe(2)
  })
})
