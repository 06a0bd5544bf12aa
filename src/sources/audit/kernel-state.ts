/**
 * The kernel's audit as it was before a capture, and the way back to it.
 * Source of truth: kernel/audit.c, kernel/auditfilter.c; lists of rules are ordered, and a rule can only be added at
 * an end of its list.
 */
import { hasCode } from "../native/native-error.ts"
import type { AuditControl, FoundWords } from "./control.ts"
import { type AuditRule, decodeRule, isSameRule, KEY_SEPARATOR, ruleKey } from "./rule.ts"
import type { AuditStatus } from "./status.ts"
import { OWN_KEY } from "./wanted-rules.ts"

export interface KernelState {
  readonly enabled: number
  readonly failure: number
  readonly rateLimit: number
  readonly backlogLimit: number
  /** null on a kernel that has none. */
  readonly backlogWaitTime: number | null
  readonly rules: readonly AuditRule[]
}

/** The part of AuditControl that is needed here. */
export type StateControl = Pick<
  AuditControl,
  "status" | "putBack" | "addRule" | "deleteRule" | "listRules" | "release"
>

export interface RestoreOptions {
  /** What the capture added, beside what bears its key. */
  readonly ourRules: readonly AuditRule[]
}

export interface RestoreFailure {
  readonly step: string
  readonly message: string
}

export function snapshot(control: Pick<AuditControl, "status" | "listRules">): KernelState {
  const { enabled, failure, rateLimit, backlogLimit, backlogWaitTime } = control.status()
  return { enabled, failure, rateLimit, backlogLimit, backlogWaitTime, rules: control.listRules() }
}

/** As JSON-compatible values: the rules in base64. */
export function stateToJson({ rules, ...words }: KernelState): Record<string, unknown> {
  return { ...words, rules: rules.map(({ raw }) => raw.toString("base64")) }
}

/** null when the value is not what `stateToJson` makes. */
export function stateFromJson(json: unknown): KernelState | null {
  if (typeof json !== "object" || json === null) return null
  const values = new Map(Object.entries(json))
  const [enabled, failure, rateLimit, backlogLimit] = WORDS.map((name) => values.get(name))
  const backlogWaitTime = values.get("backlogWaitTime")
  const texts: unknown = values.get("rules")
  if (!isWord(enabled) || !isWord(failure) || !isWord(rateLimit) || !isWord(backlogLimit)) return null
  if (!(backlogWaitTime === null || isWord(backlogWaitTime)) || !Array.isArray(texts)) return null
  const rules = texts.map((text) =>
    typeof text === "string" ? decodeRule(Buffer.from(text, "base64")) : null,
  )
  if (!rules.every((rule) => rule !== null)) return null
  return { enabled, failure, rateLimit, backlogLimit, backlogWaitTime, rules }
}

/**
 * Takes our rules away, brings missing ones back in their order, puts the words back, gives the ownership up if it
 * is this process's. Never throws: every step is tried, and those that failed are returned.
 */
export function restore(
  control: StateControl,
  before: KernelState,
  { ourRules }: RestoreOptions,
): RestoreFailure[] {
  const failures: RestoreFailure[] = []
  const attempt = (step: string, run: () => void, ...harmless: readonly string[]) => {
    try {
      run()
    } catch (error) {
      if (hasCode(error, ...harmless)) return
      failures.push({ step, message: error instanceof Error ? error.message : String(error) })
    }
  }
  attempt("list rules", () => {
    const plan = planRules(control.listRules(), before.rules, ourRules)
    for (const rule of plan.remove) attempt("delete a rule", () => control.deleteRule(rule), "ENOENT")
    for (const rule of plan.add) attempt("add a rule", () => control.addRule(rule), "EEXIST")
  })
  for (const name of [...WORDS.slice(1), "backlogWaitTime", "enabled"] as const) {
    attempt(`put back ${name}`, () => putBackWord(control, before, name))
  }
  attempt("give up the ownership", () => {
    if (control.status().pid === process.pid) control.release()
  })
  return failures
}

const WORDS = ["enabled", "failure", "rateLimit", "backlogLimit"] as const

function putBackWord(control: StateControl, before: KernelState, name: keyof FoundWords): void {
  const wanted = before[name]
  const now: AuditStatus = control.status()
  if (wanted === null || wanted === undefined || now[name] === wanted) return
  control.putBack({ [name]: wanted })
}

/** What to delete and what to append, so that each list is again what it was; foreign additions stay. */
function planRules(
  now: readonly AuditRule[],
  before: readonly AuditRule[],
  ourRules: readonly AuditRule[],
): { remove: AuditRule[]; add: AuditRule[] } {
  const isBefore = (rule: AuditRule) => before.some((known) => isSameRule(known, rule))
  const isOurs = (rule: AuditRule) =>
    !isBefore(rule) && (hasOwnKey(rule) || ourRules.some((known) => isSameRule(known, rule)))
  const remove = now.filter(isOurs)
  const add: AuditRule[] = []
  for (const list of new Set(before.map((rule) => rule.list))) {
    const left = now.filter((rule) => rule.list === list && isBefore(rule))
    const wanted = before.filter((rule) => rule.list === list)
    let same = 0
    while (same < left.length && isSameRule(left[same] as AuditRule, wanted[same] as AuditRule)) same++
    // What stands behind the first missing rule has to make way for it.
    remove.push(...left.slice(same))
    add.push(...wanted.slice(same))
  }
  return { remove, add }
}

function hasOwnKey(rule: AuditRule): boolean {
  return ruleKey(rule).split(KEY_SEPARATOR).includes(OWN_KEY)
}

function isWord(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffffffff
}
