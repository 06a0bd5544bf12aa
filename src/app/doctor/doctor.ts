/** Use case: what this machine offers, and whether a case is whole. */
import { dirname, resolve } from "node:path"
import { escapeForTerminal } from "../../base/terminal.ts"
import { EXIT_CODES } from "../exit-codes.ts"
import { countOf } from "../output/amounts.ts"
import { MESSAGE_WIDTH, wrapText } from "../output/wrap-text.ts"
import type { Check, CheckState, Machine } from "./check.ts"
import { checkCase } from "./check-case.ts"
import { checkLive } from "./check-live.ts"
import { checkRuntime } from "./check-runtime.ts"

const WORDS: Readonly<Record<CheckState, string>> = { ok: "OK", info: "INFO", warn: "WARN", fail: "FAIL" }
const NAME_WIDTH = 14

/** @param casePath the case to look at, or undefined: then the disk of the current folder counts */
export function examine(machine: Machine, casePath: string | undefined): Check[] {
  const folder = casePath === undefined ? "." : dirname(resolve(casePath))
  const runtime = checkRuntime(machine, folder)
  const hasSqlite = !runtime.some(({ name, state }) => name === "sqlite" && state === "fail")
  const caseChecks = casePath !== undefined && hasSqlite ? checkCase(casePath) : []
  return [...runtime, ...caseChecks, ...checkLive(machine)]
}

export function doctorExitCode(checks: readonly Check[]): number {
  return checks.some(({ state }) => state === "fail") ? EXIT_CODES.failed.code : EXIT_CODES.done.code
}

/** One line a check, in 80 columns, the fix below it. */
export function checkText({ name, state, finding, fix }: Check): string {
  const indent = " ".repeat(6 + NAME_WIDTH)
  const head = `${WORDS[state].padEnd(6)}${name.padEnd(NAME_WIDTH)}`
  // The head is padded with blanks that wrapping would take for empty words.
  const body = wrapText(escapeForTerminal(finding), MESSAGE_WIDTH - indent.length)
  const text = fix === "" ? body : `${body}\n${wrapText(`-> ${fix}`, MESSAGE_WIDTH - indent.length, "   ")}`
  return `${head}${text.replaceAll("\n", `\n${indent}`)}\n`
}

/** `12 checks: 1 failed, 2 warnings`. */
export function doctorTotals(checks: readonly Check[]): string {
  const count = (wanted: CheckState) => checks.filter(({ state }) => state === wanted).length
  return `${countOf(checks.length, "check")}: ${count("fail")} failed, ${countOf(count("warn"), "warning")}`
}
