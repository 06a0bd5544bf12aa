/** A kernel's audit for the tests. */
import type { KernelState, StateControl } from "../../../../src/sources/audit/kernel-state.ts"
import { type AuditRule, isSameRule } from "../../../../src/sources/audit/rule.ts"
import { systemError } from "../../../../src/sources/native/native-error.ts"

export type Words = Omit<KernelState, "rules">

/** A kernel's audit in a few lines: rules in the order of their lists, words, an owner. */
export class SmallKernel implements StateControl {
  rules: AuditRule[]
  words: Words
  pid = 0
  readonly broken = new Set<string>()

  constructor(words: Words, rules: readonly AuditRule[]) {
    this.words = words
    this.rules = [...rules]
    this.#sort()
  }

  status() {
    const rest = { mask: 0, lost: 0, backlog: 0, featureBitmap: 0, backlogWaitTimeActual: 0 }
    return { ...rest, ...this.words, pid: this.pid }
  }

  putBack(found: Partial<Words>): void {
    for (const name of Object.keys(found)) if (this.broken.has(name)) throw systemError("AUDIT_SET", 1)
    this.words = { ...this.words, ...found }
  }

  addRule(rule: AuditRule): void {
    if (this.rules.some((known) => isSameRule(known, rule))) throw systemError("AUDIT_ADD_RULE", 17)
    this.rules.push(rule)
    this.#sort()
  }

  deleteRule(rule: AuditRule): void {
    if (!this.rules.some((known) => isSameRule(known, rule))) throw systemError("AUDIT_DEL_RULE", 2)
    this.rules = this.rules.filter((known) => !isSameRule(known, rule))
  }

  listRules(): AuditRule[] {
    if (this.broken.has("rules")) throw systemError("AUDIT_LIST_RULES", 1)
    return [...this.rules]
  }

  release(): void {
    this.pid = 0
  }

  #sort(): void {
    this.rules.sort((one, other) => one.list - other.list)
  }
}
