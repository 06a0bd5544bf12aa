/** From an exception to an exit code and two short lines: what is wrong, and what to do next. */
import { CLIError, ExitError } from "@oclif/core/errors"
import { RetrailError } from "../app/errors.ts"
import { EXIT_CODES } from "../app/exit-codes.ts"
import { wrapText } from "../app/output/wrap-text.ts"
import { nearestNames } from "../base/nearest-names.ts"
import { escapeForTerminal } from "../base/terminal.ts"

export interface Failure {
  readonly exitCode: number
  /** '' when there is nothing to say. Not yet escaped. */
  readonly message: string
  readonly suggestion: string
  /** For bugs; '' otherwise. */
  readonly stack: string
}

/** The options of each command, by its name as typed, a topic's commands with a blank. */
export type KnownOptions = ReadonlyMap<string, readonly string[]>

/** `known` helps with a misspelled command or option. */
export function describeFailure(error: unknown, argv: readonly string[], known: KnownOptions): Failure {
  if (error instanceof RetrailError && error.exitCode !== EXIT_CODES.internal.code) {
    const { exitCode, message, suggestion } = error
    return { exitCode, message, suggestion, stack: "" }
  }
  if (error instanceof ExitError) {
    return { exitCode: error.oclif.exit ?? 0, message: "", suggestion: "", stack: "" }
  }
  if (isNodeError(error, "EPIPE")) return { exitCode: 0, message: "", suggestion: "", stack: "" }
  if (error instanceof CLIError) return usageFailure(error, argv, known)
  return bug(error)
}

/** The text for stderr: escaped, wrapped for 80 columns, the suggestion on a line of its own. */
export function errorLines({ message, suggestion }: Failure): string {
  const lines = [`Error: ${message}`, suggestion].filter((line) => line !== "")
  return lines.map((line) => `${wrapText(escapeForTerminal(line), undefined, "  ")}\n`).join("")
}

/** oclif's own errors are about the command line; their further lines ("See more help") are replaced by ours. */
function usageFailure(error: CLIError, argv: readonly string[], known: KnownOptions): Failure {
  const exitCode = EXIT_CODES.usage.code
  const [first = ""] = error.message.split("\n")
  const words = argv.filter((argument) => !argument.startsWith("-"))
  const inTopic = words.slice(0, 2).join(" ")
  const isInTopic = known.has(inTopic) || [...known.keys()].some((name) => name.startsWith(`${words[0]} `))
  const command = isInTopic ? inTopic : (words[0] ?? "")
  if (/^command .* not found$/.test(first)) {
    const near = nearestNames(command, known.keys())
    const suggestion =
      near.length > 0 ? `Did you mean: ${near.join(", ")}?` : "retrail --help lists the commands."
    return { exitCode, message: `there is no command ${command}`, suggestion, stack: "" }
  }
  const unknown = /^Nonexistent flags?: (.*)$/.exec(first)?.[1]
  const message = unknown === undefined ? plainMessage(error.message) : `unknown option: ${unknown}`
  const near = nearestNames((unknown ?? "").replace(/^-+/, ""), known.get(command) ?? [], 1)
  const meant = near.map((option) => `Did you mean --${option}? `).join("")
  const suggestion = `${meant}See: retrail ${known.has(command) ? `${command} ` : ""}--help`
  return { exitCode, message, suggestion, stack: "" }
}

/** oclif's message without its hint at --help, in one line. */
function plainMessage(message: string): string {
  return message
    .split("\n")
    .filter((line) => !line.startsWith("See more help"))
    .map((line) => line.trim())
    .join(" ")
}

function bug(error: unknown): Failure {
  const message = error instanceof Error ? error.message.split("\n", 1)[0] : String(error)
  const stack = error instanceof Error ? (error.stack ?? "") : ""
  return {
    exitCode: EXIT_CODES.internal.code,
    message: `this is a bug of ours: ${message}`,
    suggestion: "Please report it with the output of the same command under RETRAIL_DEBUG=1.",
    stack,
  }
}

function isNodeError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code
}
