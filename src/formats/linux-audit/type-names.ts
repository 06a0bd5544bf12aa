/**
 * Record type names in bytes to numbers, without making a string for the names that the table knows.
 * Source of truth: audit-userspace lib/msg_typetab.h, through tables/record-types.gen.ts.
 */
import { parseDecimal } from "../../base/digits.ts"

const SLOTS = 2048

/** A hash table from name bytes to type number; built once, read only. */
export class TypeNames {
  readonly #names: (Buffer | undefined)[] = new Array<Buffer | undefined>(SLOTS).fill(undefined)
  readonly #numbers = new Int32Array(SLOTS)

  constructor(entries: Iterable<readonly [name: string, number: number]>) {
    for (const [name, number] of entries) {
      const bytes = Buffer.from(name, "latin1")
      let slot = hashName(bytes, 0, bytes.length)
      while (this.#names[slot] !== undefined) slot = (slot + 1) & (SLOTS - 1)
      this.#names[slot] = bytes
      this.#numbers[slot] = number
    }
  }

  /** Number of the type that `buffer[start, end)` names: a known name, `UNKNOWN[1423]`, or digits (printk); else -1. */
  find(buffer: Uint8Array, start: number, end: number): number {
    let slot = hashName(buffer, start, end)
    for (let name = this.#names[slot]; name !== undefined; name = this.#names[slot]) {
      if (equals(name, buffer, start, end)) return this.#numbers[slot] as number
      slot = (slot + 1) & (SLOTS - 1)
    }
    return parseNumbered(buffer, start, end)
  }
}

function hashName(buffer: Uint8Array, start: number, end: number): number {
  let hash = end - start
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (buffer[at] as number)) | 0
  return (hash ^ (hash >>> 11)) & (SLOTS - 1)
}

function equals(name: Uint8Array, buffer: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let at = 0; at < name.length; at++) if (name[at] !== buffer[start + at]) return false
  return true
}

const UNKNOWN = Buffer.from("UNKNOWN[", "latin1")

function parseNumbered(buffer: Uint8Array, start: number, end: number): number {
  let from = start
  let to = end
  if (end - start > UNKNOWN.length && equals(UNKNOWN, buffer, start, start + UNKNOWN.length)) {
    if (buffer[end - 1] !== 0x5d) return -1
    from += UNKNOWN.length
    to--
  }
  for (let at = from; at < to; at++) {
    const byte = buffer[at] as number
    if (byte < 0x30 || byte > 0x39) return -1
  }
  const number = to - from > 6 ? -1 : parseDecimal(buffer, from, to)
  return Number.isNaN(number) ? -1 : number
}
