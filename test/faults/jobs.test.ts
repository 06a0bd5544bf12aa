/** Several processes give the case that one gives, row for row. */
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { runIngest } from "../../src/app/ingest/run-ingest.ts"
import { NO_PROGRESS } from "../../src/app/progress.ts"
import { compareCases, dumpCase } from "./case-dump.ts"
import { makeLog, put, rotate } from "./evidence.ts"

let folder: string
const evidence = () => path.join(folder, "evidence")

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-jobs-"))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function ingestWith(jobs: number) {
  const database = path.join(folder, `jobs-${jobs}.db`)
  const { summary, exitCode } = await runIngest({
    paths: [evidence()],
    database,
    version: "0",
    argv: [],
    host: "web-1",
    progress: NO_PROGRESS,
    signal: new AbortController().signal,
    jobs,
    leastPartBytes: 50_000,
  })
  return { summary, exitCode, dump: dumpCase(database) }
}

it("rotated logs, packed logs, damage, links and files that are no logs", async () => {
  for (const [at, host] of ["a", "b", "c", "d"].entries()) {
    const log = makeLog(200_000, { seed: at + 1, dropProctitle: 0.1 })
    const files = Object.entries(rotate(log)).map(([name, bytes]) => [`${host}/${name}`, bytes] as const)
    put(evidence(), Object.fromEntries(files))
    put(evidence(), {
      [`${host}/note.txt`]: "nothing of ours\n",
      [`${host}/bad.log`]: `${log.subarray(0, 5000)}type=X\n`,
    })
  }
  symlinkSync("/etc/hostname", path.join(evidence(), "link"))
  const one = await ingestWith(1)
  const two = await ingestWith(2)
  expect(two.summary).toEqual(one.summary)
  expect(two.exitCode).toBe(one.exitCode)
  expect(compareCases(one.dump, two.dump)).toEqual([])
  expect(one.summary.sources).toBeGreaterThan(12)
  expect(readdirSync(folder).sort()).toEqual(["evidence", "jobs-1.db", "jobs-2.db"])
})

it("the same log in two places is known, whichever process meets it", async () => {
  const log = makeLog(120_000)
  put(evidence(), { "a/audit.log": log, "b/audit.log": log, "c/audit.log": makeLog(120_000, { seed: 9 }) })
  const one = await ingestWith(1)
  const two = await ingestWith(2)
  expect(two.summary).toEqual(one.summary)
  expect(compareCases(one.dump, two.dump)).toEqual([])
})
