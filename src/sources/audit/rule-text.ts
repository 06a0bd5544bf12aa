/**
 * An audit rule as a line of auditctl -l.
 *
 *   -a always,exit -F arch=b64 -S execve,execveat -F key=retrail
 *   -w /etc/passwd -p wa -k identity
 *
 * Source of truth: audit-userspace src/auditctl-listing.c (print_rule). Texts are as the rule has them: escape the
 * line before it reaches a terminal.
 */
import { ERRORS } from "../../formats/linux-audit/tables/errno.gen.ts"
import { RECORD_TYPES } from "../../formats/linux-audit/tables/record-types.gen.ts"
import { syscallName } from "../../formats/linux-audit/tables/syscall-name.ts"
import { type AuditRule, KEY_SEPARATOR, type RuleField } from "./rule.ts"
import { ACTION, FIELD, fieldByNumber, LIST, OPERATOR, operatorSymbol } from "./rule-fields.ts"
import { COMPARISONS, FILE_SYSTEMS, numberWord, PERMISSIONS } from "./rule-words.ts"

const ARCH_64_BIT = 0x80000000
const LIST_NAMES: ReadonlyMap<number, string> = new Map([
  [LIST.user, "user"],
  [LIST.task, "task"],
  [LIST.exit, "exit"],
  [LIST.exclude, "exclude"],
  [LIST.filesystem, "filesystem"],
  [LIST.ioUring, "io_uring"],
])
const ACTION_NAMES: ReadonlyMap<number, string> = new Map([
  [ACTION.never, "never"],
  [ACTION.possible, "possible"],
  [ACTION.always, "always"],
])

/** @param nativeArch the AUDIT_ARCH word by which calls of a rule without an arch are named */
export function ruleText(rule: AuditRule, nativeArch: number): string {
  const words = isWatch(rule) ? [] : ruleHead(rule, nativeArch)
  for (const field of rule.fields) {
    if (field.field === FIELD.arch && !isWatch(rule)) continue
    words.push(...fieldWords(field, isWatch(rule)))
  }
  return words.join(" ")
}

/** Rules of the form that `-w` makes are listed in it. */
function isWatch(rule: AuditRule): boolean {
  if (rule.list !== LIST.exit || rule.action !== ACTION.always || rule.syscalls !== "all") return false
  const has = (...fields: readonly number[]) => rule.fields.some(({ field }) => fields.includes(field))
  const known: readonly number[] = [FIELD.path, FIELD.dir, FIELD.perm, FIELD.key]
  return (
    has(FIELD.path, FIELD.dir) && has(FIELD.perm) && rule.fields.every(({ field }) => known.includes(field))
  )
}

function ruleHead(rule: AuditRule, nativeArch: number): string[] {
  const action = ACTION_NAMES.get(rule.action) ?? String(rule.action)
  const words = [`-a ${action},${LIST_NAMES.get(rule.list) ?? rule.list}`]
  const arch = rule.fields.find(({ field }) => field === FIELD.arch)
  if (arch !== undefined) {
    const width = (arch.value & ARCH_64_BIT) === 0 ? "b32" : "b64"
    words.push(`-F arch${operatorSymbol(arch.operator)}${width}`)
  }
  if (rule.list !== LIST.exit && rule.list !== LIST.ioUring) return words
  if (rule.syscalls === "all") words.push("-S all")
  else if (rule.syscalls.length > 0) {
    const names = rule.syscalls.map((number) => syscallName(arch?.value ?? nativeArch, number) ?? number)
    words.push(`-S ${names.join(",")}`)
  }
  return words
}

function fieldWords(field: RuleField, isWatched: boolean): string[] {
  const text = field.text ?? ""
  switch (field.field) {
    case FIELD.key:
      return text.split(KEY_SEPARATOR).map((key) => (isWatched ? `-k ${key}` : `-F key=${key}`))
    case FIELD.path:
    case FIELD.dir:
      if (isWatched) return [`-w ${text}`]
      break
    case FIELD.perm: {
      const letters = PERMISSIONS.filter(([, bit]) => (field.value & bit) !== 0).map(([letter]) => letter)
      return [isWatched ? `-p ${letters.join("")}` : `-F perm=${letters.join("")}`]
    }
    case FIELD.fieldCompare:
      return [comparisonText(field)]
  }
  const name = fieldByNumber(field.field)?.name ?? `f${field.field}`
  return [`-F ${name}${operatorSymbol(field.operator)}${valueText(field)}`]
}

function comparisonText({ value, operator }: RuleField): string {
  const [left, right] = COMPARISONS.find(([, , code]) => code === value) ?? [`f${value}`, "?"]
  return `-C ${left}${operator === OPERATOR.equal ? "=" : "!="}${right}`
}

function valueText({ field, value, text }: RuleField): string {
  if (text !== null) return text
  const signed = value | 0
  switch (fieldByNumber(field)?.kind) {
    case "msgtype":
      return RECORD_TYPES.name(value) ?? String(signed)
    case "fstype":
      return numberWord(FILE_SYSTEMS, value) ?? String(signed)
    case "argument":
      return `0x${value.toString(16).toUpperCase()}`
    case "exit": {
      const name = signed < 0 ? ERRORS[-signed]?.[0] : undefined
      return name === undefined ? String(signed) : `-${name}`
    }
    default:
      return String(field === FIELD.inode ? value : signed)
  }
}
