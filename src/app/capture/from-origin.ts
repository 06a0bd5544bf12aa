/**
 * --from of a capture: stdin for `-`, a FIFO until its writers are gone, a regular file as capture follow has it.
 * Source of truth: fifo(7).
 */
import { type FileHandle, realpath } from "node:fs/promises"
import { openOrigin, readFifo } from "../../sources/fifo-stream.ts"
import { codeOf } from "../../sources/file-bytes.ts"
import { sleepFor } from "../../sources/follow/waker.ts"
import { IoError, MissingInputError, PermissionError, type RetrailError, UsageError } from "../errors.ts"
import type { CaptureSummary } from "./capture-request.ts"
import { captureFollow, type FollowRequest } from "./run-follow.ts"

export interface FromRequest extends Omit<FollowRequest, "paths" | "fromEnd"> {
  readonly from: string
  /** Waits for the next writer of a FIFO when one has gone. */
  readonly keepsOpen: boolean
}

/** @throws RetrailError */
export async function captureFrom({ from, keepsOpen, ...request }: FromRequest): Promise<CaptureSummary> {
  const follow = { ...request, fromEnd: false }
  if (from === "-") return captureFollow({ ...follow, paths: ["-"] })
  const handle = await openFifo(from)
  // auditd keeps a link to the trail that it writes; following files never follows links.
  if (handle === undefined) return captureFollow({ ...follow, paths: [await realpath(from)] })
  const stdin = readFifo(handle, { keepsOpen, sleep: sleepFor, signal: request.signal })
  return captureFollow({ ...follow, paths: ["-"], stdin, stdinName: from })
}

/** undefined for a regular file. */
async function openFifo(path: string): Promise<FileHandle | undefined> {
  const origin = await openOrigin(path).catch((error: unknown) => {
    throw openError(error, path)
  })
  if (origin.kind === "fifo") return origin.handle
  if (origin.kind === "file") return undefined
  throw new UsageError(`${path} is neither a file nor a FIFO`, "--from takes one of them, or - for stdin.")
}

function openError(error: unknown, path: string): RetrailError {
  const code = codeOf(error)
  if (code === "ENOENT" || code === "ENOTDIR") return new MissingInputError(`${path} does not exist`)
  if (code === "EACCES" || code === "EPERM") return new PermissionError(`no permission to read ${path}`)
  return new IoError(`${path} cannot be opened (${code})`)
}
