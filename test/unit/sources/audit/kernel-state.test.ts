import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { restore, snapshot, stateFromJson, stateToJson } from "../../../../src/sources/audit/kernel-state.ts"
import { isSameRule } from "../../../../src/sources/audit/rule.ts"
import { LIST } from "../../../../src/sources/audit/rule-fields.ts"
import { keyedRule } from "./rules.ts"
import { SmallKernel, type Words } from "./small-kernel.ts"

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
