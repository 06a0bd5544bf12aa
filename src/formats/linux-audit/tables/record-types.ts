/**
 * Record types by number and by name, in every spelling, and which of them end an event.
 * Source of truth: audit-userspace lib/msg_typetab.h, common/common.c (audit_is_last_record).
 */
import { RECORD_TYPES } from "./record-types.gen.ts"

/** The name auditd logs; `UNKNOWN[1999]` for a number without one. */
export function recordTypeName(type: number): string {
  return RECORD_TYPES.name(type) ?? `UNKNOWN[${type}]`
}

/** The number of a logged type: a name, `UNKNOWN[1423]`, or bare digits as the kernel prints; -1 for anything else. */
export function recordTypeNumber(name: string): number {
  const known = RECORD_TYPES.number(name)
  if (known !== undefined) return known
  const digits = name.startsWith("UNKNOWN[") && name.endsWith("]") ? name.slice(8, -1) : name
  if (digits.length === 0 || digits.length > 9) return -1
  for (let at = 0; at < digits.length; at++) {
    const code = digits.charCodeAt(at)
    if (code < 0x30 || code > 0x39) return -1
  }
  return Number(digits)
}

/** True when no further record of the same event follows: user-space and daemon records, PROCTITLE, EOE. */
export function endsEvent(type: number): boolean {
  if (type < 1300) return type >= 1007 || type === 1005
  if (type >= 2100) return true
  return type === 1327 || type === 1320 || type === 2000 || (type >= 1406 && type <= 1419)
}
