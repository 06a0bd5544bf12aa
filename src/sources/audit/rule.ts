/**
 * An audit rule and the bytes in which the kernel takes and lists it.
 *
 *   struct audit_rule_data   u32 flags (list), action, field_count, mask[64], fields[64], values[64],
 *                            fieldflags[64] (operators), buflen; then buflen bytes of texts, in field order
 *
 * 1040 bytes and the texts, little endian; the value of a text field is its length.
 * Source of truth: include/uapi/linux/audit.h; kernel/auditfilter.c (audit_data_to_entry, audit_krule_to_data).
 */
import { bytesOfText, textOfBytes } from "../../base/text.ts"
import { FIELD, isTextField, PREPEND } from "./rule-fields.ts"

export const MOST_FIELDS = 64
export const MASK_WORDS = 64
/** Separates several keys of one rule. */
export const KEY_SEPARATOR = "\x01"

const HEADER_BYTES = 1040
const MASK_AT = 12
const FIELDS_AT = MASK_AT + MASK_WORDS * 4
const VALUES_AT = FIELDS_AT + MOST_FIELDS * 4
const OPERATORS_AT = VALUES_AT + MOST_FIELDS * 4
const TEXT_LENGTH_AT = OPERATORS_AT + MOST_FIELDS * 4
const ALL_BITS = 0xffffffff
/** The upper half of the last word means classes of calls, which the kernel takes out again. */
const ALL_CALLS_OF_LAST_WORD = 0xffff

export interface RuleField {
  /** AUDIT_PID, … as `FIELD` and linux/audit.h number them. */
  readonly field: number
  readonly operator: number
  /** Unsigned; of a text field its length in bytes. */
  readonly value: number
  /** Of a text field, in the reversible text form of base/text.ts; else null. */
  readonly text: string | null
}

export interface AuditRule {
  /** As `LIST` numbers them. */
  readonly list: number
  readonly isPrepended: boolean
  readonly action: number
  /** "all" when every bit of the mask but in its last word is set; empty for rules without calls. */
  readonly syscalls: "all" | readonly number[]
  readonly fields: readonly RuleField[]
  /** What the kernel gets: the truth, of which the rest is a reading. */
  readonly raw: Buffer
}

export interface RuleParts {
  readonly list: number
  readonly action: number
  readonly syscalls: "all" | readonly number[]
  readonly fields: readonly RuleField[]
  readonly isPrepended?: boolean
}

export function numberField(field: number, operator: number, value: number): RuleField {
  return { field, operator, value: value >>> 0, text: null }
}

export function textField(field: number, operator: number, text: string): RuleField {
  return { field, operator, value: bytesOfText(text).length, text }
}

/** At most 64 fields, calls below 2048: more is the caller's mistake. */
export function makeRule(parts: RuleParts): AuditRule {
  if (parts.fields.length > MOST_FIELDS) throw new RangeError(`a rule has at most ${MOST_FIELDS} fields`)
  const texts = Buffer.concat(
    parts.fields.map(({ text }) => (text === null ? Buffer.alloc(0) : bytesOfText(text))),
  )
  const raw = Buffer.alloc(HEADER_BYTES + texts.length)
  const isPrepended = parts.isPrepended ?? false
  raw.writeUInt32LE(parts.list | (isPrepended ? PREPEND : 0), 0)
  raw.writeUInt32LE(parts.action, 4)
  raw.writeUInt32LE(parts.fields.length, 8)
  writeMask(raw, parts.syscalls)
  for (const [index, { field, operator, value }] of parts.fields.entries()) {
    raw.writeUInt32LE(field, FIELDS_AT + index * 4)
    raw.writeUInt32LE(value, VALUES_AT + index * 4)
    raw.writeUInt32LE(operator, OPERATORS_AT + index * 4)
  }
  raw.writeUInt32LE(texts.length, TEXT_LENGTH_AT)
  texts.copy(raw, HEADER_BYTES)
  return { ...parts, isPrepended, syscalls: readMask(raw), raw }
}

/** Reads a listed rule; null when the bytes are no rule. */
export function decodeRule(bytes: Buffer): AuditRule | null {
  if (bytes.length < HEADER_BYTES) return null
  const textEnd = HEADER_BYTES + bytes.readUInt32LE(TEXT_LENGTH_AT)
  const fieldCount = bytes.readUInt32LE(8)
  if (fieldCount > MOST_FIELDS || textEnd > bytes.length) return null
  // Padding behind the texts is the message's, not the rule's.
  const raw = Buffer.from(bytes.subarray(0, textEnd))
  const fields = readFields(raw, fieldCount)
  if (fields === null) return null
  const flags = raw.readUInt32LE(0)
  return {
    list: flags & ~PREPEND,
    isPrepended: (flags & PREPEND) !== 0,
    action: raw.readUInt32LE(4),
    syscalls: readMask(raw),
    fields,
    raw,
  }
}

/** The bytes as the kernel keeps and compares them: the wish to be at the front of the list is forgotten. */
export function storedBytes(rule: AuditRule): Buffer {
  if (!rule.isPrepended) return rule.raw
  const bytes = Buffer.from(rule.raw)
  bytes.writeUInt32LE(rule.list, 0)
  return bytes
}

/** True when the kernel holds both for the same rule. */
export function isSameRule(one: AuditRule, other: AuditRule): boolean {
  return storedBytes(one).equals(storedBytes(other))
}

/** The rule's key; several are apart by KEY_SEPARATOR; '' without one. */
export function ruleKey(rule: AuditRule): string {
  return rule.fields.find(({ field }) => field === FIELD.key)?.text ?? ""
}

function readFields(raw: Buffer, count: number): RuleField[] | null {
  const fields: RuleField[] = []
  let textAt = HEADER_BYTES
  for (let index = 0; index < count; index++) {
    const field = raw.readUInt32LE(FIELDS_AT + index * 4)
    const value = raw.readUInt32LE(VALUES_AT + index * 4)
    const operator = raw.readUInt32LE(OPERATORS_AT + index * 4)
    const isText = isTextField(field)
    if (isText && textAt + value > raw.length) return null
    const text = isText ? textOfBytes(raw, textAt, textAt + value) : null
    if (isText) textAt += value
    fields.push({ field, operator, value, text })
  }
  return fields
}

function writeMask(raw: Buffer, syscalls: "all" | readonly number[]): void {
  if (syscalls === "all") {
    for (let word = 0; word < MASK_WORDS - 1; word++) raw.writeUInt32LE(ALL_BITS, MASK_AT + word * 4)
    raw.writeUInt32LE(ALL_CALLS_OF_LAST_WORD, MASK_AT + (MASK_WORDS - 1) * 4)
    return
  }
  for (const number of syscalls) {
    if (!Number.isInteger(number) || number < 0 || number >= MASK_WORDS * 32) {
      throw new RangeError(`${number} is no system call that a rule can name`)
    }
    const at = MASK_AT + (number >>> 5) * 4
    raw.writeUInt32LE((raw.readUInt32LE(at) | (1 << (number & 31))) >>> 0, at)
  }
}

function readMask(raw: Buffer): "all" | number[] {
  const words = Array.from({ length: MASK_WORDS }, (_, word) => raw.readUInt32LE(MASK_AT + word * 4))
  if (words.slice(0, -1).every((word) => word === ALL_BITS)) return "all"
  const numbers: number[] = []
  for (const [index, word] of words.entries()) {
    for (let bit = 0; bit < 32; bit++) {
      if (((word >>> bit) & 1) === 1) numbers.push(index * 32 + bit)
    }
  }
  return numbers
}
