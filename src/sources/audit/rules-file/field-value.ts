/**
 * Reads the conditions of a rule: `-F auid>=1000`, `-F exit=-EPERM`, `-C auid!=obj_uid`.
 * Source of truth: audit-userspace lib/libaudit.c (audit_rule_fieldpair_data, audit_rule_interfield_comp_data);
 * kernel/auditfilter.c (audit_field_valid) for the operators a field takes.
 */
import { ARCHES } from "../../../formats/linux-audit/tables/arches.gen.ts"
import { ERRORS } from "../../../formats/linux-audit/tables/errno.gen.ts"
import { recordTypeNumber } from "../../../formats/linux-audit/tables/record-types.ts"
import type { MachineArch } from "../machine.ts"
import { numberField, type RuleField, textField } from "../rule.ts"
import { FIELD, type FieldDescription, fieldByName, OPERATOR, OPERATOR_SYMBOLS } from "../rule-fields.ts"
import { COMPARISONS, FILE_SYSTEMS, FILE_TYPES, PERMISSIONS, wordNumber } from "../rule-words.ts"
import { type Parsed, parseInteger } from "./split-words.ts"

/** What a rules file means on the machine that it is for. */
export interface RulesContext {
  readonly machine: MachineArch
  /** The id of a user's or group's name; undefined for an unknown name. */
  readonly userId: (name: string) => number | undefined
  readonly groupId: (name: string) => number | undefined
  /** Whether `-w` watches a folder with all below it. */
  readonly isDirectory: (path: string) => boolean
}

const UNSET = 0xffffffff
const PATH_MAX = 4096
const EXIT_NUMBERS: ReadonlyMap<string, number> = new Map(
  Object.entries(ERRORS).map(([number, [name]]) => [name, Number(number)]),
)
/** Names of machines as uname -m has them, where the audit tables have others. */
const MACHINE_NAMES: ReadonlyMap<string, string> = new Map([
  ["i486", "i386"],
  ["i586", "i386"],
  ["i686", "i386"],
  ["armv7l", "arm"],
  ["arm64", "aarch64"],
])
const SUCCESS_WORDS: ReadonlyMap<string, number> = new Map([
  ["yes", 1],
  ["true", 1],
  ["no", 0],
  ["false", 0],
])
const ORDERED: readonly number[] = [
  OPERATOR.less,
  OPERATOR.greater,
  OPERATOR.lessOrEqual,
  OPERATOR.greaterOrEqual,
]

/** `name operator value`, without blanks. */
export function parseField(text: string, context: RulesContext): Parsed<RuleField> {
  const at = text.search(/[=!<>&]/)
  if (at <= 0) return { problem: `-F ${text}: a field is a name, an operator and a value` }
  const [symbol, operator] = OPERATOR_SYMBOLS.find(([known]) => text.startsWith(known, at)) ?? ["", 0]
  const field = fieldByName(text.slice(0, at))
  if (symbol === "" || field === undefined) return { problem: `-F ${text}: no such field or operator` }
  if (!takesOperator(field, operator)) return { problem: `-F ${text}: ${field.name} does not take ${symbol}` }
  const value = text.slice(at + symbol.length)
  if (value === "") return { problem: `-F ${text}: the value is missing` }
  if (field.kind === "text") {
    const problem = textProblem(field, value)
    return problem === "" ? { value: textField(field.field, operator, value) } : { problem }
  }
  const number = fieldNumber(field, value, context)
  if (number === undefined) return { problem: `-F ${text}: ${value} is no value of ${field.name}` }
  return { value: numberField(field.field, operator, number) }
}

/** `left=right` or `left!=right`, two ids of one event. */
export function parseComparison(text: string): Parsed<RuleField> {
  const [, left, symbol, right] = /^([a-z_]+)(!?=)([a-z_]+)$/.exec(text) ?? []
  const found = COMPARISONS.find(
    ([one, other]) => (one === left && other === right) || (one === right && other === left),
  )
  if (found === undefined) return { problem: `-C ${text}: these two cannot be compared` }
  const operator = symbol === "=" ? OPERATOR.equal : OPERATOR.notEqual
  return { value: numberField(FIELD.fieldCompare, operator, found[2]) }
}

/** The bits of `rwxa`; undefined for other letters or none. */
export function parsePermissions(letters: string): number | undefined {
  let bits = 0
  for (const letter of letters) {
    const bit = wordNumber(PERMISSIONS, letter)
    if (bit === undefined) return undefined
    bits |= bit
  }
  return bits === 0 ? undefined : bits
}

/** '' when a path can be watched or executed as the kernel wants it. */
export function pathProblem(path: string): string {
  if (!path.startsWith("/")) return `${path}: a path in a rule begins with /`
  return Buffer.byteLength(path) >= PATH_MAX ? "the path is too long" : ""
}

function takesOperator({ field, kind }: FieldDescription, operator: number): boolean {
  const isEqual = operator === OPERATOR.equal
  if (kind === "perm" || field === FIELD.key || field === FIELD.path || field === FIELD.dir) return isEqual
  if (isEqual || operator === OPERATOR.notEqual) return true
  if (kind === "arch" || kind === "filetype" || kind === "fstype" || field === FIELD.inode) return false
  if (ORDERED.includes(operator)) return kind !== "text"
  return kind === "argument" || field === FIELD.personality || field === FIELD.deviceMinor
}

function textProblem({ field, name }: FieldDescription, value: string): string {
  if (value.includes("\0")) return `-F ${name}: a text holds no NUL`
  return field === FIELD.path || field === FIELD.dir || field === FIELD.exe ? pathProblem(value) : ""
}

function fieldNumber({ kind }: FieldDescription, text: string, context: RulesContext): number | undefined {
  const number = parseInteger(text)
  switch (kind) {
    case "user":
      return number ?? (text === "unset" ? UNSET : context.userId(text))
    case "group":
      return number ?? (text === "unset" ? UNSET : context.groupId(text))
    case "session":
      return number ?? (text === "unset" ? UNSET : undefined)
    case "arch":
      return archWord(text, context.machine)
    case "msgtype":
      return number ?? natural(recordTypeNumber(text))
    case "exit":
      return number ?? exitNumber(text)
    case "success":
      return number ?? SUCCESS_WORDS.get(text)
    case "perm":
      return parsePermissions(text)
    case "filetype":
      return wordNumber(FILE_TYPES, text)
    case "fstype":
      return number ?? wordNumber(FILE_SYSTEMS, text)
    case "argument":
      return number
    default:
      return number === undefined ? undefined : natural(number)
  }
}

function natural(number: number): number | undefined {
  return number < 0 ? undefined : number
}

function exitNumber(text: string): number | undefined {
  const number = EXIT_NUMBERS.get(text.startsWith("-") ? text.slice(1) : text)
  return number === undefined || !text.startsWith("-") ? number : -number
}

function archWord(text: string, machine: MachineArch): number | undefined {
  if (text === "b64") return machine.native
  if (text === "b32") return machine.compat
  const name = MACHINE_NAMES.get(text) ?? text
  const found = Object.entries(ARCHES).find(([, arch]) => arch.name === name)
  return found === undefined ? undefined : Number(found[0])
}
