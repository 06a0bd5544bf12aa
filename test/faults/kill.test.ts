/**
 * A run that is killed at any moment and started again ends with the same case as one that was left alone: every
 * row, its eid and its place, every problem, gap and source.
 *
 * RETRAIL_TEST_KILLS=100 kills that often at random moments, instead of the few of a usual run.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { seededRandom } from "../acceptance/read-rows.ts"
import { compareCases, dumpCase, faultsOf, ingestInto } from "./case-dump.ts"
import { makeLog, put, rotate } from "./evidence.ts"
import { runChild } from "./run-child.ts"

const KILLS = Number(process.env.RETRAIL_TEST_KILLS ?? 2)
/** A commit after every chunk. */
const BATCH_BYTES = 1

const under = (folder: string, files: Readonly<Record<string, Buffer>>): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]))

/** A line of junk now and then, so that there are problems to be kept as well. */
function withJunk(log: Buffer): Buffer {
  const lines = log.toString("latin1").split("\n")
  return Buffer.from(
    lines.flatMap((line, at) => (at % 997 === 5 ? [line, "type=SYSCALL msg=audit(junk"] : [line])).join("\n"),
    "latin1",
  )
}

describe("a killed run", () => {
  let folder: string
  let evidence: string
  let wanted: Map<string, string[]>
  let runMs = 0
  let commits = 0

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "retrail-kill-"))
    evidence = path.join(folder, "evidence")
    put(evidence, {
      ...under("web-1", rotate(withJunk(makeLog(3e6, { seed: 2 })))),
      ...under("db-1", rotate(makeLog(3e6, { seed: 3, enriched: true, dropProctitle: 0.3 }))),
      "app/audit.log": makeLog(3e6, { node: true }),
      "junk/photo.jpg": Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46]),
    })
    const reference = path.join(folder, "reference.db")
    await ingestInto(reference, [evidence])
    wanted = dumpCase(reference)
    const whole = await runChild({
      database: path.join(folder, "whole.db"),
      paths: [evidence],
      batchBytes: 1,
    })
    runMs = whole.milliseconds
    commits = whole.commits
  }, 60_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Runs until one run comes to its end, and compares. */
  async function finish(database: string): Promise<void> {
    const end = await runChild({ database, paths: [evidence], batchBytes: BATCH_BYTES })
    expect([end.exitCode, end.errors]).toEqual([0, ""])
    expect(faultsOf(database)).toEqual([])
    expect(compareCases(wanted, dumpCase(database))).toEqual([])
  }

  it("has something to compare, and commits to be killed at", () => {
    expect(commits).toBeGreaterThan(10)
    expect([...wanted.keys()]).toEqual(
      expect.arrayContaining(["process_events", "_problems", "_gaps", "_sources"]),
    )
  })

  it("left alone gives the same case with any size of batches", () => {
    expect(compareCases(wanted, dumpCase(path.join(folder, "whole.db")))).toEqual([])
  })

  it("goes on from wherever the commits were cut", async () => {
    const points = ["before", "inside", "after"].flatMap((place) =>
      Array.from({ length: commits }, (_, at) => `${place} ${at + 1}`),
    )
    // Every point would take minutes: a stride that meets all three places, and all points over the kills asked for.
    const stride = Math.max(1, Math.floor(points.length / KILLS))
    for (let at = KILLS % stride; at < points.length; at += stride) {
      const dieAt = points[at] as string
      const database = path.join(folder, `point-${at}.db`)
      const end = await runChild({ database, paths: [evidence], batchBytes: BATCH_BYTES, dieAt })
      expect(end.isKilled, dieAt).toBe(true)
      await finish(database)
    }
  }, 600_000)

  it("of files that had grown takes back and adds once", async () => {
    const random = seededRandom(11)
    const grown = path.join(folder, "grown")
    const logs = [makeLog(2.2e6, { seed: 4, dropProctitle: 0.1 }), makeLog(2.2e6, { seed: 5 })]
    const putParts = (part: number) =>
      put(grown, {
        "a/audit.log": (logs[0] as Buffer).subarray(0, Math.floor((logs[0] as Buffer).length * part)),
        "b/audit.log": (logs[1] as Buffer).subarray(0, Math.floor((logs[1] as Buffer).length * part)),
      })
    const start = path.join(folder, "start.db")
    putParts(0.4)
    await ingestInto(start, [grown])
    putParts(1)
    const undisturbed = path.join(folder, "undisturbed.db")
    copyFileSync(start, undisturbed)
    const end = await runChild({ database: undisturbed, paths: [grown], batchBytes: BATCH_BYTES })
    const whole = dumpCase(undisturbed)
    const points = ["before", "inside", "after"].flatMap((place) =>
      Array.from({ length: end.commits }, (_, at) => `${place} ${at + 1}`),
    )
    for (let kill = 0; kill < Math.min(KILLS, points.length); kill++) {
      const dieAt =
        KILLS >= points.length
          ? (points[kill] as string)
          : (points[Math.floor(random() * points.length)] as string)
      const database = path.join(folder, `grown-${kill}.db`)
      copyFileSync(start, database)
      const request = { database, paths: [grown], batchBytes: BATCH_BYTES }
      expect((await runChild({ ...request, dieAt })).isKilled, dieAt).toBe(true)
      expect((await runChild(request)).exitCode).toBe(0)
      expect(faultsOf(database)).toEqual([])
      expect(compareCases(whole, dumpCase(database)), dieAt).toEqual([])
    }
  }, 600_000)

  it("goes on from random moments, killed again and again", async () => {
    const random = seededRandom(20_261_122)
    let kills = 0
    for (let round = 0; kills < KILLS; round++) {
      const database = path.join(folder, `random-${round}.db`)
      for (let time = 0; time < 4 && kills < KILLS; time++) {
        const request = { database, paths: [evidence], batchBytes: BATCH_BYTES }
        const end = await runChild(request, random() * runMs)
        if (!end.isKilled) break
        kills++
      }
      await finish(database)
    }
  }, 600_000)
})
