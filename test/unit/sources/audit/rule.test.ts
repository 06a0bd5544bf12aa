import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  decodeRule,
  isSameRule,
  makeRule,
  numberField,
  ruleKey,
  storedBytes,
  textField,
} from "../../../../src/sources/audit/rule.ts"
import { ACTION, FIELD, LIST, OPERATOR } from "../../../../src/sources/audit/rule-fields.ts"

const TEXTS = [FIELD.path, FIELD.dir, FIELD.exe, FIELD.key]
const field = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 1, FIELD.arch, FIELD.exit, FIELD.arg0), fc.nat(0xffffffff))
    .map(([number, value]) => numberField(number, OPERATOR.greaterOrEqual, value)),
  fc
    .tuple(fc.constantFrom(...TEXTS), fc.string({ minLength: 1, unit: "grapheme" }))
    .map(([number, text]) =>
      textField(number, OPERATOR.equal, text.replaceAll("\0", "0").replaceAll("\\", "/")),
    ),
)
const parts = fc.record({
  list: fc.constantFrom(...Object.values(LIST)),
  action: fc.constantFrom(...Object.values(ACTION)),
  syscalls: fc.oneof(fc.constant("all" as const), fc.array(fc.nat(2031))),
  fields: fc.array(field, { maxLength: 64 }),
  isPrepended: fc.boolean(),
})

describe("makeRule", () => {
  it("lays struct audit_rule_data out as the kernel's header has it", () => {
    const { raw } = makeRule({
      list: LIST.exit,
      action: ACTION.always,
      syscalls: [59, 322],
      fields: [
        numberField(FIELD.arch, OPERATOR.equal, 0xc000003e),
        textField(FIELD.key, OPERATOR.equal, "demo"),
      ],
    })
    expect(raw.length).toBe(1040 + 4)
    const word = (index: number) => raw.readUInt32LE(index * 4)
    expect([word(0), word(1), word(2)]).toEqual([4, 2, 2])
    expect([word(3 + 1), word(3 + 10)]).toEqual([1 << 27, 4])
    expect([word(67), word(68), word(69)]).toEqual([11, 210, 0])
    expect([word(131), word(132)]).toEqual([0xc000003e, 4])
    expect([word(195), word(196)]).toEqual([0x40000000, 0x40000000])
    expect(word(259)).toBe(4)
    expect(raw.subarray(1040).toString()).toBe("demo")
  })

  it("sets no bit that means a class of calls", () => {
    const { raw } = makeRule({ list: LIST.exit, action: ACTION.always, syscalls: "all", fields: [] })
    expect(raw.readUInt32LE(12)).toBe(0xffffffff)
    expect(raw.readUInt32LE(12 + 63 * 4)).toBe(0xffff)
  })

  it("takes no more than the structure holds", () => {
    const rule = { list: LIST.exit, action: ACTION.always, fields: [] }
    expect(() => makeRule({ ...rule, syscalls: [2048] })).toThrow(RangeError)
    const fields = Array.from({ length: 65 }, () => numberField(0, OPERATOR.equal, 1))
    expect(() => makeRule({ ...rule, syscalls: [], fields })).toThrow(RangeError)
  })
})

describe("decodeRule", () => {
  it("reads what makeRule wrote", () => {
    fc.assert(
      fc.property(parts, (wanted) => {
        const rule = makeRule(wanted)
        expect(decodeRule(Buffer.concat([rule.raw, Buffer.alloc(3)]))).toEqual(rule)
      }),
    )
  })

  it("refuses bytes that are no rule, whatever they are", () => {
    const { raw } = makeRule({
      list: LIST.exit,
      action: ACTION.always,
      syscalls: "all",
      fields: [textField(FIELD.key, OPERATOR.equal, "demo")],
    })
    expect(decodeRule(raw.subarray(0, 1039))).toBeNull()
    expect(decodeRule(raw.subarray(0, 1043))).toBeNull()
    const many = Buffer.from(raw)
    many.writeUInt32LE(65, 8)
    expect(decodeRule(many)).toBeNull()
    const long = Buffer.from(raw)
    long.writeUInt32LE(5, 131 * 4)
    expect(decodeRule(long)).toBeNull()
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1030, maxLength: 1100 }),
        (bytes) => void decodeRule(Buffer.from(bytes)),
      ),
    )
  })
})

describe("isSameRule", () => {
  it("forgets where the rule was to stand, and nothing else", () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const [front, back] = [
          makeRule({ ...one, isPrepended: true }),
          makeRule({ ...one, isPrepended: false }),
        ]
        expect(isSameRule(front, back)).toBe(true)
        expect(storedBytes(front)).toEqual(back.raw)
        const different = makeRule({ ...other, isPrepended: false })
        expect(isSameRule(back, different)).toBe(back.raw.equals(different.raw))
      }),
    )
  })
})

it("ruleKey is the key, or nothing", () => {
  const rule = { list: LIST.exit, action: ACTION.always, syscalls: "all" as const }
  expect(ruleKey(makeRule({ ...rule, fields: [textField(FIELD.key, OPERATOR.equal, "a\x01b")] }))).toBe(
    "a\x01b",
  )
  expect(ruleKey(makeRule({ ...rule, fields: [] }))).toBe("")
})
