/**
 * The names that auditd appends to a record with log_format=ENRICHED, found also where a shipper lost the separator.
 * Source of truth: audit-userspace src/auditd-event.c (format_enrich).
 *
 *   … uid=0 key=(null)<1D>ARCH=x86_64 SYSCALL=execve AUID="alice" UID="root"
 *   … saddr=0200…<1D>SADDR={ saddr_fam=inet laddr=127.0.0.1 lport=80 }
 *   … cap_frootid=0OUID="root" OGID="root"         separator lost
 */
import { isUpperHex } from "./interpret/number.ts"
import { FIELD_TYPES } from "./tables/field-types.gen.ts"

const SEPARATOR = "\x1d"
const SPACE = 0x20

/** Field name as the body spells it → as the tail spells it. */
export const ENRICHED_NAMES: ReadonlyMap<string, string> = new Map(
  FIELD_TYPES.filter(([, type]) => isEnrichedType(type)).map(([name]) => [name, name.toUpperCase()]),
)
const TAIL_NAMES: ReadonlySet<string> = new Set(ENRICHED_NAMES.values())

export interface TailBounds {
  /** Where the body ends. */
  readonly bodyEnd: number
  /** Where the tail begins; the length of the text when there is none. */
  readonly tailStart: number
}

/** Where the body of a record ends and its enriched tail begins. */
export function findEnrichedTail(text: string): TailBounds {
  const separator = text.indexOf(SEPARATOR)
  if (separator >= 0) return { bodyEnd: separator, tailStart: separator + 1 }
  const start = guessTailStart(text)
  return start < 0 ? { bodyEnd: text.length, tailStart: text.length } : { bodyEnd: start, tailStart: start }
}

/** A field of the body that may be given its name. */
export interface Enrichable {
  readonly name: string
  enriched: string | undefined
}

/** Gives each field its name from the tail: the n-th of a name in the tail belongs to the n-th in the body. */
export function enrichFields(fields: readonly Enrichable[], tail: string): void {
  const entries = splitTail(tail)
  let next = 0
  for (const field of fields) {
    const entry = entries[next]
    if (entry === undefined) return
    if (ENRICHED_NAMES.get(field.name) !== entry.name) continue
    field.enriched = entry.value
    next++
  }
  if (next < entries.length) enrichInAnyOrder(fields, entries)
}

interface TailEntry {
  readonly name: string
  readonly value: string
}

/** For tails whose order is not that of the fields. */
function enrichInAnyOrder(fields: readonly Enrichable[], entries: readonly TailEntry[]): void {
  const queues = new Map<string, { values: string[]; next: number }>()
  for (const { name, value } of entries) {
    const queue = queues.get(name)
    if (queue === undefined) queues.set(name, { values: [value], next: 0 })
    else queue.values.push(value)
  }
  for (const field of fields) {
    const name = ENRICHED_NAMES.get(field.name)
    const queue = name === undefined ? undefined : queues.get(name)
    if (queue !== undefined) field.enriched = queue.values[queue.next++]
  }
}

function splitTail(tail: string): TailEntry[] {
  if (tail.startsWith("SADDR={")) return [{ name: "SADDR", value: tail.slice(6) }]
  const entries: TailEntry[] = []
  for (let at = 0; at < tail.length; ) {
    let end = tail.indexOf(" ", at)
    if (end < 0) end = tail.length
    const equals = tail.indexOf("=", at)
    if (equals < 0) break
    if (equals < end) entries.push({ name: tail.slice(at, equals), value: tail.slice(equals + 1, end) })
    at = end + 1
  }
  return entries
}

/** Walks back over words whose name is one of the tail's; the first of them may cling to the value before it. */
function guessTailStart(text: string): number {
  if (text.endsWith("}")) {
    const start = text.lastIndexOf("SADDR={ saddr_fam=")
    return start > 0 ? start : -1
  }
  if (text.endsWith("'")) return -1
  let start = -1
  let equals = text.lastIndexOf("=")
  let wordEnd = text.length
  while (equals > 0) {
    if (text.slice(equals + 1, wordEnd).includes(" ")) return start
    const key = tailNameBefore(text, equals)
    if (key === 0) return start
    const keyStart = equals - key
    if (keyStart > 0 && text.charCodeAt(keyStart - 1) !== SPACE) return keyStart
    start = keyStart
    wordEnd = keyStart
    while (wordEnd > 0 && text.charCodeAt(wordEnd - 1) === SPACE) wordEnd--
    equals = text.lastIndexOf("=", keyStart - 1)
  }
  return start
}

const LONGEST_NAME = 12

/** Length of the tail's name that ends at `equals`, 0 when none does. */
function tailNameBefore(text: string, equals: number): number {
  if (!isNameByte(text.charCodeAt(equals - 1))) return 0
  let from = equals
  while (from > 0 && equals - from < LONGEST_NAME && isNameByte(text.charCodeAt(from - 1))) from--
  for (; from < equals; from++) {
    if (TAIL_NAMES.has(text.slice(from, equals)) && isCompleteValue(text, from)) return equals - from
  }
  return 0
}

/** True when a value, or a space, ends at `end`. */
function isCompleteValue(text: string, end: number): boolean {
  const last = text.charCodeAt(end - 1)
  if (end === 0 || last === SPACE) return true
  const start = text.lastIndexOf("=", end) + 1
  if (start === 0 || start >= end) return false
  const first = text.charCodeAt(start)
  if (first === 0x22) return last === 0x22 && end - start >= 2
  if (last === 0x27) return true
  const value = text.slice(start, end)
  if (value.includes(" ")) return false
  if (first === 0x28) return last === 0x29
  return !isUpperHex(value) || (value.length & 1) === 0 || isDecimal(value)
}

function isDecimal(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x30 || code > 0x39) return false
  }
  return text.length > 0
}

/** `A` to `Z`, `_`, `-`. */
function isNameByte(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || code === 0x5f || code === 0x2d
}

function isEnrichedType(type: string): boolean {
  return type === "UID" || type === "GID" || type === "ARCH" || type === "SYSCALL" || type === "SOCKADDR"
}
