/**
 * Reads a file of audit rules in auditctl's syntax: rules, watches and settings, one a line.
 *
 *   -D
 *   -b 8192
 *   -a always,exit -F arch=b64 -S execve -F key=exec
 *   -w /etc/passwd -p wa -k identity
 *
 * Source of truth: audit.rules(7), auditctl(8). Beyond auditctl 3.0, quoted values may hold blanks, and `success`
 * takes yes and no. What would outlive the capture, lock the machine or delete single rules is refused.
 */
import type { AuditRule } from "../rule.ts"
import type { RulesContext } from "./field-value.ts"
import { RuleLine } from "./rule-line.ts"
import { type Parsed, parseInteger, splitWords } from "./split-words.ts"

export type { RulesContext } from "./field-value.ts"

export interface RulesSettings {
  /** -D: what was loaded before goes. */
  readonly deleteAll?: boolean
  readonly enabled?: 0 | 1
  readonly failure?: 0 | 1
  readonly rateLimit?: number
  readonly backlogLimit?: number
  readonly backlogWaitTime?: number
}

export interface RulesProblem {
  /** From 1. */
  readonly line: number
  readonly message: string
}

export interface RulesFile {
  readonly rules: readonly AuditRule[]
  readonly settings: RulesSettings
  readonly problems: readonly RulesProblem[]
}

/** A line of which anything is wrong has no effect at all. */
export function parseRulesFile(text: string, context: RulesContext): RulesFile {
  let rules: AuditRule[] = []
  let settings: RulesSettings = {}
  const problems: RulesProblem[] = []
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue
    const read = readLine(line, context)
    if (read.problem !== "") {
      problems.push({ line: index + 1, message: read.problem })
      continue
    }
    if (read.settings.deleteAll) rules = []
    settings = { ...settings, ...read.settings }
    if (read.rule !== null) rules.push(read.rule)
  }
  return { rules, settings, problems }
}

interface ReadLine {
  readonly problem: string
  readonly settings: RulesSettings
  readonly rule: AuditRule | null
}

/** Options of a rule: what each does with its value, and what is wrong with it, or ''. */
const RULE_OPTIONS: ReadonlyMap<string, (rule: RuleLine, value: string) => string> = new Map([
  ["-a", (rule: RuleLine, value: string) => rule.place(value, false)],
  ["-A", (rule: RuleLine, value: string) => rule.place(value, true)],
  ["-w", (rule: RuleLine, value: string) => rule.watch(value)],
  ["-p", (rule: RuleLine, value: string) => rule.permissions(value)],
  ["-S", (rule: RuleLine, value: string) => rule.syscalls(value)],
  ["-F", (rule: RuleLine, value: string) => rule.field(value)],
  ["-C", (rule: RuleLine, value: string) => rule.comparison(value)],
  ["-k", (rule: RuleLine, value: string) => rule.key(value)],
])

/** Settings by number; some take no more than 0 and 1. */
const SETTINGS: ReadonlyMap<string, { readonly name: keyof RulesSettings; readonly refusalOf2?: string }> =
  new Map([
    ["-b", { name: "backlogLimit" as const }],
    ["-r", { name: "rateLimit" as const }],
    ["--backlog_wait_time", { name: "backlogWaitTime" as const }],
    ["-f", { name: "failure" as const, refusalOf2: "a full backlog would panic the kernel" }],
    [
      "-e",
      { name: "enabled" as const, refusalOf2: "the kernel's audit would be locked until the next boot" },
    ],
  ])

const REFUSED: ReadonlyMap<string, string> = new Map([
  ["-d", "deletes a single rule, which a capture does not do: leave the rule out"],
  ["-W", "deletes a single watch, which a capture does not do: leave the watch out"],
  ["--loginuid-immutable", "cannot be taken back before the next boot"],
  ["--reset-lost", "would take the count from which losses are known"],
])

function readLine(line: string, context: RulesContext): ReadLine {
  const failed = (problem: string): ReadLine => ({ problem, settings: {}, rule: null })
  const split = splitWords(line)
  if ("problem" in split) return failed(split.problem)
  let rule: RuleLine | null = null
  let settings: RulesSettings = {}
  const words = [...split.value]
  for (let option = words.shift(); option !== undefined; option = words.shift()) {
    if (option === "-c" || option === "-i") continue
    if (option === "-D") {
      settings = { ...settings, deleteAll: true }
      continue
    }
    const take = RULE_OPTIONS.get(option)
    if (take === undefined && !SETTINGS.has(option)) {
      return failed(`${option} ${REFUSED.get(option) ?? "is no option of a rules file"}`)
    }
    const value = words.shift()
    if (value === undefined) return failed(`${option} lacks its value`)
    if (take === undefined) {
      const setting = readSetting(option, value)
      if ("problem" in setting) return failed(setting.problem)
      settings = { ...settings, ...setting.value }
      continue
    }
    rule ??= new RuleLine(context)
    const problem = take(rule, value)
    if (problem !== "") return failed(problem)
  }
  const finished = rule?.finish()
  if (finished !== undefined && "problem" in finished) return failed(finished.problem)
  return { problem: "", settings, rule: finished?.value ?? null }
}

function readSetting(option: string, text: string): Parsed<RulesSettings> {
  const number = parseInteger(text)
  const setting = SETTINGS.get(option)
  if (number === undefined || number < 0 || setting === undefined) {
    return { problem: `${option} ${text}: not a number` }
  }
  if (setting.refusalOf2 !== undefined && number > 1) {
    const reason = number === 2 ? setting.refusalOf2 : "it is 0 or 1"
    return { problem: `${option} ${text} is refused: ${reason}` }
  }
  return { value: { [setting.name]: number } }
}
