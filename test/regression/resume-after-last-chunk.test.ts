/**
 * A run that was stopped after the commit of a source's last chunk left `resume_offset` at 0 when the next run
 * finished the source without reading a byte: what the file then grew by was read together with all that was known.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, it } from "vitest"
import { ingest } from "../../src/app/ingest/ingest.ts"
import { NO_PROGRESS } from "../../src/app/progress.ts"
import { openCaseFile } from "../../src/store/sqlite/case-file.ts"
import { compareCases, dumpCase, ingestInto } from "../faults/case-dump.ts"
import { makeLog, put } from "../faults/evidence.ts"

it("a file that grows after such a run gives each row once", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "retrail-last-chunk-"))
  const evidence = path.join(folder, "evidence")
  const database = path.join(folder, "case.db")
  const log = makeLog(100_000)
  const end = log.lastIndexOf(10, log.length / 2) + 1
  put(evidence, { "audit.log": log.subarray(0, end) })
  const stop = new AbortController()
  const store = openCaseFile(database)
  await ingest({
    paths: [evidence],
    store,
    runId: store.beginRun({ version: "0", args: [], started: "" }),
    host: "",
    progress: { ...NO_PROGRESS, advance: () => stop.abort() },
    signal: stop.signal,
  })
  store.close()
  await ingestInto(database, [evidence])
  put(evidence, { "audit.log": log })
  await ingestInto(database, [evidence])
  await ingestInto(path.join(folder, "once.db"), [evidence])
  expect(compareCases(dumpCase(path.join(folder, "once.db")), dumpCase(database))).toEqual([])
  rmSync(folder, { recursive: true })
})
