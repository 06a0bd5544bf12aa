/**
 * Writes a netlink message as the line that auditd logs with log_format=RAW and name_format=NONE.
 *
 *   1300, "audit(1795299136.884:8176): arch=…"   ->   type=SYSCALL msg=audit(1795299136.884:8176): arch=…<LF>
 *
 * A line end inside becomes a blank, one trailing blank goes, EOE is left out. Nothing is cut at 8,938 bytes as
 * auditd cuts: what the kernel sent is evidence.
 * Source of truth: audit-userspace src/auditd-event.c format_raw, distribute_event; lib/libaudit.h.
 */
import { RECORD_TYPES } from "./tables/record-types.gen.ts"

export const EOE = 1320
const LF = 0x0a
const SPACE = 0x20
const NUL = 0x00

/**
 * Named since auditd 4: DM_CTRL, DM_EVENT, LANDLOCK_ACCESS, LANDLOCK_DOMAIN. An older ausearch passes over lines
 * whose name it does not know, but every one reads UNKNOWN[1423].
 */
const RECENT_TYPES: ReadonlySet<number> = new Set([1338, 1339, 1423, 1424])

/** A message: its type and `buffer[start, end)`, the payload from `audit(` on. */
export interface AuditMessage {
  type: number
  buffer: Buffer
  start: number
  end: number
}

/** Bytes of the line with its line end; 0 for EOE. */
export function lineLength(message: AuditMessage): number {
  if (message.type === EOE) return 0
  return prefixOf(message.type).length + (bodyEnd(message) - message.start) + 1
}

/** Writes the line at `target[at]`, where there is room for `lineLength`, and returns its length. */
export function writeLine(message: AuditMessage, target: Buffer, at: number): number {
  return message.type === EOE ? 0 : writeRecord(message, target, at)
}

/** As `writeLine`, but EOE is a line too, as auditd's plugins get it. */
export function writeRecord(message: AuditMessage, target: Buffer, at: number): number {
  const { type, buffer, start } = message
  const prefix = prefixOf(type)
  prefix.copy(target, at)
  const from = at + prefix.length
  const to = from + (bodyEnd(message) - start)
  buffer.copy(target, from, start, start + (to - from))
  // Of the line alone: a search in the whole of a large buffer would cost more than all the rest.
  const body = target.subarray(from, to)
  for (let lf = body.indexOf(LF); lf >= 0; lf = body.indexOf(LF, lf + 1)) body[lf] = SPACE
  target[to] = LF
  return to + 1 - at
}

/** Where the payload ends without its NULs and its last blank or line end. */
function bodyEnd({ buffer, start, end }: AuditMessage): number {
  let to = end
  while (to > start && buffer[to - 1] === NUL) to--
  return to > start && (buffer[to - 1] === SPACE || buffer[to - 1] === LF) ? to - 1 : to
}

/** `type=NAME msg=` by number; filled once, read only. */
const PREFIXES: readonly (Buffer | undefined)[] = makePrefixes()

function prefixOf(type: number): Buffer {
  return PREFIXES[type] ?? prefix(`UNKNOWN[${type}]`)
}

function makePrefixes(): (Buffer | undefined)[] {
  const prefixes: (Buffer | undefined)[] = []
  for (const [number] of RECORD_TYPES.pairs()) {
    const name = RECORD_TYPES.name(number)
    if (name !== undefined && !RECENT_TYPES.has(number)) prefixes[number] = prefix(name)
  }
  return prefixes
}

function prefix(name: string): Buffer {
  return Buffer.from(`type=${name} msg=`, "latin1")
}
