/** Whatever --from names, the same bytes give the same rows. */
import { execFileSync } from "node:child_process"
import {
  appendFileSync,
  closeSync,
  constants,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { bsmOrigin } from "../../../../src/app/capture/bsm/bsm-origin.ts"
import { captureFrom, type FromRequest } from "../../../../src/app/capture/from-origin.ts"
import { record } from "../../../bsm-writer/record.ts"
import { execArgs, path, returns32, subject } from "../../../bsm-writer/tokens.ts"
import { TestRequest } from "./live-request.ts"

/** execve of macOS by 40 processes, with a file token in the middle. */
const RECORDS = Array.from({ length: 40 }, (_, at) =>
  record(23, [
    execArgs(["ls", "-la", `/srv/demo/${at}`]),
    path("/bin/ls"),
    subject({ pid: 1000 + at }),
    returns32(),
  ]),
)
const FILE_TOKEN = Buffer.concat([
  Buffer.from([0x11, 0x65, 0, 0, 0, 0, 0, 0, 7, 0, 11]),
  Buffer.from("/srv/trail\0"),
])
const TRAIL = Buffer.concat([...RECORDS.slice(0, 20), FILE_TOKEN, ...RECORDS.slice(20)])

function requestOf(test: TestRequest, from: string): FromRequest {
  async function* nothing(): AsyncGenerator<Uint8Array> {}
  const more = { ...bsmOrigin, keepsOpen: false, stdin: nothing() }
  return { ...test.request, ...more, from }
}

function makeFifo(test: TestRequest): string {
  const path = join(test.folder, "fifo")
  execFileSync("mkfifo", [path])
  return path
}

/** Opens without waiting for a reader that the same thread has to be. */
async function openWriter(path: string): Promise<number> {
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch {
      await delay(5)
    }
  }
}

const rowsOf = (test: TestRequest) =>
  test.rows("SELECT pid, path, cmdline, time_ns, source_offset FROM process_events ORDER BY source_offset")

async function fromFile(): Promise<Record<string, unknown>[]> {
  const test = new TestRequest()
  const file = join(test.folder, "trail.not_terminated")
  writeFileSync(file, TRAIL)
  const run = captureFrom(requestOf(test, file))
  setTimeout(() => test.stopping.abort(), 500)
  await run
  return rowsOf(test)
}

describe.skipIf(process.platform === "win32")("--from", () => {
  it("a FIFO that is fed in odd pieces gives the rows of the file, and ends with its writer", async () => {
    const test = new TestRequest()
    const fifo = makeFifo(test)
    const run = captureFrom(requestOf(test, fifo))
    const writer = await openWriter(fifo)
    for (let at = 0, size = 1; at < TRAIL.length; at += size, size = (size * 3 + 1) % 211) {
      writeSync(writer, TRAIL.subarray(at, at + size))
      if (size % 7 === 0) await delay(1)
    }
    closeSync(writer)
    expect(await run).toMatchObject({ ended: "source ended", exitCode: 0 })
    const rows = rowsOf(test)
    expect(rows).toHaveLength(40)
    expect(rows[0]).toMatchObject({ pid: 1000, path: "/bin/ls", source_offset: 0 })
    expect(rows).toEqual(await fromFile())
    expect(test.rows("SELECT path, state FROM _sources")).toEqual([{ path: fifo, state: "done" }])
  })

  it("a FIFO, kept open, goes on with the next writer until it is told to stop", async () => {
    const test = new TestRequest()
    const fifo = makeFifo(test)
    const run = captureFrom({ ...requestOf(test, fifo), keepsOpen: true })
    for (const half of [RECORDS.slice(0, 20), RECORDS.slice(20)]) {
      const writer = await openWriter(fifo)
      writeSync(writer, Buffer.concat(half))
      closeSync(writer)
      await delay(100)
    }
    test.stopping.abort()
    expect(await run).toMatchObject({ ended: "stopped", exitCode: 0 })
    expect(rowsOf(test)).toHaveLength(40)
  })

  it("a file is followed while it grows", async () => {
    const test = new TestRequest()
    const file = join(test.folder, "trail.not_terminated")
    writeFileSync(file, TRAIL.subarray(0, 700))
    const run = captureFrom(requestOf(test, file))
    await delay(400)
    appendFileSync(file, TRAIL.subarray(700))
    await delay(800)
    test.stopping.abort()
    expect(await run).toMatchObject({ ended: "stopped" })
    expect(rowsOf(test)).toHaveLength(40)
  })

  it("a file is read on by the next run, from where the last one stopped", async () => {
    const test = new TestRequest()
    const file = join(test.folder, "trail.not_terminated")
    writeFileSync(file, TRAIL.subarray(0, 700))
    const first = captureFrom(requestOf(test, file))
    await delay(500)
    test.stopping.abort()
    expect(await first).toMatchObject({ ended: "stopped", problems: {} })
    const before = rowsOf(test).length
    appendFileSync(file, TRAIL.subarray(700))
    const stopping = new AbortController()
    const second = captureFrom({ ...requestOf(test, file), signal: stopping.signal })
    await delay(500)
    stopping.abort()
    await second
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(40)
    expect(rowsOf(test)).toHaveLength(40)
    expect(new Set(rowsOf(test).map(({ pid }) => pid)).size).toBe(40)
  })

  it("the link to the trail that is being written is followed once", async () => {
    const test = new TestRequest()
    writeFileSync(join(test.folder, "20260301100000.not_terminated"), TRAIL)
    symlinkSync("20260301100000.not_terminated", join(test.folder, "current"))
    const run = captureFrom(requestOf(test, join(test.folder, "current")))
    setTimeout(() => test.stopping.abort(), 500)
    expect(await run).toMatchObject({ ended: "stopped", problems: {} })
    expect(rowsOf(test)).toHaveLength(40)
  })

  it.each([
    ["/no/such/path", 66, "/no/such/path does not exist"],
    ["/dev/null", 64, "/dev/null is neither a file nor a FIFO"],
    ["/", 64, "/ is neither a file nor a FIFO"],
  ])("%s ends with %i", async (from, exitCode, message) => {
    const test = new TestRequest()
    await expect(captureFrom(requestOf(test, from))).rejects.toMatchObject({ exitCode, message })
  })
})
