/**
 * One rule of a rules file, gathered option by option.
 *
 *   -a always,exit -F arch=b64 -S execve,execveat -F key=exec
 *   -w /etc/passwd -p wa -k identity
 *
 * Source of truth: auditctl(8); audit-userspace src/auditctl.c (setopt), lib/libaudit.c.
 */
import { syscallNumber } from "../../../formats/linux-audit/tables/syscall-name.ts"
import {
  type AuditRule,
  KEY_SEPARATOR,
  MASK_WORDS,
  MOST_FIELDS,
  makeRule,
  numberField,
  type RuleField,
  textField,
} from "../rule.ts"
import { ACTION, FIELD, LIST, OPERATOR } from "../rule-fields.ts"
import {
  parseComparison,
  parseField,
  parsePermissions,
  pathProblem,
  type RulesContext,
} from "./field-value.ts"
import type { Parsed } from "./split-words.ts"

const ALL_PERMISSIONS = 15
/** AUDIT_MAX_KEY_LEN, for all keys of a rule with what separates them. */
const KEY_BYTES = 256
const LIST_WORDS: ReadonlyMap<string, number> = new Map([
  ["exit", LIST.exit],
  ["user", LIST.user],
  ["task", LIST.task],
  ["exclude", LIST.exclude],
  ["filter", LIST.exclude],
  ["filesystem", LIST.filesystem],
])
const ACTION_WORDS: ReadonlyMap<string, number> = new Map([
  ["always", ACTION.always],
  ["never", ACTION.never],
])
/** Fields that only the events of calls have. */
const EXIT_ONLY: readonly number[] = [
  FIELD.exit,
  FIELD.perm,
  FIELD.path,
  FIELD.dir,
  FIELD.filetype,
  FIELD.fieldCompare,
]

/** Each method takes one option's value and returns what is wrong with it, or ''. */
export class RuleLine {
  readonly #context: RulesContext
  #list = -1
  #action: number = ACTION.always
  #isPrepended = false
  #isWatch = false
  #syscalls: "all" | number[] | null = null
  #arch: number
  readonly #fields: RuleField[] = []
  readonly #keys: string[] = []

  constructor(context: RulesContext) {
    this.#context = context
    this.#arch = context.machine.native
  }

  /** `list,action` in either order. */
  place(text: string, isPrepended: boolean): string {
    if (this.#list >= 0) return "a line holds one rule"
    const words = text.split(",")
    const list = words.map((word) => LIST_WORDS.get(word)).find((found) => found !== undefined)
    const action = words.map((word) => ACTION_WORDS.get(word)).find((found) => found !== undefined)
    if (words.length !== 2 || list === undefined || action === undefined) {
      return `${text}: a rule is placed by a list (exit, user, task, exclude, filesystem) and an action (always, never)`
    }
    this.#list = list
    this.#action = action
    this.#isPrepended = isPrepended
    return ""
  }

  watch(path: string): string {
    if (this.#list >= 0) return "a line holds one rule"
    const problem = pathProblem(path)
    if (problem !== "") return problem
    const plain = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path
    this.#list = LIST.exit
    this.#isWatch = true
    const field = this.#context.isDirectory(plain) ? FIELD.dir : FIELD.path
    this.#fields.push(textField(field, OPERATOR.equal, plain))
    this.#fields.push(numberField(FIELD.perm, OPERATOR.equal, ALL_PERMISSIONS))
    return ""
  }

  /** Of a watch. */
  permissions(letters: string): string {
    const bits = parsePermissions(letters)
    const at = this.#isWatch ? this.#fields.findIndex(({ field }) => field === FIELD.perm) : -1
    if (at < 0) return "-p follows the -w that it belongs to"
    if (bits === undefined) return `-p ${letters}: permissions are of the letters r, w, x and a`
    this.#fields[at] = numberField(FIELD.perm, OPERATOR.equal, bits)
    return ""
  }

  field(text: string): string {
    const parsed = parseField(text, this.#context)
    if ("problem" in parsed) return parsed.problem
    const { field, value, text: valueText } = parsed.value
    if (field === FIELD.key) return this.key(valueText ?? "")
    if (field === FIELD.arch) {
      if (this.#syscalls !== null) return "-F arch stands before the -S whose names it explains"
      this.#arch = value
    }
    this.#fields.push(parsed.value)
    return ""
  }

  comparison(text: string): string {
    const parsed = parseComparison(text)
    if ("problem" in parsed) return parsed.problem
    this.#fields.push(parsed.value)
    return ""
  }

  key(key: string): string {
    if (key === "" || key.includes(KEY_SEPARATOR) || key.includes("\0")) return "a key is a text"
    this.#keys.push(key)
    return Buffer.byteLength(this.#keys.join(KEY_SEPARATOR)) > KEY_BYTES ? "the key is too long" : ""
  }

  syscalls(text: string): string {
    for (const word of text.split(",")) {
      if (word === "all") this.#syscalls = "all"
      if (this.#syscalls === "all") continue
      const number = /^\d{1,4}$/.test(word) ? Number(word) : syscallNumber(this.#arch, word)
      if (number === undefined || number >= MASK_WORDS * 32) return `-S ${word}: no such system call`
      this.#syscalls = [...(this.#syscalls ?? []), number]
    }
    return ""
  }

  /** The rule when all options were taken. */
  finish(): Parsed<AuditRule> {
    const problem = this.#wholeProblem()
    if (problem !== "") return { problem }
    const fields = [...this.#fields]
    if (this.#keys.length > 0) {
      fields.push(textField(FIELD.key, OPERATOR.equal, this.#keys.join(KEY_SEPARATOR)))
    }
    if (fields.length > MOST_FIELDS) return { problem: `a rule has at most ${MOST_FIELDS} fields` }
    // The list of tasks knows no calls; everywhere else no call named means every call.
    const syscalls = this.#list === LIST.task ? [] : (this.#syscalls ?? "all")
    const parts = { list: this.#list, action: this.#action, isPrepended: this.#isPrepended, syscalls, fields }
    return { value: makeRule(parts) }
  }

  #wholeProblem(): string {
    const has = (field: number) => this.#fields.some((known) => known.field === field)
    const isExit = this.#list === LIST.exit
    if (this.#list < 0) return "the rule lacks -a, -A or -w"
    if (!isExit && this.#syscalls !== null) return "-S belongs to rules of the exit list"
    if (!isExit && EXIT_ONLY.some(has)) return "a field of this rule belongs to the exit list"
    if (has(FIELD.msgtype) && this.#list !== LIST.exclude && this.#list !== LIST.user) {
      return "-F msgtype belongs to the lists exclude and user"
    }
    const isFileSystem = this.#list === LIST.filesystem
    if (has(FIELD.fstype) !== isFileSystem) return "-F fstype and the list filesystem belong together"
    return ""
  }
}
