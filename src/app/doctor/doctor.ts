/** Use case: what this machine offers, whether a case is whole, and whether osquery's settings make sense. */
import { dirname, resolve } from "node:path"
import { escapeForTerminal } from "../../base/terminal.ts"
import { OsqueryFlags } from "../../pipeline/flags/osquery-flags.ts"
import { EXIT_CODES } from "../exit-codes.ts"
import { countOf } from "../output/amounts.ts"
import { MESSAGE_WIDTH, wrapText } from "../output/wrap-text.ts"
import type { Check, CheckState, Machine } from "./check.ts"
import { checkCase } from "./check-case.ts"
import { checkLive } from "./check-live.ts"
import { checkRuntime } from "./check-runtime.ts"
import { checkCaseFlags, checkFlagfile } from "./settings/check-flags.ts"
import { checkSchedule } from "./settings/check-schedule.ts"
import { readFlagfile } from "./settings/read-flags.ts"

const WORDS: Readonly<Record<CheckState, string>> = { ok: "OK", info: "INFO", warn: "WARN", fail: "FAIL" }
const NAME_WIDTH = 14

/** Files of osquery's to look at as well. */
export interface Settings {
  readonly flagfile?: string | undefined
  readonly config?: string | undefined
}

/** @param casePath the case to look at, or undefined: then the disk of the current folder counts */
export function examine(machine: Machine, casePath: string | undefined, settings: Settings = {}): Check[] {
  const folder = casePath === undefined ? "." : dirname(resolve(casePath))
  const runtime = checkRuntime(machine, folder)
  const hasSqlite = !runtime.some(({ name, state }) => name === "sqlite" && state === "fail")
  const caseChecks = casePath !== undefined && hasSqlite ? checkCase(casePath) : []
  return [
    ...runtime,
    ...caseChecks,
    ...checkSettings(hasSqlite ? casePath : undefined, settings),
    ...checkLive(machine),
  ]
}

function checkSettings(casePath: string | undefined, { flagfile, config }: Settings): Check[] {
  const found = flagfile === undefined ? null : readFlagfile(flagfile)
  const flags = found?.flags ?? new OsqueryFlags()
  // First, because options of a config win over the flag file.
  const schedule = config === undefined ? [] : checkSchedule(config, flags, found !== null)
  return [
    ...(flagfile === undefined ? [] : checkFlagfile(found)),
    ...(casePath === undefined ? [] : checkCaseFlags(casePath)),
    ...schedule,
  ]
}

/** As it may be shown to anybody. */
export function forReport({ aside: _, ...check }: Check): Check {
  return check
}

export function doctorExitCode(checks: readonly Check[]): number {
  return checks.some(({ state }) => state === "fail") ? EXIT_CODES.failed.code : EXIT_CODES.done.code
}

/** One line a check, in 80 columns, the fix below it. */
export function checkText({ name, state, finding, fix, aside }: Check): string {
  const indent = " ".repeat(6 + NAME_WIDTH)
  const head = `${WORDS[state].padEnd(6)}${name.padEnd(NAME_WIDTH)}`
  const said = aside === undefined ? finding : `${finding}: ${aside}`
  // The head is padded with blanks that wrapping would take for empty words.
  const body = wrapText(escapeForTerminal(said), MESSAGE_WIDTH - indent.length)
  const text = fix === "" ? body : `${body}\n${wrapText(`-> ${fix}`, MESSAGE_WIDTH - indent.length, "   ")}`
  return `${head}${text.replaceAll("\n", `\n${indent}`)}\n`
}

/** `12 checks: 1 failed, 2 warnings`. */
export function doctorTotals(checks: readonly Check[]): string {
  const count = (wanted: CheckState) => checks.filter(({ state }) => state === wanted).length
  return `${countOf(checks.length, "check")}: ${count("fail")} failed, ${countOf(count("warn"), "warning")}`
}
