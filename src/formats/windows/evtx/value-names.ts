/** Values of attributes `Name` as numbers of names: few different ones, so the last with each hash is kept. */
import { NAMES } from "../names.ts"

const SLOTS = 1024
const LONGEST = 256
/** Evidence must not fill the table of names with values of its own. */
const MAX_NEW = 4096

export class ValueNames {
  readonly #known = new Int32Array(SLOTS).fill(-1)
  #made = 0

  /** Number of the name `bytes[start, end)`; -1 when it is none that is kept. */
  intern(bytes: Buffer, start: number, end: number): number {
    if (end - start > LONGEST) return -1
    let hash = 0
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0
    const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1)
    const known = this.#known[slot] as number
    if (known >= 0 && isSame(NAMES.utf8(known), bytes, start, end)) return known
    const before = NAMES.size
    if (this.#made >= MAX_NEW) return -1
    const id = NAMES.intern(bytes.utf8Slice(start, end))
    this.#made += NAMES.size - before
    if (id >= 0) this.#known[slot] = id
    return id
  }
}

function isSame(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let at = 0; at < name.length; at++) if (name[at] !== bytes[start + at]) return false
  return true
}
