/** Where converted rows go: stdout, a new file, or whatever special file the user names. */
import { closeSync, constants, lstatSync, openSync, renameSync, rmSync } from "node:fs"
import { CannotCreateError, PermissionError } from "../errors.ts"

export interface OutputFile {
  readonly descriptor: number
  /** Makes the output visible under its name. */
  finish(): void
  /** Takes back what was written so far. */
  abandon(): void
}

/** @param path undefined for stdout. A file appears under its name only when it is complete, mode 0600. */
export function openOutput(path: string | undefined, isForced: boolean): OutputFile {
  if (path === undefined || path === "-") return { descriptor: 1, finish() {}, abandon() {} }
  const known = lstatSync(path, { throwIfNoEntry: false })
  if (known?.isDirectory())
    throw new CannotCreateError(
      `${path} is a folder`,
      "Name a file with -o, or use -t csv for one file a table.",
    )
  if (known !== undefined && !known.isFile() && !known.isSymbolicLink()) return openSpecial(path)
  if (known !== undefined && !isForced)
    throw new CannotCreateError(`${path} exists`, "Choose another name, or give --force to replace it.")
  const part = `${path}.part`
  rmSync(part, { force: true })
  const descriptor = openNew(part, path)
  const finish = () => {
    closeSync(descriptor)
    renameSync(part, path)
  }
  const abandon = () => {
    closeSync(descriptor)
    rmSync(part, { force: true })
  }
  return { descriptor, finish, abandon }
}

/** A device or a FIFO, such as /dev/null, is written to as it is. */
function openSpecial(path: string): OutputFile {
  const descriptor = openSync(path, "w")
  const close = () => closeSync(descriptor)
  return { descriptor, finish: close, abandon: close }
}

function openNew(part: string, path: string): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  try {
    return openSync(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === "EACCES" || code === "EPERM") throw new PermissionError(`no permission to create ${path}`)
    throw new CannotCreateError(`${path} cannot be created (${code})`)
  }
}
