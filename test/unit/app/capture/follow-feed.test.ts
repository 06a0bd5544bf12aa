import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { gzipSync } from "node:zlib"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { FollowFeed, type FollowFeedOptions } from "../../../../src/app/capture/follow-feed.ts"
import { NO_PROGRESS } from "../../../../src/app/progress.ts"
import type { Deliver } from "../../../../src/app/reading/deliver.ts"
import { readSources } from "../../../../src/app/reading/read-sources.ts"
import { seededRandom } from "../../../acceptance/read-rows.ts"
import { makeLog } from "../../../faults/evidence.ts"
import { Feeding } from "./run-feed.ts"

let folder = ""
let log = ""
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-feed-"))
  log = path.join(folder, "audit.log")
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The next bytes: as many as said, or to the end of the line in which these end. */
function pieceOf(bytes: Buffer, at: number, length: number, isWhole: boolean): Buffer {
  const end = at + length
  return bytes.subarray(at, isWhole && end < bytes.length ? bytes.indexOf(0x0a, end) + 1 : end)
}

type Step = (feed: FollowFeed) => void

/** Follows the log, taking a step whenever all was read, and stops after the last. */
async function feed(
  feeding: Feeding,
  steps: readonly Step[],
  more: Partial<FollowFeedOptions> = {},
): Promise<void> {
  const controller = new AbortController()
  const waiting = [...steps]
  const sleep = async (): Promise<void> => {
    const step = waiting.shift()
    if (step === undefined) controller.abort()
    else step(follower)
  }
  const follower = new FollowFeed([log], {
    ...feeding.options(),
    known: feeding.known,
    signal: controller.signal,
    watch: false,
    pollMs: 1,
    nowMs: () => 0,
    sleep,
    ...more,
  })
  await follower.run()
}

/** Without `saved` and `known`: a run of its own, that ends everything. */
async function feedOnce(steps: readonly Step[], more: Partial<FollowFeedOptions> = {}): Promise<Feeding> {
  const feeding = new Feeding()
  const { saved: _saved, ...options } = feeding.options()
  const controller = new AbortController()
  const waiting = [...steps]
  const follower = new FollowFeed([log], {
    ...options,
    signal: controller.signal,
    watch: false,
    pollMs: 1,
    nowMs: () => 0,
    sleep: async () => {
      const step = waiting.shift()
      if (step === undefined) controller.abort()
      else step(follower)
    },
    ...more,
  })
  await follower.run()
  return feeding
}

/** The rows of the whole log, read as saved evidence is. */
async function wholeRows(bytes: Buffer): Promise<string[]> {
  const whole = path.join(folder, "whole.log")
  writeFileSync(whole, bytes)
  const feeding = new Feeding()
  const { sink: writer } = feeding
  const ignore = (): void => {}
  await readSources({ paths: [whole], writer, host: "web-1", progress: NO_PROGRESS, onProblem: ignore })
  rmSync(whole)
  return feeding.rows
}

/** Runs steps late, as a queue in front of a busy parser does; what is left at the end is run by `settle`. */
function slowQueue(): { readonly deliver: Deliver; readonly settle: () => void } {
  const waiting: (() => void)[] = []
  const settle = (): void => {
    for (const run of waiting.splice(0)) run()
  }
  const deliver: Deliver = async (_units, run) => {
    if (waiting.push(run) > 7) settle()
  }
  return { deliver, settle }
}

const LOG = makeLog(120_000)
/** A few lines of the end of an event would be a torn event in another file. */
const SYSCALL =
  'type=SYSCALL msg=audit(1795299136.884:7): arch=c000003e syscall=59 success=yes exit=0 items=0 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="ls" exe="/bin/ls" key=(null)\n'
const EXECVE = 'type=EXECVE msg=audit(1795299136.884:7): argc=1 a0="ls"\n'

describe("a log followed through rotations", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("gives the rows of all of it at once (seed %i)", async (seed) => {
    const random = seededRandom(seed)
    const expected = await wholeRows(LOG)
    const steps: Step[] = []
    let rotations = 0
    let isRotated = false
    for (let at = 0; at < LOG.length; ) {
      // What is made, rotated and packed between two looks was never there for anybody.
      const isPacked = !isRotated && random() < 0.5
      isRotated = random() < 0.25
      const piece = pieceOf(LOG, at, 1 + Math.floor(random() * 9000), isRotated)
      at += piece.length
      const isEnd = isRotated
      steps.push(() => {
        appendFileSync(log, piece)
        if (isEnd) rotate(++rotations, isPacked)
      })
    }
    writeFileSync(log, "")
    const queue = slowQueue()
    const feeding = await feedOnce(steps, { deliver: queue.deliver, maxUnits: 16 })
    queue.settle()
    expect(expected.length).toBeGreaterThan(100)
    expect(rotations).toBeGreaterThan(1)
    expect(feeding.rows).toEqual(expected)
    expect(feeding.sources.length).toBeGreaterThan(1)
    expect(feeding.codes.filter((code) => code !== "source/waited-for")).toEqual([])
  })

  /** Between lines, as every writer does; an event may well go on in the next file. */
  function rotate(number: number, isPacked: boolean): void {
    const to = `${log}.${1000 - number}`
    renameSync(log, to)
    if (!isPacked) return
    writeFileSync(`${to}.gz`, gzipSync("packed"))
    rmSync(to)
  }
})

describe("a log that is followed in several runs", () => {
  it.each([1, 2, 3, 4, 5, 6])("gives each row once (seed %i)", async (seed) => {
    const random = seededRandom(seed + 100)
    const expected = await wholeRows(LOG)
    const feeding = new Feeding()
    let rotations = 0
    writeFileSync(log, "")
    for (let at = 0; at < LOG.length; ) {
      const steps: Step[] = []
      for (let count = Math.floor(random() * 4); count >= 0 && at < LOG.length; count--) {
        const isRotated = random() < 0.2
        const piece = pieceOf(LOG, at, 1 + Math.floor(random() * 12_000), isRotated)
        at += piece.length
        steps.push(() => {
          appendFileSync(log, piece)
          if (isRotated) renameSync(log, `${log}.${1000 - ++rotations}`)
          if (isRotated) writeFileSync(log, "")
        })
      }
      // Some of it comes while nobody follows.
      if (random() < 0.5) steps.shift()?.(undefined as never)
      await feed(feeding, steps)
    }
    await feed(feeding, [])
    const missing = expected.filter((row) => !feeding.rows.includes(row))
    expect(missing).toEqual([])
    expect(feeding.rows).toEqual(expected)
  })

  it("keeps an event open from one run to the next, and its counts", async () => {
    const feeding = new Feeding()
    writeFileSync(log, SYSCALL)
    await feed(feeding, [])
    expect(feeding.rows).toEqual([])
    appendFileSync(log, EXECVE + SYSCALL.replaceAll(":7)", ":8)").slice(0, 50))
    await feed(feeding, [])
    appendFileSync(log, SYSCALL.replaceAll(":7)", ":8)").slice(50))
    const { saved: _saved, ...options } = feeding.options()
    await new FollowFeed([log], { ...options, known: feeding.known, signal: AbortSignal.abort() }).run()
    expect(feeding.sink.rows.map(({ values }) => [values.cmdline, values.record_id])).toEqual([
      ["ls", 7],
      ["", 8],
    ])
    expect(feeding.sources).toHaveLength(1)
  })

  it("saves on the way as at the end, so that a killed run goes on from there", async () => {
    const feeding = new Feeding()
    const half = LOG.indexOf("\n", LOG.length / 2) + 1
    writeFileSync(log, LOG.subarray(0, half))
    let rows: string[] = []
    let place: unknown
    await feed(feeding, [
      (follower) => {
        follower.save()
        rows = feeding.rows
        place = { ...feeding.sources[0] }
      },
      () => appendFileSync(log, LOG.subarray(half)),
    ])
    expect(place).toMatchObject({ resumeOffset: half })
    // Killed after the save: of the second half nothing was kept.
    const resumed = new Feeding()
    resumed.sources.push({ ...(feeding.sources[0] as (typeof feeding.sources)[0]), ...(place as object) })
    const { saved: _saved, ...options } = resumed.options()
    await new FollowFeed([log], { ...options, known: resumed.known, signal: AbortSignal.abort() }).run()
    const content = (row: string) => row.replace(/\["(?:eid|parent_path)",[^\]]*\],?/g, "")
    expect([...rows, ...resumed.rows].map(content)).toEqual((await wholeRows(LOG)).map(content))
  })
})

describe("a source that is not recognised at once", () => {
  it("is held until its first line says what it is", async () => {
    writeFileSync(log, "type=SYS")
    const feeding = await feedOnce([() => appendFileSync(log, SYSCALL.slice(8) + EXECVE)])
    expect(feeding.sources.map(({ variant, tally }) => [variant, tally.records])).toEqual([["auditd", 2]])
    expect(feeding.rows).toHaveLength(1)
    expect(feeding.codes).toEqual([])
  })

  it("is said to be none when it never is", async () => {
    writeFileSync(log, "hello\n")
    const feeding = await feedOnce([() => appendFileSync(log, "world\n")])
    expect(feeding.sources).toEqual([])
    expect(feeding.problems).toMatchObject([
      {
        path: log,
        problem: { code: "source/unrecognised", severity: "info", found: expect.stringMatching(/text/) },
      },
    ])
  })

  it("is read from where it begins to be a log, in bounded memory", async () => {
    writeFileSync(log, `${"x".repeat(400_000)}\n`)
    const feeding = await feedOnce([() => appendFileSync(log, `rest of a line\n${SYSCALL}${EXECVE}`)])
    expect(feeding.sink.rows.map(({ values }) => values.source_offset)).toEqual([400_001 + 15])
    expect(feeding.codes).toEqual(["source/unrecognised"])
  })
})

describe("a log on which nothing comes any more", () => {
  it("gives the rows of what is open after a while, once", async () => {
    let now = 0
    const rows: number[] = []
    writeFileSync(log, SYSCALL)
    const feeding = new Feeding()
    const note = (at: number) => () => {
      rows.push(feeding.sink.rows.length)
      now = at
    }
    await feed(feeding, [note(1999), note(2000), note(9000), note(9000)], { nowMs: () => now })
    expect(rows).toEqual([0, 0, 1, 1])
  })
})

describe("a file that is emptied in place", () => {
  it("goes on as another source of its chain; the remark is of the first", async () => {
    writeFileSync(log, SYSCALL)
    const feeding = new Feeding()
    await feed(feeding, [
      () => {
        truncateSync(log)
        appendFileSync(log, EXECVE)
      },
    ])
    expect(feeding.problems).toMatchObject([{ problem: { code: "source/truncated-in-place" }, sourceId: 1 }])
    expect(
      feeding.sources.map(({ resumeOffset, parserState }) => [resumeOffset, parserState === ""]),
    ).toEqual([
      [SYSCALL.length, true],
      [EXECVE.length, false],
    ])
  })
})
