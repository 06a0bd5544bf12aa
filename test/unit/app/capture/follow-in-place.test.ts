import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { FollowFeed, type FollowFeedOptions } from "../../../../src/app/capture/follow-feed.ts"
import { NO_PROGRESS } from "../../../../src/app/progress.ts"
import { readSources } from "../../../../src/app/reading/read-sources.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import { seededRandom } from "../../../acceptance/read-rows.ts"
import { demoEvent } from "../../../evtx-writer/events.ts"
import { GrowingLog, type GrowingLogOptions } from "../../../evtx-writer/growing-log.ts"
import { Feeding } from "./run-feed.ts"

let folder = ""
const logs: GrowingLog[] = []
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-place-"))
})
afterEach(() => {
  for (const log of logs.splice(0)) log.close()
  rmSync(folder, { recursive: true })
})

function growing(options: GrowingLogOptions = {}): GrowingLog {
  const log = new GrowingLog(folder, options)
  logs.push(log)
  return log
}

/** Follows the log, taking a step whenever all was read; what was waited for is told at the end. */
async function follow(
  log: GrowingLog,
  steps: readonly ((feeding: Feeding) => void)[],
  more: Partial<FollowFeedOptions> = {},
): Promise<Feeding> {
  const feeding = new Feeding()
  const controller = new AbortController()
  const waiting = [...steps]
  const follower = new FollowFeed([log.path], {
    ...feeding.options(),
    signal: controller.signal,
    watch: false,
    pollMs: 1,
    nowMs: () => 0,
    sleep: async () => {
      const step = waiting.shift()
      if (step === undefined) controller.abort()
      else step(feeding)
    },
    ...more,
  })
  await follower.run()
  return feeding
}

const outlineOf = ({ rows }: ObjectSink) =>
  rows.map(({ table, values }) => [table, values.record_id, values.source_offset, values.eid, values.data])
const idsOf = ({ rows }: ObjectSink) => rows.map(({ values }) => values.record_id)
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => first + at)

/** What saved evidence gives. */
async function ingestOf(file: string): Promise<ObjectSink> {
  const writer = new ObjectSink()
  const copy = path.join(folder, "copy", path.basename(file))
  const ignore = (): void => {}
  mkdirSync(path.dirname(copy), { recursive: true })
  copyFileSync(file, copy)
  await readSources({ paths: [copy], writer, host: "web-1", progress: NO_PROGRESS, onProblem: ignore })
  return writer
}

describe("a log that grows in place", () => {
  it("gives each event once, with the rows of the whole file", async () => {
    const log = growing()
    log.append(5)
    log.flush()
    const counts: number[] = []
    const grow = (count: number) => (feeding: Feeding) => {
      counts.push(feeding.sink.rows.length)
      log.append(count)
      log.flush()
    }
    const feeding = await follow(log, [grow(1), grow(3), grow(200), grow(0), grow(60)])
    expect(counts).toEqual([5, 6, 9, 209, 209])
    expect(outlineOf(feeding.sink)).toEqual(outlineOf(await ingestOf(log.path)))
    expect([feeding.codes, feeding.gaps]).toEqual([[], []])
    expect(feeding.sources.map(({ tally }) => [tally.records, tally.events])).toEqual([[269, 269]])
  })

  it("gives records whose headers come late, and says nothing of headers that are old", async () => {
    const log = growing()
    log.append(3)
    log.flush()
    const counts: number[] = []
    const feeding = await follow(log, [
      () => {
        log.append(4)
        log.flushRecords()
      },
      ({ sink }) => {
        counts.push(sink.rows.length)
        log.append(150)
        log.flushRecords()
      },
      ({ sink }) => {
        counts.push(sink.rows.length)
        log.flushHeaders()
      },
      () => {
        log.append(2)
        log.flush()
      },
    ])
    expect(counts).toEqual([7, 157])
    expect(outlineOf(feeding.sink)).toEqual(outlineOf(await ingestOf(log.path)))
    expect(feeding.codes).toEqual([])
  })

  it("waits for a record that is torn", async () => {
    const log = growing()
    log.append(3)
    log.flush()
    let ids: unknown[] = []
    const feeding = await follow(log, [
      () => {
        log.append(2)
        log.flushTorn()
      },
      ({ sink }) => {
        ids = idsOf(sink)
        log.flush()
      },
    ])
    expect(ids).toEqual([1, 2, 3, 4])
    expect(outlineOf(feeding.sink)).toEqual(outlineOf(await ingestOf(log.path)))
    expect(feeding.codes).toEqual([])
  })

  it("tells of a record that is torn when following ends", async () => {
    const log = growing()
    log.append(3)
    log.flush()
    const feeding = await follow(log, [
      () => {
        log.append(1)
        log.flush()
        log.flushTorn()
      },
    ])
    expect(idsOf(feeding.sink)).toEqual([1, 2, 3])
    expect(feeding.codes.sort()).toEqual(["evtx/chunk-checksum", "evtx/torn-record"])
  })

  it("gives a ring that comes round in the order of its ids", async () => {
    const log = growing({ mostChunks: 3 })
    log.append(40)
    log.flush()
    const grow = () => {
      log.append(97)
      log.flush()
    }
    const feeding = await follow(log, [grow, grow, grow, grow, grow])
    expect(idsOf(feeding.sink)).toEqual(upTo(40 + 5 * 97))
    expect([feeding.codes, feeding.gaps, feeding.sources.length]).toEqual([[], [], 1])
    const last = await ingestOf(log.path)
    expect(outlineOf(feeding.sink).map(([, id, offset]) => `${id} ${offset}`)).toEqual(
      expect.arrayContaining(outlineOf(last).map(([, id, offset]) => `${id} ${offset}`)),
    )
  })

  it("begins with the oldest chunk of a ring that has come round before", async () => {
    const log = growing({ mostChunks: 3 })
    log.append(400)
    log.flush()
    const feeding = await follow(log, [])
    const ids = idsOf(feeding.sink)
    expect(ids).toEqual(upTo(400, Number(ids[0])))
    expect(ids.length).toBe((await ingestOf(log.path)).rows.length)
  })

  it("says which ids are missing, once", async () => {
    const log = growing()
    log.append(3)
    log.flush()
    const feeding = await follow(log, [
      () => {
        log.skip(4)
        log.append(3)
        log.flush()
      },
    ])
    expect(idsOf(feeding.sink)).toEqual([1, 2, 3, 8, 9, 10])
    expect(feeding.gaps).toEqual(["record-id-gap"])
  })

  it("passes over what is there when only what comes is wanted", async () => {
    const log = growing()
    log.append(100)
    log.flush()
    const feeding = await follow(
      log,
      [
        () => {
          log.append(7)
          log.flush()
        },
      ],
      { fromEnd: true },
    )
    expect(idsOf(feeding.sink)).toEqual(upTo(107, 101))
  })
})

describe("a log that is another one", () => {
  it.each([
    ["a shorter file", 300, 2],
    ["a file as long", 4, 4],
    ["a longer file", 4, 300],
  ])("cleared: ids begin anew in %s", async (_name, before, after) => {
    let second = 0
    const log = growing({ makeRecord: (id) => demoEvent({ recordId: id, second: second++ }) })
    log.append(before)
    log.flush()
    const feeding = await follow(log, [
      () => {
        log.clear(1)
        log.append(after)
        log.flush()
      },
    ])
    expect(idsOf(feeding.sink)).toEqual([...upTo(before), ...upTo(after)])
    expect(feeding.codes).toEqual(["source/truncated-in-place"])
    expect(feeding.sources.map(({ tally }) => tally.events)).toEqual([before, after])
  })

  it("cleared: ids that go on are the same log's", async () => {
    const log = growing()
    log.append(4)
    log.flush()
    const feeding = await follow(log, [
      () => {
        log.clear(5)
        log.append(3)
        log.flush()
      },
    ])
    expect(idsOf(feeding.sink)).toEqual(upTo(7))
    expect(feeding.gaps).toEqual([])
  })

  it("archived by renaming: the old file is read to its end, then the new one", async () => {
    const log = growing()
    log.append(4)
    log.flush()
    const feeding = await follow(log, [
      () => {
        log.append(100)
        log.archive()
        log.append(3)
        log.flush()
      },
      () => {
        log.append(2)
        log.flush()
      },
    ])
    expect(idsOf(feeding.sink)).toEqual(upTo(109))
    expect([feeding.codes, feeding.gaps]).toEqual([[], []])
    expect(feeding.sources.map(({ tally }) => tally.events)).toEqual([104, 5])
  })
})

const SEEDS = Array.from({ length: 30 }, (_, at) => at + 1)

describe("a log whose writer flushes as it pleases", () => {
  it.each(SEEDS)("gives each event once (seed %i)", async (seed) => {
    const random = seededRandom(seed)
    const log = growing(random() < 0.5 ? { mostChunks: 6 } : {})
    log.append(1 + Math.floor(random() * 30))
    log.flush()
    const flushes = [
      () => log.flush(),
      () => log.flushRecords(),
      () => log.flushTorn(),
      () => log.flushHeaders(),
      () => {
        log.archive()
        log.append(1)
        log.flush()
      },
    ]
    const steps = Array.from({ length: 25 }, () => () => {
      log.append(Math.floor(random() * (random() < 0.3 ? 90 : 8)))
      const flush = flushes[Math.floor(random() ** 1.5 * flushes.length)]
      flush?.()
    })
    const feeding = await follow(log, [...steps, () => log.flush()])
    const ids = idsOf(feeding.sink).map(Number)
    expect(ids.toSorted((a, b) => a - b)).toEqual(upTo(log.nextId - 1))
    expect(feeding.codes).toEqual([])
  })
})
