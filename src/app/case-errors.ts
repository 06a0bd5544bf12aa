/** What can go wrong with a case file, and what to do then. */
import { CaseFileError } from "../store/sqlite/case-file.ts"
import {
  CannotCreateError,
  IoError,
  PermissionError,
  type RetrailError,
  UnrecognisedError,
} from "./errors.ts"

/** An error of the case file or the disk under it, for the person at the keyboard; any other as it is. */
export function describeCaseError(error: unknown, database: string): unknown {
  if (error instanceof CaseFileError) return caseError(error)
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (code === "SQLITE_FULL" || code === "ENOSPC" || code === "EDQUOT") {
    return new IoError(
      `no space left for ${database}`,
      "What was committed is safe: make room and run the same command again.",
    )
  }
  if (code === "EFBIG") {
    return new IoError(
      `${database} would grow beyond what the file system or ulimit -f allows`,
      "What was committed is safe: use another place or limit, and run the same command again.",
    )
  }
  if (code.startsWith("SQLITE_IOERR") || code === "EIO") {
    return new IoError(
      `writing ${database} failed (${code})`,
      "Run the same command again: it goes on where it stopped.",
    )
  }
  if (code.startsWith("SQLITE_CORRUPT")) {
    return new IoError(
      `${database} is damaged`,
      "Ingest into a new file; the evidence itself is never written to.",
    )
  }
  if (code === "EACCES" || code === "EPERM") {
    return new PermissionError(
      `no permission to write beside ${database}`,
      "Choose a folder that you may write to.",
    )
  }
  return error
}

function caseError(error: CaseFileError): RetrailError {
  switch (error.failure) {
    case "permission":
      return new PermissionError(error.message, "Choose another place with -d.")
    case "locked":
      return new CannotCreateError(error.message, "Wait until it has ended, or use another file.")
    case "link":
      return new CannotCreateError(error.message, "Name the file itself: links are not followed.")
    case "newer":
      return new UnrecognisedError(error.message, "Use the retrail that made it, or ingest into a new file.")
    default:
      return new CannotCreateError(error.message, "Choose another place with -d.")
  }
}
