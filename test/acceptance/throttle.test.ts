/**
 * A replay into subscribers that stall: osquery's two messages word for word, both queues within their bounds, and
 * every row there. The clock is virtual, so that it is the same every time.
 * Source of truth: osquery osquery/events/linux/auditdnetlink.cpp.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { replay } from "../../src/app/replay/run-replay.ts"
import { BATCH_RECORDS, QUEUE_RECORDS } from "../../src/pipeline/throttle.ts"
import { netlinkMessages } from "../unit/formats/linux-audit/netlink-messages.ts"
import { VirtualClock } from "../virtual-clock.ts"
import { compareDatabases, ingestLike, liveRequest } from "./live-runs.ts"
import { CORPUS, SHARED } from "./read-rows.ts"

const START_MS = Date.UTC(2026, 10, 22)
const RECORDING = path.join(SHARED, "linux-audit/real/netlink.bin")
const TOUR = path.join(CORPUS, "debian-12-linux-6.18/tour-netlink/input.netlink.bin")
const STAMP = /audit\((\d+)\.(\d{3}):(\d+)\)/
/** More than the recording has. */
const SERIALS = 200

let folder: string

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-throttle-"))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The recording again and again, each time a minute and some serials later. */
function repeatRecording(recording: Buffer, records: number): Buffer {
  const frames: Buffer[] = []
  for (let round = 0; frames.length < records; round++) {
    for (const { type, buffer, start, end } of netlinkMessages(recording)) {
      const text = buffer.toString("latin1", start, end).replace(STAMP, (_, seconds, ms, serial) => {
        return `audit(${Number(seconds) + round * 60}.${ms}:${Number(serial) + round * SERIALS})`
      })
      const frame = Buffer.alloc(20 + text.length)
      frame.writeUInt32LE(16 + text.length, 0)
      frame.writeUInt32LE(text.length, 4)
      frame.writeUInt16LE(type, 8)
      frame.write(text, 20, "latin1")
      frames.push(frame)
    }
  }
  return Buffer.concat(frames)
}

interface Stalled {
  /** Each message that was shown, with the seconds of the clock since the start. */
  readonly messages: readonly string[]
  readonly highest: readonly [number, number]
  readonly records: number
  readonly exitCode: number
  readonly database: string
}

let runs = 0

async function replayStalled(input: string, stallMs: number, flags = VERBOSE): Promise<Stalled> {
  const clock = new VirtualClock(START_MS)
  const database = path.join(folder, `stalled-${runs++}.db`)
  const messages: string[] = []
  const display = {
    log: (text: string) => messages.push(`${(clock.nowMs() - START_MS) / 1000} s: ${text}`),
    note: () => {},
    update: () => {},
    end: () => {},
  }
  const request = { ...liveRequest(database, flags), clock, display, stallMs }
  const work = replay({ ...request, paths: [input], speed: Number.POSITIVE_INFINITY })
  const { highestDepths, records, exitCode } = await clock.run(work)
  return { messages, highest: highestDepths, records, exitCode, database }
}

function expectBounds({ highest }: Stalled): void {
  for (const depth of highest) {
    expect(depth).toBeGreaterThan(QUEUE_RECORDS)
    expect(depth).toBeLessThanOrEqual(QUEUE_RECORDS + BATCH_RECORDS)
  }
}

async function expectAllRows({ database }: Stalled, input: string): Promise<void> {
  const ingested = path.join(folder, "ingested.db")
  rmSync(ingested, { force: true })
  await ingestLike(ingested, [input])
  const { differences, rows } = compareDatabases(ingested, database)
  expect(differences).toEqual([])
  expect(rows.process_events).toBeGreaterThan(100)
}

const VERBOSE: readonly string[] = ["verbose=true"]
const READING = "The Audit publisher has throttled reading records from Netlink for"
const LOST = "Some events may have been lost."
const PROCESSING = "The Audit publisher has throttled record processing for"
const FURTHER = "This may cause further throttling and loss of events."
/** Half a minute of stall a turn: the first time at once, the second a minute later, for all of that minute. */
const GOLDEN = [
  `30 s: ${PROCESSING} 30 seconds. ${FURTHER}`,
  `30 s: ${READING} 30 seconds. ${LOST}`,
  `90 s: ${PROCESSING} 60 seconds. ${FURTHER}`,
  `90 s: ${READING} 60 seconds. ${LOST}`,
]

describe.skipIf(!existsSync(RECORDING))("a recording of the socket, stalled (needs ../shared)", () => {
  it("says exactly this, and the same again", async () => {
    const first = await replayStalled(RECORDING, 30_000)
    expect(first.messages).toEqual(GOLDEN)
    expect([first.records, first.exitCode]).toEqual([18_556, 0])
    expectBounds(first)
    await expectAllRows(first, RECORDING)
    const second = await replayStalled(RECORDING, 30_000)
    expect([second.messages, second.highest]).toEqual([first.messages, first.highest])
  })

  it("says it once a minute, however often it waits", async () => {
    const { messages } = await replayStalled(RECORDING, 7300)
    expect(messages).toEqual([
      `7.3 s: ${PROCESSING} 7.3 seconds. ${FURTHER}`,
      `7.3 s: ${READING} 7.3 seconds. ${LOST}`,
    ])
  })
})

describe("a made recording of the socket, stalled", () => {
  let input: string

  beforeAll(() => {
    input = path.join(folder, "made.bin")
    writeFileSync(input, repeatRecording(readFileSync(TOUR), 16_000))
  })

  it("says both messages, keeps to its bounds and loses nothing", async () => {
    const run = await replayStalled(input, 30_000)
    expect(run.messages.slice(0, 2)).toEqual(GOLDEN.slice(0, 2))
    expect(run.records).toBeGreaterThan(15_000)
    expectBounds(run)
    await expectAllRows(run, input)
  })

  it("says the second only when asked to be verbose", async () => {
    const { messages } = await replayStalled(input, 30_000, [])
    expect(messages[0]).toBe(`30 s: ${READING} 30 seconds. ${LOST}`)
    expect(messages.join()).not.toContain(PROCESSING)
  })

  it("says nothing when the subscribers keep up", async () => {
    const { messages } = await replayStalled(input, 0)
    expect(messages).toEqual([])
  })
})
