/**
 * The results log: a folder with `osqueryd.results.log` and `osqueryd.snapshots.log`, as log shippers know them.
 * Source of truth: osquery plugins/logger/filesystem_logger.cpp.
 */
import { chownSync, mkdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { LogFile, type LogOwner, type LogPosition } from "./log-file.ts"
import { rotateLog } from "./rotate-log.ts"

export type LogKind = "results" | "snapshots"

export interface ResultsLogOptions {
  readonly folder: string
  /** logger_mode, as a number */
  readonly mode: number
  /** logger_rotate, with its size and number of files; absent: the log grows. */
  readonly rotation?: { readonly sizeBytes: number; readonly maxFiles: number }
  /** Who new files, and the folder if it is made here, belong to. */
  readonly owner?: LogOwner
}

const NAMES: Readonly<Record<LogKind, string>> = {
  results: "osqueryd.results.log",
  snapshots: "osqueryd.snapshots.log",
}
const FOLDER_MODE = 0o750

/** Both files are open from the start, so that it goes on after privileges have been dropped. */
export class ResultsLog {
  readonly #files: Readonly<Record<LogKind, LogFile>>
  readonly #rotation: ResultsLogOptions["rotation"]

  /** Makes the folder when it is not there. Throws the error of the file system, or LogFileError. */
  constructor({ folder, mode, rotation, owner }: ResultsLogOptions) {
    const made = mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
    if (made !== undefined && owner !== undefined) chownSync(resolve(folder), owner.uid, owner.gid)
    const options = { mode, ...(owner === undefined ? {} : { owner }) }
    const results = new LogFile(join(folder, NAMES.results), options)
    this.#files = { results, snapshots: new LogFile(join(folder, NAMES.snapshots), options) }
    this.#rotation = rotation
  }

  /**
   * Rotates the log when it is full. Between runs only: a position of before is of no use afterwards.
   * @returns why it could not be rotated, '' when all is well; a log that cannot be rotated grows on
   */
  rotateIfFull(kind: LogKind): string {
    const file = this.#files[kind]
    if (this.#rotation === undefined || file.position().size < BigInt(this.#rotation.sizeBytes)) return ""
    try {
      rotateLog(file.path, this.#rotation.maxFiles)
      file.reopen()
      return ""
    } catch (error) {
      return `${file.path} cannot be rotated: ${error instanceof Error ? error.message : String(error)}`
    }
  }

  position(kind: LogKind): LogPosition {
    return this.#files[kind].position()
  }

  append(kind: LogKind, lines: readonly string[]): void {
    this.#files[kind].append(lines)
  }

  /** Takes back lines of a run that was not brought to its end. */
  rewind(position: LogPosition): boolean {
    return this.#files.results.rewind(position) || this.#files.snapshots.rewind(position)
  }

  close(): void {
    this.#files.results.close()
    this.#files.snapshots.close()
  }
}
