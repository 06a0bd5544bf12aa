/**
 * Opens a file that is appended to, and that nobody else can have put there to be written through.
 * open(2): O_EXCL makes a new file or none, O_NOFOLLOW refuses a link, O_APPEND writes at the end whoever writes too.
 */
import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync, type Stats } from "node:fs"
import { CannotCreateError, PermissionError, type RetrailError } from "../errors.ts"

const MODE = 0o600
const LF = 0x0a

export interface OwnFile {
  readonly descriptor: number
  readonly size: number
  /** The last line has no end: a write was cut short. */
  readonly isTorn: boolean
}

/** A new file of mode 0600. @throws RetrailError when something has that name already, or it cannot be made */
export function createOwnFile(path: string): OwnFile {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_APPEND
  try {
    const descriptor = openSync(path, flags | constants.O_NOFOLLOW, MODE)
    fchmodSync(descriptor, MODE)
    return { descriptor, size: 0, isTorn: false }
  } catch (error) {
    throw describe(error, path)
  }
}

/** The file as it is when it is a regular one of ours, or of `owner`; else a new one. @throws RetrailError */
export function openOwnFile(path: string, owner?: number): OwnFile {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let descriptor: number
  try {
    descriptor = openSync(path, flags)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return createOwnFile(path)
    throw describe(error, path)
  }
  try {
    const stats = fstatSync(descriptor)
    const why = whyNotOurs(stats, owner)
    if (why !== "") throw new CannotCreateError(`${path} ${why}`, "Name another file, or remove it.")
    fchmodSync(descriptor, MODE)
    return { descriptor, size: stats.size, isTorn: isTorn(descriptor, stats.size) }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** '' for a regular file that this account or `owner` owns and that has no second name. */
function whyNotOurs(stats: Stats, owner: number | undefined): string {
  if (!stats.isFile()) return "is not a regular file"
  if (stats.uid !== process.geteuid?.() && stats.uid !== owner) return "belongs to another account"
  return stats.nlink > 1 ? "has a second name, which may be somebody else's file" : ""
}

function isTorn(descriptor: number, size: number): boolean {
  const last = Buffer.alloc(1)
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== LF
}

function describe(error: unknown, path: string): RetrailError {
  const { code } = error as NodeJS.ErrnoException
  if (code === "EACCES" || code === "EPERM")
    return new PermissionError(`no permission to write ${path}`, "Choose a folder that you may write to.")
  if (code === "ELOOP")
    return new CannotCreateError(
      `${path} is a symbolic link`,
      "Name the file itself: links are not followed.",
    )
  return new CannotCreateError(`${path} cannot be created (${code})`, "Choose another place.")
}
