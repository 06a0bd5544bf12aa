/**
 * Record type names as systemd spells them: `SYSCALL`, and `AUDIT1423` for a number without a name.
 * Source of truth: systemd src/basic/audit-util.h audit_type_name_alloca.
 */
import type { TypeNames } from "../type-names.ts"

const NUMBERED = /^AUDIT(\d{3,6})$/

/** Number of the type that `buffer[start, end)` names, -1 when no table knows it. */
export function findTypeName(types: TypeNames, buffer: Buffer, start: number, end: number): number {
  if (end === start) return -1
  const type = types.find(buffer, start, end)
  if (type >= 0 || end - start > 11) return type
  const match = NUMBERED.exec(buffer.latin1Slice(start, end))
  return match === null ? -1 : Number(match[1])
}
