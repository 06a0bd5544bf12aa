/**
 * The names of an audit rule's parts: lists, actions, operators, fields.
 * Source of truth: include/uapi/linux/audit.h; audit-userspace lib/fieldtab.h, lib/flagtab.h, lib/optab.h.
 */

export const LIST = { user: 0, task: 1, exit: 4, exclude: 5, filesystem: 6, ioUring: 7 } as const

export const ACTION = { never: 0, possible: 1, always: 2 } as const

/** AUDIT_FILTER_PREPEND: at the front of the list. */
export const PREPEND = 0x10

export const OPERATOR = {
  bitMask: 0x08000000,
  less: 0x10000000,
  greater: 0x20000000,
  notEqual: 0x30000000,
  equal: 0x40000000,
  bitTest: 0x48000000,
  lessOrEqual: 0x50000000,
  greaterOrEqual: 0x60000000,
} as const

export const FIELD = {
  personality: 10,
  arch: 11,
  msgtype: 12,
  sessionid: 25,
  fstype: 26,
  deviceMinor: 101,
  inode: 102,
  exit: 103,
  success: 104,
  path: 105,
  perm: 106,
  dir: 107,
  filetype: 108,
  fieldCompare: 111,
  exe: 112,
  saddrFamily: 113,
  arg0: 200,
  arg3: 203,
  key: 210,
} as const

/** Longest first, so that a scanner takes `<=` before `<`. */
export const OPERATOR_SYMBOLS: readonly (readonly [symbol: string, operator: number])[] = [
  ["!=", OPERATOR.notEqual],
  ["<=", OPERATOR.lessOrEqual],
  [">=", OPERATOR.greaterOrEqual],
  ["&=", OPERATOR.bitTest],
  ["=", OPERATOR.equal],
  ["<", OPERATOR.less],
  [">", OPERATOR.greater],
  ["&", OPERATOR.bitMask],
]

/** How the text of a field's value reads. */
export type ValueKind =
  | "number"
  | "user"
  | "group"
  | "session"
  | "arch"
  | "msgtype"
  | "exit"
  | "success"
  | "perm"
  | "filetype"
  | "fstype"
  | "family"
  | "argument"
  | "text"

type FieldRow = readonly [name: string, field: number, kind: ValueKind]

/** The first name of a number is the one that is printed. */
const FIELD_ROWS: readonly FieldRow[] = [
  ["pid", 0, "number"],
  ["uid", 1, "user"],
  ["euid", 2, "user"],
  ["suid", 3, "user"],
  ["fsuid", 4, "user"],
  ["gid", 5, "group"],
  ["egid", 6, "group"],
  ["sgid", 7, "group"],
  ["fsgid", 8, "group"],
  ["auid", 9, "user"],
  ["loginuid", 9, "user"],
  ["pers", FIELD.personality, "number"],
  ["arch", FIELD.arch, "arch"],
  ["msgtype", FIELD.msgtype, "msgtype"],
  ["subj_user", 13, "text"],
  ["subj_role", 14, "text"],
  ["subj_type", 15, "text"],
  ["subj_sen", 16, "text"],
  ["subj_clr", 17, "text"],
  ["ppid", 18, "number"],
  ["obj_user", 19, "text"],
  ["obj_role", 20, "text"],
  ["obj_type", 21, "text"],
  ["obj_lev_low", 22, "text"],
  ["obj_lev_high", 23, "text"],
  ["sessionid", FIELD.sessionid, "session"],
  ["fstype", FIELD.fstype, "fstype"],
  ["devmajor", 100, "number"],
  ["devminor", FIELD.deviceMinor, "number"],
  ["inode", FIELD.inode, "number"],
  ["exit", FIELD.exit, "exit"],
  ["success", FIELD.success, "success"],
  ["path", FIELD.path, "text"],
  ["watch", FIELD.path, "text"],
  ["perm", FIELD.perm, "perm"],
  ["dir", FIELD.dir, "text"],
  ["filetype", FIELD.filetype, "filetype"],
  ["obj_uid", 109, "user"],
  ["obj_gid", 110, "group"],
  ["field_compare", FIELD.fieldCompare, "number"],
  ["exe", FIELD.exe, "text"],
  ["saddr_fam", FIELD.saddrFamily, "family"],
  ["a0", FIELD.arg0, "argument"],
  ["a1", 201, "argument"],
  ["a2", 202, "argument"],
  ["a3", FIELD.arg3, "argument"],
  ["key", FIELD.key, "text"],
]

const BY_NAME: ReadonlyMap<string, FieldRow> = new Map(FIELD_ROWS.map((row) => [row[0], row]))
const BY_NUMBER: ReadonlyMap<number, FieldRow> = new Map(FIELD_ROWS.toReversed().map((row) => [row[1], row]))

export interface FieldDescription {
  readonly name: string
  readonly field: number
  readonly kind: ValueKind
}

export function fieldByName(name: string): FieldDescription | undefined {
  return describe(BY_NAME.get(name))
}

export function fieldByNumber(field: number): FieldDescription | undefined {
  return describe(BY_NUMBER.get(field))
}

/** True when the value is the length of a text behind the fixed part of the rule. */
export function isTextField(field: number): boolean {
  return BY_NUMBER.get(field)?.[2] === "text"
}

export function operatorSymbol(operator: number): string {
  return OPERATOR_SYMBOLS.find(([, known]) => known === operator)?.[0] ?? "?"
}

function describe(row: FieldRow | undefined): FieldDescription | undefined {
  return row && { name: row[0], field: row[1], kind: row[2] }
}
