/** Starts oclif and gives every way to end its exit code and its one or two lines on stderr. */
import { writeSync } from "node:fs"
import { run as runOclif } from "@oclif/core/run"
import { EXIT_CODES } from "../app/exit-codes.ts"
import { describeFailure, errorLines, type KnownOptions } from "./describe-failure.ts"

/** `entryUrl` is the file: URL of the script in bin/, from which oclif finds package.json. */
export async function run(entryUrl: string): Promise<void> {
  process.stdout.on("error", endOnClosedPipe)
  process.stderr.on("error", endOnClosedPipe)
  exitOnSignal("SIGINT", EXIT_CODES.interrupted.code)
  exitOnSignal("SIGTERM", EXIT_CODES.terminated.code)
  process.on("uncaughtException", (error) => {
    report(error, new Map())
    process.exit()
  })
  try {
    await runOclif(process.argv.slice(2), entryUrl)
  } catch (error) {
    report(error, await knownOptions())
  }
}

/** To suggest what was meant. A capture that gave up root may not be able to read its own files any more. */
async function knownOptions(): Promise<KnownOptions> {
  const commands = await import("./index.ts").catch(() => undefined)
  const options = Object.entries(commands?.COMMANDS ?? {}).map(([name, { baseFlags, flags }]) => {
    return [name.replace(":", " "), Object.keys({ ...baseFlags, ...flags })] as const
  })
  return new Map(options)
}

function report(error: unknown, known: KnownOptions): void {
  const failure = describeFailure(error, process.argv.slice(2), known)
  process.exitCode = failure.exitCode
  if (failure.message !== "") process.stderr.write(errorLines(failure))
  if (failure.stack !== "" && process.env.RETRAIL_DEBUG === "1") writeSync(2, `${failure.stack}\n`)
}

/** `retrail … | head` is no failure. */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(EXIT_CODES.done.code)
  throw error
}

/** A command that saves its state on a signal listens for it itself: then this one stands back. */
function exitOnSignal(signal: "SIGINT" | "SIGTERM", code: number): void {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(code)
  })
}
