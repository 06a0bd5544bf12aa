import { readFileSync } from "node:fs"
import path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { feedStdin, type StdinEnd, type StdinFeedOptions } from "../../../../src/app/capture/stdin-feed.ts"
import type { Deliver } from "../../../../src/app/reading/deliver.ts"
import { writeRecord } from "../../../../src/formats/linux-audit/auditd-line.ts"
import { differences, hasShared, NEEDS_SHARED, SHARED } from "../../../acceptance/read-rows.ts"
import { netlinkMessages } from "../../formats/linux-audit/netlink-messages.ts"
import { Feeding } from "./run-feed.ts"

const REAL = path.join(SHARED, "linux-audit/real")
const SYSCALL =
  'type=SYSCALL msg=audit(1795299136.884:7): arch=c000003e syscall=59 success=yes exit=0 items=0 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="ls" exe="/bin/ls" key=(null)\n'
const EOE = "type=EOE msg=audit(1795299136.884:7): \n"

async function* streamOf(bytes: Buffer, size = 60_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size))
}

interface Fed {
  readonly feeding: Feeding
  readonly end: StdinEnd
}

async function feed(stream: AsyncIterable<Uint8Array>, more: Partial<StdinFeedOptions> = {}): Promise<Fed> {
  const feeding = new Feeding()
  const { saved: _saved, ...options } = feeding.options()
  const end = await feedStdin(stream, { ...options, ...more })
  return { feeding, end }
}

/** Each message behind auditd's struct audit_dispatcher_header, as version 0 or 1. */
function pluginStream(recording: Buffer, version: number): Buffer {
  const pieces: Buffer[] = []
  const line = Buffer.alloc(70_000)
  for (const message of netlinkMessages(recording)) {
    const { type, buffer, start, end } = message
    const payload =
      version === 0
        ? buffer.subarray(start, end)
        : Buffer.from(line.subarray(0, writeRecord(message, line, 0)))
    const header = Buffer.alloc(16)
    for (const [at, value] of [version, 16, type, payload.length].entries())
      header.writeUInt32LE(value, at * 4)
    pieces.push(header, payload)
  }
  return Buffer.concat(pieces)
}

describe("a stream of records", () => {
  it("is read to its end, half lines and all", async () => {
    const text = Buffer.from(SYSCALL + SYSCALL.replace(":7)", ":8)").trimEnd())
    for (const size of [1, 7, 1000]) {
      const { feeding, end } = await feed(streamOf(text, size))
      expect(end).toBe("ended")
      expect(feeding.sink.rows.map(({ values }) => values.record_id)).toEqual([7, 8])
      expect(feeding.sources[0]?.facts).toMatchObject({ path: "-", storedSize: -1 })
      expect(feeding.problems.map(({ problem }) => problem.code)).not.toContain("source/unrecognised")
    }
  })

  it("gives a row as soon as EOE ends its event", async () => {
    const feeding = new Feeding()
    const rows: number[] = []
    async function* stream(): AsyncGenerator<Buffer> {
      for (const line of [SYSCALL, EOE, SYSCALL.replace(":7)", ":8)")]) {
        yield Buffer.from(line)
        rows.push(feeding.sink.rows.length)
      }
    }
    const { saved: _saved, ...options } = feeding.options()
    await feedStdin(stream(), options)
    expect([...rows, feeding.sink.rows.length]).toEqual([0, 1, 1, 2])
  })

  it("takes node= from the records", async () => {
    const { feeding } = await feed(streamOf(Buffer.from(`node=db-1 ${SYSCALL}node=db-1 ${EOE}`)))
    expect(feeding.sink.rows.map(({ values }) => values.host)).toEqual(["db-1"])
  })

  it("is asked for more only when what came was taken", async () => {
    let given = 0
    let taken = 0
    const ahead: number[] = []
    async function* stream(): AsyncGenerator<Buffer> {
      for (given = 1; given <= 5; given++) {
        ahead.push(given - taken)
        yield Buffer.from(SYSCALL.replace(":7)", `:${given})`))
      }
    }
    const deliver: Deliver = async (units, run) => {
      await delay(2)
      run()
      taken += units
    }
    await feed(stream(), { deliver })
    expect(taken).toBe(5)
    // One piece is read ahead while the last is being taken.
    expect(Math.max(...ahead)).toBeLessThanOrEqual(2)
  })

  it("that gives nothing for a while gives the rows of what is open", async () => {
    const feeding = new Feeding()
    let rowsBefore = -1
    async function* stream(): AsyncGenerator<Buffer> {
      yield Buffer.from(SYSCALL)
      await delay(200)
      rowsBefore = feeding.sink.rows.length
    }
    const { saved: _saved, ...options } = feeding.options()
    await feedStdin(stream(), { ...options, quietMs: 20 })
    expect([rowsBefore, feeding.sink.rows.length]).toEqual([1, 1])
  })

  it("is left when told to stop, though nothing comes, with the rows of what is open", async () => {
    const controller = new AbortController()
    async function* stream(): AsyncGenerator<Buffer> {
      yield Buffer.from(SYSCALL)
      setTimeout(() => controller.abort(), 20)
      await new Promise(() => {})
    }
    const { feeding, end } = await feed(stream(), { signal: controller.signal })
    expect(end).toBe("stopped")
    expect(feeding.sink.rows).toHaveLength(1)
  })

  it("that breaks is a problem, and what came before is kept", async () => {
    async function* stream(): AsyncGenerator<Buffer> {
      yield Buffer.from(SYSCALL)
      throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" })
    }
    const { feeding } = await feed(stream())
    expect(feeding.sink.rows).toHaveLength(1)
    expect(feeding.problems[0]).toMatchObject({ path: "-", sourceId: 1, problem: { code: "source/io" } })
  })

  it("of nothing gives nothing, and of something else says so", async () => {
    expect((await feed(streamOf(Buffer.alloc(0)))).feeding.codes).toEqual([])
    expect((await feed(streamOf(Buffer.from("hello\n")))).feeding.codes).toEqual(["source/unrecognised"])
  })
})

describe.skipIf(!hasShared)(`what auditd sends to a plugin ${NEEDS_SHARED}`, () => {
  it.each([
    ["text", () => readFileSync(path.join(REAL, "audit.with-eoe.log")), "auditd"],
    [
      "binary, version 0",
      () => pluginStream(readFileSync(path.join(REAL, "netlink.bin")), 0),
      "audisp-binary",
    ],
    [
      "binary, version 1",
      () => pluginStream(readFileSync(path.join(REAL, "netlink.bin")), 1),
      "audisp-binary",
    ],
    ["a recording of the socket", () => readFileSync(path.join(REAL, "netlink.bin")), "netlink"],
  ])("as %s gives the rows of the log", async (_what, read, variant) => {
    const log = (await feed(streamOf(readFileSync(path.join(REAL, "audit.log"))))).feeding
    const { feeding } = await feed(streamOf(read()))
    expect(feeding.sources.map((source) => [source.variant, source.tally.records])).toEqual([
      [variant, 18_556],
    ])
    expect(feeding.problems).toHaveLength(log.problems.length)
    expect(feeding.sink.rows.length).toBeGreaterThan(1000)
    // An event that EOE ends can come before one that began earlier: the order, and with it the eid, may differ.
    const content = (rows: readonly string[]) =>
      rows.map((row) => row.replace(/\["(?:eid|parent_path)",[^\]]*\],?/g, ""))
    expect(differences(content(log.rows), content(feeding.rows))).toEqual({ missing: [], extra: [] })
  })
})
