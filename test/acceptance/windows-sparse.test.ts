/** A log beyond 4 GiB, of more chunks than its header can count, is read to its end; on the disk it is a few blocks. */
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { NO_PROGRESS } from "../../src/app/progress.ts"
import { readSources } from "../../src/app/reading/read-sources.ts"
import type { Problem } from "../../src/base/problem.ts"
import { ObjectSink } from "../../src/rows/object-sink.ts"
import { CHUNK_SIZE } from "../evtx-writer/chunk-bytes.ts"
import { event } from "../evtx-writer/event.ts"
import { chunkStart } from "../evtx-writer/file.ts"
import { writeSparseFile } from "../evtx-writer/sparse-file.ts"

const CHUNKS = 65_600
/** In the first 512 bytes of a chunk is its header. */
const FIRST_RECORD = 512

const record = (recordId: bigint) =>
  event({
    provider: "Demo",
    eventId: 1,
    time: "2026-01-01T00:00:00.0000000Z",
    recordId,
    channel: "Demo",
    computer: "web-1",
  })

it("is read to its end", { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "retrail-sparse-"))
  try {
    const path = join(folder, "big.evtx")
    const records = new Map([
      [0, [record(1n)]],
      [65_536, [record(2n)]],
      [CHUNKS - 1, [record(3n)]],
    ])
    writeSparseFile(path, CHUNKS, records)
    const { size, blocks } = statSync(path)
    expect(size).toBe(chunkStart(CHUNKS))
    expect(size).toBeGreaterThan(2 ** 32 + CHUNK_SIZE)
    expect(blocks * 512).toBeLessThan(1024 * 1024)

    const sink = new ObjectSink()
    const problems: Problem[] = []
    await readSources({
      paths: [path],
      host: "",
      writer: sink,
      progress: NO_PROGRESS,
      onProblem: (problem) => problems.push(problem),
    })
    const places = sink.rows.map(({ values }) => [values.record_id, values.source_offset])
    const expected = [...records.keys()].map((chunk, at) => [at + 1, chunkStart(chunk) + FIRST_RECORD])
    expect(places.map((place) => place.map(Number))).toEqual(expected)
    expect(problems).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
