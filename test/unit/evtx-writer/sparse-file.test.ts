/** A log beyond 4 GiB costs a few blocks, and its count has gone round. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { event } from "../../evtx-writer/event.ts"
import { chunkStart } from "../../evtx-writer/file.ts"
import { writeSparseFile } from "../../evtx-writer/sparse-file.ts"

const at = (recordId: bigint) =>
  event({
    provider: "Demo",
    eventId: 1,
    time: "2026-01-01T00:00:00.0000000Z",
    recordId,
    channel: "Demo",
    computer: "web-1",
  })

it("has chunks where they were put", () => {
  const folder = mkdtempSync(join(tmpdir(), "retrail-sparse-"))
  try {
    const path = join(folder, "big.evtx")
    const records = new Map([
      [0, [at(1n)]],
      [65_536, [at(2n)]],
      [65_599, [at(3n)]],
    ])
    writeSparseFile(path, 65_600, records)
    const { size, blocks } = statSync(path)
    expect(size).toBe(chunkStart(65_600))
    expect(size).toBeGreaterThan(2 ** 32)
    expect(blocks * 512).toBeLessThan(1024 * 1024)
    const file = openSync(path, "r")
    const read = (from: number, length: number) => {
      const bytes = Buffer.alloc(length)
      readSync(file, bytes, 0, length, from)
      return bytes
    }
    expect(read(42, 2).readUInt16LE()).toBe(64)
    for (const chunk of records.keys()) expect(read(chunkStart(chunk), 7).toString()).toBe("ElfChnk")
    closeSync(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
