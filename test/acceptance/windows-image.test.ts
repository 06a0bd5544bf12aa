/** A raw image is read when somebody says what is in it: chunks are found where they lie, and nothing else is. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { NO_PROGRESS } from "../../src/app/progress.ts"
import { readSources } from "../../src/app/reading/read-sources.ts"
import { ObjectSink } from "../../src/rows/object-sink.ts"
import { EVTX_CASES } from "../evtx-writer/cases/index.ts"
import { HEADER_BLOCK } from "../evtx-writer/file.ts"

const folder = mkdtempSync(join(tmpdir(), "retrail-image-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function rowsOf(bytes: Uint8Array, recovers: boolean) {
  const path = join(folder, "disk.raw")
  writeFileSync(path, bytes)
  const sink = new ObjectSink()
  await readSources({
    paths: [path],
    host: "",
    format: "evtx",
    windows: { eventIds: [], recovers },
    writer: sink,
    progress: NO_PROGRESS,
    onProblem: () => {},
  })
  return sink.rows.filter(({ table }) => table === "windows_events").map(({ values }) => values)
}

it.each([true, false])("gives the events of a chunk at any sector (--recover: %s)", async (recovers) => {
  const log = EVTX_CASES.find((one) => one.folder.startsWith("windows-10/"))
  if (log === undefined) throw new Error("no case to take a chunk from")
  const at = 37 * 512
  const chunk = log.file.bytes.subarray(HEADER_BLOCK)
  const image = Buffer.concat([Buffer.alloc(at, 0xa5), chunk, Buffer.alloc(5000, 0x5a)])
  const rows = await rowsOf(image, recovers)
  const live = log.file.records.filter(({ state }) => state === "live")
  expect(rows).toHaveLength(live.length)
  expect(rows.map((row) => row.event_type)).toEqual(live.map(() => "loose"))
  expect(Math.min(...rows.map((row) => Number(row.source_offset)))).toBe(at + 512)
})

it("gives nothing of bytes that are no chunk", async () => {
  expect(await rowsOf(Buffer.alloc(200_000, 0x41), true)).toEqual([])
})
