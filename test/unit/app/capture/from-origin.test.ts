/** Whatever --from names, the same bytes give the same rows. */
import { execFileSync } from "node:child_process"
import { appendFileSync, closeSync, constants, openSync, writeFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { captureFrom, type FromRequest } from "../../../../src/app/capture/from-origin.ts"
import { TestRequest } from "./live-request.ts"

const RECORDS = Array.from(
  { length: 40 },
  (_, at) =>
    `type=SYSCALL msg=audit(1795299136.884:${at + 1}): arch=c000003e syscall=59 success=yes exit=0 items=0 ppid=1 pid=${at + 2} auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="ls" exe="/bin/ls" key=(null)\n`,
)
const TEXT = RECORDS.join("")

function requestOf(test: TestRequest, from: string): FromRequest {
  async function* nothing(): AsyncGenerator<Uint8Array> {}
  const more = { format: "linux-audit", keepsOpen: false, stdin: nothing() }
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
  test.rows("SELECT pid, path, record_id, source_offset FROM process_events ORDER BY record_id")

async function fromFile(): Promise<Record<string, unknown>[]> {
  const test = new TestRequest()
  const path = join(test.folder, "audit.log")
  writeFileSync(path, TEXT)
  const run = captureFrom(requestOf(test, path))
  setTimeout(() => test.stopping.abort(), 500)
  await run
  return rowsOf(test)
}

describe.skipIf(process.platform === "win32")("--from", () => {
  it("a FIFO that is fed in odd pieces gives the rows of the file, and ends with its writer", async () => {
    const test = new TestRequest()
    const path = makeFifo(test)
    const run = captureFrom(requestOf(test, path))
    const writer = await openWriter(path)
    for (let at = 0, size = 1; at < TEXT.length; at += size, size = (size * 3 + 1) % 211) {
      writeSync(writer, TEXT.slice(at, at + size))
      if (size % 7 === 0) await delay(1)
    }
    closeSync(writer)
    expect(await run).toMatchObject({ ended: "source ended", exitCode: 0 })
    const rows = rowsOf(test)
    expect(rows).toHaveLength(40)
    // The last event has no end of its own: a file that goes on may still bring it.
    expect(rows.slice(0, 39)).toEqual((await fromFile()).slice(0, 39))
    expect(test.rows("SELECT path, state FROM _sources")).toEqual([{ path, state: "done" }])
  })

  it("a FIFO, kept open, goes on with the next writer until it is told to stop", async () => {
    const test = new TestRequest()
    const path = makeFifo(test)
    const run = captureFrom({ ...requestOf(test, path), keepsOpen: true })
    for (const half of [RECORDS.slice(0, 20), RECORDS.slice(20)]) {
      const writer = await openWriter(path)
      writeSync(writer, half.join(""))
      closeSync(writer)
      await delay(100)
    }
    test.stopping.abort()
    expect(await run).toMatchObject({ ended: "stopped", exitCode: 0 })
    expect(rowsOf(test)).toHaveLength(40)
  })

  it("a file is followed while it grows", async () => {
    const test = new TestRequest()
    const path = join(test.folder, "audit.log")
    writeFileSync(path, RECORDS.slice(0, 10).join(""))
    const run = captureFrom(requestOf(test, path))
    await delay(400)
    appendFileSync(path, RECORDS.slice(10).join(""))
    await delay(800)
    test.stopping.abort()
    expect(await run).toMatchObject({ ended: "stopped" })
    expect(rowsOf(test).length).toBeGreaterThanOrEqual(39)
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
