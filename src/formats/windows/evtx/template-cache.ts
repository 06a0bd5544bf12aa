/**
 * Programs of templates that were compiled before. Each chunk of a log defines its templates anew, with the same bytes
 * but for where its names lie.
 *
 *   41 ffff size [name offset, or name] … 06 [name offset, or name] 05 01 …
 *
 * A log can forge a template under the GUID of another, so all bytes and all names are compared, not the GUID.
 */
import type { ChunkNames } from "./chunk-names.ts"
import { DEFINITION_HEADER_BYTES } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"
import type { Program } from "./program.ts"

const MAX_TEMPLATES = 8192
/** The same template with other names standing inside it. */
const MAX_VARIANTS = 16

/** Integers of a reference to a name: where it begins and ends in the definition, number of the name. */
export const REFERENCE_STRIDE = 3
const REFERENCE_BYTES = 4

interface Known {
  readonly program: Program
  /** The definition from its GUID on. */
  readonly bytes: Buffer
  readonly references: Int32Array
}

export class TemplateCache {
  readonly #known = new Map<number, Known[]>()
  #count = 0

  /** The program of a definition that lies whole in the chunk, if the same was compiled before. */
  find(bytes: Buffer, offset: number, names: ChunkNames): Program | null {
    const variants = this.#known.get(readU32(bytes, offset + 4))
    if (variants === undefined) return null
    const size = DEFINITION_HEADER_BYTES + readU32(bytes, offset + 20)
    for (const known of variants) {
      if (known.bytes.length === size && isSame(known, bytes, offset, names)) return known.program
    }
    return null
  }

  /** @param references as `REFERENCE_STRIDE` says, from the definition's first byte on */
  add(bytes: Buffer, offset: number, program: Program, references: Int32Array): void {
    const id = readU32(bytes, offset + 4)
    const variants = this.#known.get(id) ?? []
    if (this.#count >= MAX_TEMPLATES || variants.length >= MAX_VARIANTS) return
    const size = DEFINITION_HEADER_BYTES + readU32(bytes, offset + 20)
    variants.push({ program, bytes: Buffer.from(bytes.subarray(offset, offset + size)), references })
    this.#known.set(id, variants)
    this.#count++
  }
}

function isSame(known: Known, bytes: Buffer, offset: number, names: ChunkNames): boolean {
  const { references } = known
  names.isDamaged = false
  // The first four bytes lead to another definition.
  let from = REFERENCE_BYTES
  for (let next = 0; next < references.length; next += REFERENCE_STRIDE) {
    const at = references[next] as number
    const end = references[next + 1] as number
    if (!isEqual(known.bytes, bytes, offset, from, at)) return false
    const nameAt = readU32(bytes, offset + at)
    const behind = offset + at + REFERENCE_BYTES
    const isInside = end - at > REFERENCE_BYTES
    if (nameAt > behind || (nameAt === behind) !== isInside) return false
    if (names.at(nameAt) !== references[next + 2] || names.isDamaged) return false
    from = end
  }
  return isEqual(known.bytes, bytes, offset, from, known.bytes.length)
}

/** Ranges between names are short: a loop is faster than a call out of JavaScript. */
function isEqual(known: Buffer, bytes: Buffer, offset: number, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (known[at] !== bytes[offset + at]) return false
  return true
}
