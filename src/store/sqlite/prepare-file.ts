/** The file of a case before SQLite opens it: created 0600, never through a link; and why it cannot be used. */
import { closeSync, constants, fchmodSync, lstatSync, openSync } from "node:fs"

export type CaseFailure = "link" | "not-a-case" | "newer" | "locked" | "permission" | "cannot-create"

/** The file cannot be used as a case. */
export class CaseFileError extends Error {
  readonly failure: CaseFailure

  constructor(failure: CaseFailure, message: string) {
    super(message)
    this.failure = failure
  }
}

/** Makes an empty file of mode 0600 when there is none; true when the schema has to be written. */
export function prepareFile(path: string): boolean {
  const known = lstatSync(path, { throwIfNoEntry: false })
  if (known?.isSymbolicLink()) throw new CaseFileError("link", `${path} is a symbolic link`)
  if (known !== undefined && !known.isFile())
    throw new CaseFileError("not-a-case", `${path} is not a regular file`)
  if (known !== undefined) return known.size === 0
  try {
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW
    const descriptor = openSync(path, flags, 0o600)
    fchmodSync(descriptor, 0o600)
    closeSync(descriptor)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === "EACCES" || code === "EPERM")
      throw new CaseFileError("permission", `no permission to create ${path}`)
    throw new CaseFileError("cannot-create", `${path} cannot be created (${code})`)
  }
  return true
}

/** What an error of SQLite at opening says of the file; other errors as they are. */
export function describeOpening(error: unknown, path: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (code === "SQLITE_NOTADB") return new CaseFileError("not-a-case", `${path} is not an SQLite file`)
  if (code.startsWith("SQLITE_BUSY"))
    return new CaseFileError("locked", `${path} is being written by another process`)
  if (code === "SQLITE_READONLY" || code === "SQLITE_CANTOPEN" || code === "SQLITE_PERM") {
    return new CaseFileError("permission", `no permission to write ${path}`)
  }
  return error
}
