/**
 * Splits a record's body into the fields that a caller asked for, as byte ranges: the hot path of normalizing.
 *
 *   arch=c000003e syscall=59 success=yes … comm="sh" key=(null)<1D>ARCH=x86_64 SYSCALL=execve AUID="alice"
 *
 * Source of truth: kernel/audit.c audit_log_untrustedstring (a quoted value holds no quote), audit-userspace
 * src/auditd-event.c format_enrich (0x1D, then upper-case names).
 */
import { hexValue } from "../../base/digits.ts"

const SPACE = 0x20
const QUOTE = 0x22
const EQUALS = 0x3d
const ENRICHED = 0x1d
const HASH = 0x23
const ESCAPED_BYTES = 4
const HASH_SLOTS = 256

/** Names that `format_enrich` can append; a value that runs into one lost its separator. */
const ENRICHED_NAMES = new Set(
  (
    "ARCH SYSCALL AUID UID GID EUID SUID FSUID EGID SGID FSGID OUID OGID OAUID OBJ_UID OBJ_GID IUID IGID ID " +
    "INODE_UID INODE_GID SAUID SADDR NEW_GID OLD-AUID"
  ).split(" "),
)

/** The keys that a caller wants, in the order in which the kernel writes them; slot numbers are their places. */
export class KeyPlan {
  readonly keys: readonly Buffer[]
  readonly #slots = new Int16Array(HASH_SLOTS).fill(-1)

  constructor(keys: readonly string[]) {
    this.keys = keys.map((key) => Buffer.from(key, "latin1"))
    this.keys.forEach((key, slot) => {
      let hash = hashKey(key, 0, key.length)
      while ((this.#slots[hash] as number) >= 0) hash = (hash + 1) & (HASH_SLOTS - 1)
      this.#slots[hash] = slot
    })
  }

  /** Slot of the key `buffer[start, end)`, -1 when it is not wanted. */
  find(buffer: Uint8Array, start: number, end: number): number {
    let hash = hashKey(buffer, start, end)
    for (let slot = this.#slots[hash] as number; slot >= 0; slot = this.#slots[hash] as number) {
      if (equalsKey(this.keys[slot] as Buffer, buffer, start, end)) return slot
      hash = (hash + 1) & (HASH_SLOTS - 1)
    }
    return -1
  }
}

function hashKey(buffer: Uint8Array, start: number, end: number): number {
  let hash = end - start
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 33) + (buffer[at] as number)) | 0
  return (hash ^ (hash >>> 8)) & (HASH_SLOTS - 1)
}

function equalsKey(key: Uint8Array, buffer: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false
  for (let at = 0; at < key.length; at++) if (key[at] !== buffer[start + at]) return false
  return true
}

/** Where the wanted fields of one record lie. Reused for every record of its plan. */
export class Fields {
  readonly plan: KeyPlan
  /** `buffer[starts[slot], ends[slot])` is the value, quotes included; start -1 when the record lacks the field. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  buffer: Buffer = Buffer.alloc(0)
  /** Offset in `buffer` of the first quoted value that has no end; -1 when all have one. */
  unterminatedAt = -1

  constructor(plan: KeyPlan) {
    this.plan = plan
    this.starts = new Int32Array(plan.keys.length)
    this.ends = new Int32Array(plan.keys.length)
  }

  has(slot: number): boolean {
    return (this.starts[slot] as number) >= 0
  }

  /** Reads `buffer[start, end)`; of several fields with one key the first counts. */
  scan(buffer: Buffer, start: number, end: number): void {
    this.buffer = buffer
    this.starts.fill(-1)
    this.unterminatedAt = -1
    const keys = this.plan.keys
    let expected = 0
    let at = start
    while (at < end) {
      const first = buffer[at] as number
      if (first <= SPACE) {
        at++
        continue
      }
      if (first === HASH && isEscapedSeparator(buffer, at)) {
        at += ESCAPED_BYTES
        continue
      }
      const keyFrom = at
      let slot = -1
      const key = keys[expected]
      if (key !== undefined && matchesKey(key, buffer, at, end)) {
        slot = expected
        at += key.length
      } else {
        while (at < end && buffer[at] !== EQUALS && (buffer[at] as number) > SPACE) at++
        if (at >= end || buffer[at] !== EQUALS) continue
        slot = this.plan.find(buffer, keyFrom, at)
      }
      at++
      const valueFrom = at
      at = this.#endOfValue(buffer, valueFrom, end)
      if (slot < 0) continue
      expected = slot + 1
      if ((this.starts[slot] as number) >= 0) continue
      this.starts[slot] = valueFrom
      this.ends[slot] = at
    }
  }

  #endOfValue(buffer: Buffer, start: number, end: number): number {
    let at = start
    if (buffer[at] === QUOTE && at < end) {
      at++
      while (at < end && buffer[at] !== QUOTE) at++
      if (at < end && endsValue(buffer, at + 1, end)) return at + 1
      if (this.unterminatedAt < 0) this.unterminatedAt = start
      return endOfWord(buffer, start, end)
    }
    let equalsAt = -1
    while (at < end) {
      const byte = buffer[at] as number
      if (byte === SPACE || byte === ENRICHED || (byte === HASH && isEscapedSeparator(buffer, at))) break
      if (byte === EQUALS && equalsAt < 0) equalsAt = at
      at++
    }
    return equalsAt < 0 ? at : cutEnriched(buffer, start, equalsAt, at)
  }
}

/** rsyslog spells the separator out as `#035`, its octal number. */
function isEscapedSeparator(buffer: Buffer, at: number): boolean {
  return buffer[at + 1] === 0x30 && buffer[at + 2] === 0x33 && buffer[at + 3] === 0x35
}

/** What may follow a closing quote: the next field, the enriched part with or without its separator, nothing. */
function endsValue(buffer: Buffer, at: number, end: number): boolean {
  if (at >= end) return true
  const byte = buffer[at] as number
  if (byte === HASH) return isEscapedSeparator(buffer, at)
  const isUpper = byte >= 0x41 && byte <= 0x5a
  return byte === SPACE || byte === ENRICHED || isUpper || byte === 0x27 || byte === 0x29 || byte === 0x2c
}

/** A quote that is not closed costs its own value only: the kernel quotes no text with a blank in it. */
function endOfWord(buffer: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && buffer[at] !== SPACE && buffer[at] !== ENRICHED) at++
  return at
}

function matchesKey(key: Buffer, buffer: Buffer, at: number, end: number): boolean {
  const length = key.length
  if (at + length >= end || buffer[at + length] !== EQUALS) return false
  for (let i = 0; i < length; i++) if (buffer[at + i] !== key[i]) return false
  return true
}

/**
 * End of the value that begins at `start` when the enriched part follows without its separator, as in
 * `key=(null)ARCH=x86_64` or `saddr=0100SADDR={`; `end` when it does not.
 */
export function cutEnriched(buffer: Buffer, start: number, equalsAt: number, end: number): number {
  let nameFrom = equalsAt
  while (nameFrom > start && isNameByte(buffer[nameFrom - 1] as number)) nameFrom--
  for (let at = nameFrom; at < equalsAt - 1; at++) {
    // Digits of a hexadecimal value come in pairs, which tells them from a name's first letters.
    if (at > start && !ENRICHED_NAMES.has(buffer.latin1Slice(at, equalsAt))) continue
    if (at > start && (at > nameFrom || !isOddHex(buffer, start, at))) return at
  }
  return end
}

function isNameByte(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || byte === 0x2d
}

function isOddHex(buffer: Buffer, start: number, end: number): boolean {
  if ((end - start) % 2 === 0 || end - start < 3) return false
  for (let at = start; at < end; at++) if (hexValue(buffer[at] as number) < 0) return false
  return true
}
