/**
 * A log beyond 4 GiB, of more chunks than its header can count, is read to its end; on the disk it is a few blocks.
 * RETRAIL_TEST_SPARSE=1 has the whole file read through the file system as well, which costs ten seconds.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { NO_PROGRESS } from "../../src/app/progress.ts"
import { readSources } from "../../src/app/reading/read-sources.ts"
import type { Problem } from "../../src/base/problem.ts"
import { EvtxParser } from "../../src/formats/windows/evtx/evtx-parser.ts"
import { ObjectSink } from "../../src/rows/object-sink.ts"
import { CHUNK_SIZE } from "../evtx-writer/chunk-bytes.ts"
import { event } from "../evtx-writer/event.ts"
import { chunkStart } from "../evtx-writer/file.ts"
import { writeSparseFile } from "../evtx-writer/sparse-file.ts"

const CHUNKS = 65_600
/** In the first 512 bytes of a chunk is its header. */
const FIRST_RECORD = 512
const PIECE = 1024 * 1024

const record = (recordId: bigint) =>
  event({
    provider: "Demo",
    eventId: 1,
    time: "2026-01-01T00:00:00.0000000Z",
    recordId,
    channel: "Demo",
    computer: "web-1",
  })
const RECORDS = new Map([
  [0, [record(1n)]],
  [65_536, [record(2n)]],
  [CHUNKS - 1, [record(3n)]],
])
const PLACES = [...RECORDS.keys()].map((chunk) => chunkStart(chunk) + FIRST_RECORD)

const folder = mkdtempSync(join(tmpdir(), "retrail-sparse-"))
const path = join(folder, "big.evtx")
writeSparseFile(path, CHUNKS, RECORDS)
const { size, blocks } = statSync(path)
afterAll(() => rmSync(folder, { recursive: true }))

/** The file in pieces; those that no chunk with records reaches are zeros without a look at the disk. */
function* pieces(): Generator<readonly [bytes: Buffer, offset: number]> {
  const file = openSync(path, "r")
  const zeros = Buffer.alloc(PIECE)
  const bytes = Buffer.alloc(PIECE)
  for (let offset = 0; offset < size; offset += PIECE) {
    const end = Math.min(size, offset + PIECE)
    const isHole = PLACES.every((place) => place + CHUNK_SIZE < offset || place - CHUNK_SIZE > end)
    const got = isHole ? end - offset : readSync(file, bytes, 0, end - offset, offset)
    yield [(isHole ? zeros : bytes).subarray(0, got), offset]
  }
  closeSync(file)
}

it("is a few blocks", () => {
  expect(size).toBe(chunkStart(CHUNKS))
  expect(size).toBeGreaterThan(2 ** 32 + CHUNK_SIZE)
  expect(blocks * 512).toBeLessThan(1024 * 1024)
})

it("has its events at their places", () => {
  const places: number[] = []
  const problems: Problem[] = []
  const consumer = {
    event: (_tape: unknown, place: { readonly offset: number }) => places.push(place.offset),
    problem: (problem: Problem) => problems.push(problem),
    gap: () => {},
  }
  const parser = new EvtxParser({ consumer, recover: false })
  parser.beginSource({ sourceId: 1, variant: "evtx", modifiedMs: 0 })
  for (const [bytes, offset] of pieces()) parser.push(bytes, offset)
  parser.endSource()
  expect(places).toEqual(PLACES)
  expect(problems).toEqual([])
})

it.skipIf(process.env.RETRAIL_TEST_SPARSE !== "1")(
  "is read as a file (skipped without RETRAIL_TEST_SPARSE=1)",
  { timeout: 120_000 },
  async () => {
    const sink = new ObjectSink()
    const problems: Problem[] = []
    await readSources({
      paths: [path],
      host: "",
      writer: sink,
      progress: NO_PROGRESS,
      onProblem: (problem) => problems.push(problem),
    })
    const places = sink.rows.map(({ values }) => [Number(values.record_id), Number(values.source_offset)])
    expect(places).toEqual(PLACES.map((place, at) => [at + 1, place]))
    expect(problems).toEqual([])
  },
)
