import { execFileSync } from "node:child_process"
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it, onTestFinished } from "vitest"
import { openOrigin, readFifo } from "../../../src/sources/fifo-stream.ts"
import { sleepFor } from "../../../src/sources/follow/waker.ts"

function makeFifo(): string {
  const folder = mkdtempSync(join(tmpdir(), "retrail-fifo-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, "fifo")
  execFileSync("mkfifo", [path])
  return path
}

async function start(path: string, keepsOpen = false) {
  const origin = await openOrigin(path)
  if (origin.kind !== "fifo") throw new Error(`${path} is ${origin.kind}`)
  const stopping = new AbortController()
  const pieces: Buffer[] = []
  const stream = readFifo(origin.handle, { keepsOpen, sleep: sleepFor, signal: stopping.signal })
  const ended = (async () => {
    for await (const piece of stream) pieces.push(piece)
    return Buffer.concat(pieces).toString()
  })()
  return { ended, pieces, stop: () => stopping.abort() }
}

async function write(path: string, ...texts: readonly string[]): Promise<void> {
  const descriptor = openSync(path, constants.O_WRONLY)
  for (const text of texts) {
    writeSync(descriptor, text)
    await delay(30)
  }
  closeSync(descriptor)
}

describe.skipIf(process.platform === "win32")("a FIFO", () => {
  it("is waited for until its writer comes, and ends with it", async () => {
    const path = makeFifo()
    const { ended } = await start(path)
    await delay(50)
    await write(path, "a", "bc", "def")
    expect(await ended).toBe("abcdef")
  })

  it("that is kept open goes on with the next writer", async () => {
    const path = makeFifo()
    const { ended, pieces, stop } = await start(path, true)
    await write(path, "one ")
    await delay(60)
    await write(path, "two")
    await delay(60)
    expect(Buffer.concat(pieces).toString()).toBe("one two")
    stop()
    expect(await ended).toBe("one two")
  })

  it("can be left while nobody has opened it", async () => {
    const { ended, stop } = await start(makeFifo())
    setTimeout(stop, 20)
    expect(await ended).toBe("")
  })

  it("is told from a file and from anything else", async () => {
    const path = `${makeFifo()}.log`
    writeFileSync(path, "x")
    expect((await openOrigin(path)).kind).toBe("file")
    expect((await openOrigin("/dev/null")).kind).toBe("other")
    await expect(openOrigin("/no/such/path")).rejects.toMatchObject({ code: "ENOENT" })
  })
})
