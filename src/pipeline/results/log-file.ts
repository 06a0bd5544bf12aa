/**
 * One file of the results log: whole lines are appended, nothing else; no link is followed, and the mode never becomes
 * wider than asked. Source of truth: osquery plugins/logger/filesystem_logger.cpp.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
} from "node:fs"
import { basename } from "node:path"
import { writeFully } from "../../rows/byte-output.ts"

export interface LogOwner {
  readonly uid: number
  readonly gid: number
}

export interface LogFileOptions {
  readonly mode: number
  /** Who a new file belongs to; this process when absent. */
  readonly owner?: LogOwner
}

/** Where the log stood before lines were appended. */
export interface LogPosition {
  readonly file: string
  readonly inode: bigint
  readonly size: bigint
}

const PERMISSIONS = 0o777
const NEWLINE = 0x0a

/** The file cannot be used as a log. */
export class LogFileError extends Error {}

export class LogFile {
  readonly path: string
  readonly #options: LogFileOptions
  #descriptor: number

  constructor(path: string, options: LogFileOptions) {
    this.path = path
    this.#options = options
    this.#descriptor = openLog(path, options)
  }

  append(lines: readonly string[]): void {
    if (lines.length > 0) writeFully(this.#descriptor, Buffer.from(`${lines.join("\n")}\n`, "utf8"), null)
  }

  position(): LogPosition {
    const { ino, size } = fstatSync(this.#descriptor, { bigint: true })
    return { file: basename(this.path), inode: ino, size }
  }

  /** Takes back what was appended after `position`, if this is still the file that it speaks of. */
  rewind({ file, inode, size }: LogPosition): boolean {
    const now = this.position()
    if (file !== now.file || inode !== now.inode || size >= now.size) return false
    ftruncateSync(this.#descriptor, Number(size))
    return true
  }

  /** Goes on in a new file of the same name; the old one has been moved away. */
  reopen(): void {
    const next = openLog(this.path, this.#options)
    closeSync(this.#descriptor)
    this.#descriptor = next
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

function openLog(path: string, { mode, owner }: LogFileOptions): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants
  const flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK
  try {
    const created = openSync(path, flags | O_CREAT | O_EXCL, 0o600)
    if (owner !== undefined) fchownSync(created, owner.uid, owner.gid)
    fchmodSync(created, mode & PERMISSIONS)
    return created
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error
  }
  const descriptor = openSync(path, flags)
  try {
    return takeExisting(descriptor, path, mode & PERMISSIONS)
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

function takeExisting(descriptor: number, path: string, mode: number): number {
  const facts = fstatSync(descriptor)
  if (!facts.isFile()) throw new LogFileError(`${path} is not a regular file`)
  if (facts.nlink > 1) throw new LogFileError(`${path} has a second name`)
  const known = facts.mode & PERMISSIONS
  if ((known & ~mode) !== 0) fchmodSync(descriptor, known & mode)
  endLastLine(descriptor, facts.size)
  return descriptor
}

/** A process that was killed inside a write leaves half a line; the next one must not continue it. */
function endLastLine(descriptor: number, size: number): void {
  const last = Buffer.alloc(1)
  if (size === 0 || readSync(descriptor, last, 0, 1, size - 1) === 0 || last[0] === NEWLINE) return
  writeFully(descriptor, Buffer.from("\n"), null)
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : ""
}
