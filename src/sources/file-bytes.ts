/**
 * Opens evidence files and reads them with one chunk of read-ahead, so that the disk works while the parser does.
 * open(2): O_NOFOLLOW refuses a link put in the file's place, O_NONBLOCK keeps a FIFO from blocking the open,
 * O_NOATIME (granted to the file's owner only) leaves the access time as evidence.
 */

import type { BigIntStats } from "node:fs"
import { constants, createReadStream } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import type { Problem } from "../base/problem.ts"
import { type Bytes, bytesOfStream, ioProblem, messageOf } from "./bytes.ts"
import type { Report } from "./source.ts"
import { SpareBuffers } from "./spare-buffers.ts"

export const CHUNK_BYTES = 1024 * 1024
/** A folder of small files would leave as many chunks for the garbage collector, which counts them late. */
const CHUNKS = new SpareBuffers(CHUNK_BYTES)
const PIPE_BYTES = 256 * 1024

export interface OpenFile {
  readonly bytes: Bytes
  readonly modifiedMs: number
  close(): Promise<void>
}

/** Opens a regular file, or says why it was not opened. The caller closes it. */
export async function openFile(path: string | Buffer): Promise<OpenFile | Problem> {
  let handle: FileHandle
  try {
    handle = await openReadOnly(path)
  } catch (error) {
    return describeOpenFailure(error)
  }
  try {
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) {
      await handle.close()
      return refuse(
        "source/not-a-file",
        `it turned into ${kindOf(stats)} between being found and being opened`,
      )
    }
    const size = Number(stats.size)
    return {
      bytes: bytesOfFile(handle, 0, size, true),
      modifiedMs: Number(stats.mtimeMs),
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    return describeOpenFailure(error)
  }
}

/** Opens a FIFO that was named, waiting for its writer; the bytes come once. The caller closes it. */
export async function openPipe(path: string | Buffer): Promise<OpenFile | Problem> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFIFO()) {
      await handle.close()
      return refuse("source/not-a-file", `it was a FIFO when it was found and is ${kindOf(stats)} now`)
    }
    const stream = handle.createReadStream({ autoClose: false, highWaterMark: PIPE_BYTES })
    return { bytes: bytesOfStream(stream), modifiedMs: Number.NaN, close: () => handle.close() }
  } catch (error) {
    return describeOpenFailure(error)
  }
}

/** Reads a descriptor that the shell has opened for us (`/dev/fd/N`), once. */
export function openDescriptor(descriptor: number): OpenFile {
  const stream = createReadStream("", { fd: descriptor, autoClose: false, highWaterMark: PIPE_BYTES })
  return { bytes: bytesOfStream(stream), modifiedMs: Number.NaN, close: async () => void stream.destroy() }
}

/** In words, what a directory entry is. */
export function kindOf(
  stats: Pick<
    BigIntStats,
    "isDirectory" | "isFIFO" | "isSocket" | "isSymbolicLink" | "isBlockDevice" | "isCharacterDevice"
  >,
): string {
  if (stats.isSymbolicLink()) return "a symbolic link"
  if (stats.isDirectory()) return "a folder"
  if (stats.isFIFO()) return "a FIFO"
  if (stats.isSocket()) return "a socket"
  if (stats.isBlockDevice()) return "a block device"
  if (stats.isCharacterDevice()) return "a character device"
  return "a regular file"
}

/** The problem for a path that could not be opened or looked at. */
export function describeOpenFailure(error: unknown): Problem {
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
      return refuse("source/permission", "this account may not read it")
    case "ELOOP":
      return refuse("source/symlink-skipped", "it is a symbolic link, which is never followed", "warning")
    case "ENOENT":
    case "ENOTDIR":
      return refuse("source/vanished", "it was there when the inputs were listed and is gone now")
    default:
      return refuse("source/io", `it could not be opened: ${messageOf(error)}`)
  }
}

/** The errno name of a failed system call, '' for anything else. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code
  return ""
}

/** A problem that concerns a file as a whole. */
export function refuse(code: string, message: string, severity: Problem["severity"] = "error"): Problem {
  return { code, severity, offset: 0, length: 0, message }
}

/** Opens for reading without following a link at its end, waiting for a writer, or leaving a trace. */
export async function openReadOnly(path: string | Buffer): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const quietly = constants.O_NOATIME ?? 0
  try {
    return await open(path, flags | quietly)
  } catch (error) {
    if (quietly === 0 || codeOf(error) !== "EPERM") throw error
    return await open(path, flags)
  }
}

/** `isWhole`: the stretch is the file as it was at open, so a later size is worth a remark. */
function bytesOfFile(handle: FileHandle, start: number, size: number, isWhole: boolean): Bytes {
  return {
    size,
    isRereadable: true,
    read: (report) => readFile(handle, start, size, isWhole, report),
    random: {
      async readAt(target, position) {
        const wanted = Math.max(0, Math.min(target.length, size - position))
        return fill(handle, target.subarray(0, wanted), start + position)
      },
      slice: (offset, length) => bytesOfFile(handle, start + offset, length, false),
    },
  }
}

async function* readFile(
  handle: FileHandle,
  start: number,
  size: number,
  isWhole: boolean,
  report: Report,
): AsyncGenerator<Buffer, void, undefined> {
  let filling = CHUNKS.take()
  let spare = CHUNKS.take()
  let offset = 0
  let ahead = readAhead(handle, filling, start, size)
  try {
    while (offset < size) {
      const got = await ahead
      if (typeof got !== "number") return report(ioProblem(got.error, offset))
      if (got === 0) return report(shrunkProblem(offset, size))
      const bytes = filling.subarray(0, got)
      ;[filling, spare] = [spare, filling]
      ahead = readAhead(handle, filling, start + offset + got, size - offset - got)
      yield bytes
      offset += got
    }
    if (isWhole) await reportGrowth(handle, size, report)
  } finally {
    await ahead
    CHUNKS.give(filling)
    CHUNKS.give(spare)
  }
}

type ReadResult = number | { readonly error: unknown }

/** Never rejects, so that a read nobody waits for any more is no unhandled rejection. */
async function readAhead(
  handle: FileHandle,
  target: Buffer,
  position: number,
  left: number,
): Promise<ReadResult> {
  if (left <= 0) return 0
  try {
    return (await handle.read(target, 0, Math.min(target.length, left), position)).bytesRead
  } catch (error) {
    return { error }
  }
}

async function fill(handle: FileHandle, target: Buffer, position: number): Promise<number> {
  let done = 0
  while (done < target.length) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}

function shrunkProblem(offset: number, size: number): Problem {
  return {
    code: "source/shrunk",
    severity: "error",
    offset,
    length: size - offset,
    message: `the file had ${size} bytes when it was opened, but ends after ${offset} now`,
    expected: String(size),
    found: String(offset),
  }
}

async function reportGrowth(handle: FileHandle, size: number, report: Report): Promise<void> {
  const now = Number((await handle.stat()).size)
  if (now <= size) return
  report({
    code: "source/grew",
    severity: "info",
    offset: size,
    length: now - size,
    message: `the file grew from ${size} to ${now} bytes while it was read; the new bytes are left for the next run`,
    expected: String(size),
    found: String(now),
  })
}
