import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type KernelState,
  restore,
  type StateControl,
  snapshot,
  stateFromJson,
  stateToJson,
} from "../../../../src/sources/audit/kernel-state.ts"
import { type AuditRule, isSameRule } from "../../../../src/sources/audit/rule.ts"
import { LIST } from "../../../../src/sources/audit/rule-fields.ts"
import { systemError } from "../../../../src/sources/native/native-error.ts"
import { keyedRule } from "./rules.ts"

type Words = Omit<KernelState, "rules">

/** A kernel's audit in a few lines: rules in the order of their lists, words, an owner. */
class SmallKernel implements StateControl {
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

const WORDS: Words = { enabled: 0, failure: 1, rateLimit: 0, backlogLimit: 64, backlogWaitTime: 15000 }
const number = fc.nat(0xffffffff)
const words = fc.record({
  enabled: fc.nat(1),
  failure: fc.nat(2),
  rateLimit: number,
  backlogLimit: number,
  backlogWaitTime: number,
})
const rule = fc
  .tuple(fc.nat(5), fc.constantFrom("a", "b"), fc.constantFrom(LIST.exit, LIST.user))
  .map(([syscall, key, list]) => keyedRule(syscall, key, list))
const rules = fc.uniqueArray(rule, { selector: ({ raw }) => raw.toString("hex"), maxLength: 8 })

describe("restore", () => {
  it("brings everything back in its order, whatever was deleted, added and set", () => {
    fc.assert(
      fc.property(
        words,
        rules,
        words,
        rules,
        rules,
        fc.boolean(),
        (foundWords, found, now, deleted, added, isOwner) => {
          const kernel = new SmallKernel(foundWords, found)
          const before = snapshot(kernel)
          for (const gone of deleted) kernel.rules = kernel.rules.filter((known) => !isSameRule(known, gone))
          for (const ours of added)
            if (!kernel.rules.some((known) => isSameRule(known, ours))) kernel.addRule(ours)
          kernel.addRule(keyedRule(59, "x\x01retrail"))
          kernel.words = now
          kernel.pid = isOwner ? process.pid : 1
          expect(restore(kernel, before, { ourRules: added })).toEqual([])
          expect(kernel.rules.map(({ raw }) => raw.toString("hex"))).toEqual(
            before.rules.map(({ raw }) => raw.toString("hex")),
          )
          expect(kernel.words).toEqual(foundWords)
          expect(kernel.pid).toBe(isOwner ? 0 : 1)
        },
      ),
    )
  })

  it("leaves foreign rules that came meanwhile", () => {
    const kernel = new SmallKernel(WORDS, [keyedRule(1, "a")])
    const before = snapshot(kernel)
    kernel.addRule(keyedRule(2, "theirs"))
    kernel.addRule(keyedRule(3, "ours"))
    expect(restore(kernel, before, { ourRules: [keyedRule(3, "ours")] })).toEqual([])
    expect(kernel.rules).toEqual([keyedRule(1, "a"), keyedRule(2, "theirs")])
  })

  it("tries every step and tells which failed", () => {
    const kernel = new SmallKernel({ ...WORDS, enabled: 1, failure: 0, backlogLimit: 9 }, [])
    kernel.pid = process.pid
    kernel.broken.add("rules").add("failure")
    const failures = restore(kernel, { ...WORDS, rules: [] }, { ourRules: [] })
    expect(failures.map(({ step }) => step)).toEqual(["list rules", "put back failure"])
    expect(failures[0]?.message).toContain("EPERM")
    expect(kernel.words).toEqual({ ...WORDS, failure: 0 })
    expect(kernel.pid).toBe(0)
  })
})

describe("stateToJson", () => {
  it("is read back as it was", () => {
    fc.assert(
      fc.property(words, rules, (found, list) => {
        const state = { ...found, rules: list }
        expect(stateFromJson(JSON.parse(JSON.stringify(stateToJson(state))))).toEqual(state)
      }),
    )
    const old = { ...WORDS, backlogWaitTime: null, rules: [] }
    expect(stateFromJson(stateToJson(old))).toEqual(old)
  })

  it.each([
    null,
    1,
    [],
    {},
    { ...WORDS },
    { ...WORDS, rules: [1] },
    { ...WORDS, rules: ["AAAA"] },
    { ...WORDS, enabled: -1, rules: [] },
  ])("is not %j", (json) => {
    expect(stateFromJson(json)).toBeNull()
  })
})
