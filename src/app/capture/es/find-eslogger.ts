/** Finds the program eslogger, and asks it what it knows. Source of truth: eslogger(1) of macOS 13 and newer. */
import { execFile } from "node:child_process"
import { accessSync, constants, statSync } from "node:fs"
import { isAbsolute, join, resolve } from "node:path"
import { FailedError, MissingInputError, PermissionError } from "../../errors.ts"

const NAME = "eslogger"
const USUAL = "/usr/bin/eslogger"
const LIST_MS = 5000
const LIST_BYTES = 64 * 1024

/**
 * @param given --eslogger
 * @param searchPath as PATH; folders that are not absolute are passed over: this runs as root
 * @throws RetrailError
 */
export function findEslogger(given: string | undefined, searchPath: string): string {
  if (given !== undefined) return usable(given)
  const folders = searchPath.split(":").filter(isAbsolute)
  const found = [USUAL, ...folders.map((folder) => join(folder, NAME))].find(isProgram)
  if (found !== undefined) return found
  throw new FailedError(
    `there is no eslogger on this ${process.platform === "darwin" ? "macOS" : "system"}`,
    "It comes with macOS 13 and newer. --from - reads what it printed elsewhere, --from PATH a file or FIFO of it.",
  )
}

/** What `--list-events` says; '' when it says nothing of use. */
export function listEvents(program: string): Promise<string> {
  return new Promise((done) => {
    const options = { timeout: LIST_MS, maxBuffer: LIST_BYTES, killSignal: "SIGKILL" as const }
    execFile(program, ["--list-events"], options, (error, stdout) => done(error === null ? stdout : ""))
  })
}

function usable(given: string): string {
  const path = resolve(given)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined)
    throw new MissingInputError(`${given} does not exist`, "--eslogger takes a program.")
  if (stats.isFile() && isProgram(path)) return path
  throw new PermissionError(`${given} cannot be run`, "--eslogger takes a program.")
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
