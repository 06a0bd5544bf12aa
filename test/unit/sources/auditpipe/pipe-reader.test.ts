/** The reading thread on a FIFO, which is read as an audit pipe is, and the calls of the C library on it. */
import { execFileSync } from "node:child_process"
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it, onTestFinished } from "vitest"
import { NativeAuditPipe, NativePipeInput, openAuditPipe } from "../../../../src/sources/auditpipe/device.ts"
import { PipeReader } from "../../../../src/sources/auditpipe/reader/pipe-reader.ts"
import { loadPipeCalls } from "../../../../src/sources/native/pipe-calls.ts"

const FIONREAD = 0x541b

/** Both ends of a new FIFO, the reading one without blocking. */
function openFifo(): { readonly reading: number; readonly writing: number } {
  const folder = mkdtempSync(join(tmpdir(), "retrail-pipe-"))
  const path = join(folder, "fifo")
  execFileSync("mkfifo", [path])
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writing = openSync(path, constants.O_WRONLY)
  onTestFinished(() => {
    closeSync(reading)
    rmSync(folder, { recursive: true })
  })
  return { reading, writing }
}

async function gather(reader: PipeReader): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of reader.stream()) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Bytes that tell where they belong. */
function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32BE(at, at)
  return bytes
}

describe.skipIf(process.platform !== "linux")("the thread that reads a pipe", () => {
  it("gives what was written, in pieces of any size, up to its end", async () => {
    const { reading, writing } = openFifo()
    const reader = new PipeReader(reading, 5)
    onTestFinished(() => reader.close())
    const bytes = pattern(300_000)
    const gathered = gather(reader)
    for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 4093) {
      writeSync(writing, bytes.subarray(at, at + size))
      if (size % 5 === 0) await delay(1)
    }
    closeSync(writing)
    expect((await gathered).equals(bytes)).toBe(true)
    expect(reader.failure).toBeUndefined()
  })

  it("waits while nobody takes, and loses nothing", async () => {
    const { reading, writing } = openFifo()
    const reader = new PipeReader(reading, 5)
    onTestFinished(() => reader.close())
    const bytes = pattern(12 * 1024 * 1024)
    const stream = reader.stream()
    const first = stream.next()
    const script =
      "const b=Buffer.alloc(12*1024*1024);for(let at=0;at<b.length;at+=4)b.writeUInt32BE(at,at);process.stdout.write(b)"
    const { spawn } = await import("node:child_process")
    spawn(process.execPath, ["-e", script], { stdio: ["ignore", writing, "inherit"] })
    closeSync(writing)
    const pieces = [(await first).value as Buffer]
    await delay(1000)
    expect(reader.pauses).toBeGreaterThan(0)
    for await (const piece of stream) pieces.push(piece)
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
  })

  it("ends when told to, with what was there", async () => {
    const { reading, writing } = openFifo()
    onTestFinished(() => closeSync(writing))
    const reader = new PipeReader(reading, 5)
    onTestFinished(() => reader.close())
    writeSync(writing, "abc")
    const gathered = gather(reader)
    await delay(200)
    reader.stop("when empty")
    expect((await gathered).toString()).toBe("abc")
    expect(reader.failure).toBeUndefined()
  })

  it("says why it cannot read", async () => {
    const reader = new PipeReader(openSync("/", constants.O_RDONLY), 5)
    onTestFinished(() => reader.close())
    expect(await gather(reader)).toHaveLength(0)
    expect(reader.failure).toMatchObject({ code: "EISDIR", message: "read: EISDIR" })
  })
})

describe.skipIf(process.platform !== "linux")("the calls on a descriptor", () => {
  it("hand an argument in and out, over a variadic function", () => {
    const { reading, writing } = openFifo()
    writeSync(writing, "abcde")
    const argument = Buffer.alloc(4)
    expect(loadPipeCalls().ioctl(reading, FIONREAD, argument)).toBe(0)
    expect(argument.readInt32LE()).toBe(5)
    closeSync(writing)
  })

  it("name the error of a request that the device does not know", () => {
    const { reading, writing } = openFifo()
    closeSync(writing)
    const device = new NativeAuditPipe(reading)
    expect(() => device.control("getDrops", Buffer.alloc(8))).toThrow("ioctl getDrops: ENOTTY")
    expect(() => device.control("getDrops", Buffer.alloc(4))).toThrow("getDrops takes 8 bytes")
  })

  it("wait for bytes, or a while", () => {
    const { reading, writing } = openFifo()
    const input = new NativePipeInput(reading)
    expect(input.wait(10)).toBe(false)
    expect(() => input.read(Buffer.alloc(8))).toThrow("EAGAIN")
    writeSync(writing, "a")
    expect(input.wait(10)).toBe(true)
    closeSync(writing)
  })

  it("do not open what is not there, or may not be", () => {
    expect(() => openAuditPipe("/no/such/device")).toThrow(expect.objectContaining({ code: "ENOENT" }))
  })

  it("are not there on Windows", () => {
    expect(() => loadPipeCalls("win32")).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }))
  })
})
