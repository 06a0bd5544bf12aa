/**
 * Template instances: which program, which values.
 *
 *   0c 01 id u32 definition u32 [next u32 GUID size u32 BinXML] count u32 (size u16 type u8 0) × count values
 *
 * A definition stands in the first instance that uses it, or anywhere before; its id is the start of its GUID.
 * Source of truth: libyal's EVTX specification, "Template instance"; [MS-EVEN6] 2.2.15.
 */
import type { ChunkNames } from "./chunk-names.ts"
import { Compiler } from "./compile.ts"
import { CHUNK, DEFINITION_HEADER_BYTES } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"
import type { Program } from "./program.ts"
import type { DecoderOptions } from "./record-decoder.ts"
import { ValueList } from "./value-list.ts"

const INSTANCE_HEADER_BYTES = 10
const DESCRIPTOR_BYTES = 4
/** Definitions do not overlap unless they are forged to be many. */
const MOST_COMPILED = 2 * CHUNK.bytes

export class Instances {
  readonly values = new ValueList()
  readonly compiler: Compiler
  readonly #options: DecoderOptions
  readonly #names: ChunkNames
  /** By the offset of the definition in the chunk; null for one that cannot be read. */
  readonly #programs = new Map<number, Program | null>()
  #bytes: Buffer = Buffer.alloc(0)
  #end = 0
  /** Bytes of definitions compiled for this chunk. */
  #compiled = 0
  /** Of the instance read last. */
  program: Program | null = null
  count = 0
  /** Why the last instance could not be read. */
  failure = ""
  /** True when that is for its template alone. */
  lacksTemplate = false
  /** Set when a template was taken that the chunk does not hold. */
  isBorrowed = false

  constructor(names: ChunkNames, options: DecoderOptions) {
    this.#options = options
    this.#names = names
    this.compiler = new Compiler(names, (at) => this.#measure(at))
  }

  /** @param end of what is there of the chunk */
  begin(bytes: Buffer, end: number): void {
    this.#bytes = bytes
    this.#end = end
    this.#programs.clear()
    this.#compiled = 0
  }

  /**
   * Reads the instance at `at`, its values to `base` on; returns its end, -1 with a `failure`.
   * The values are within `limit`, the end of what the instance lies in.
   */
  read(at: number, limit: number, base: number): number {
    this.program = null
    this.count = 0
    this.lacksTemplate = false
    if (at + INSTANCE_HEADER_BYTES > limit) return this.#fail("its template instance is cut off")
    const valuesAt = this.#behindDefinition(at, limit)
    if (valuesAt < 0) return this.#fail("its template reaches beyond it")
    const end = this.#readValues(valuesAt, limit, base)
    if (end < 0) return this.#fail("the sizes of its values exceed it")
    this.program = this.#find(readU32(this.#bytes, at + 2), readU32(this.#bytes, at + 6), at)
    this.lacksTemplate = this.program === null
    return this.lacksTemplate ? -1 : end
  }

  /** Program of the definition at an offset; null when none can be read there. */
  programAt(offset: number): Program | null {
    const known = this.#programs.get(offset)
    if (known !== undefined) return known
    const program = this.#known(offset) ?? this.#compile(offset)
    this.#programs.set(offset, program)
    return program
  }

  #known(offset: number): Program | null {
    const end = offset + DEFINITION_HEADER_BYTES + readU32(this.#bytes, offset + 20)
    return end <= this.#end ? this.#options.cache.find(this.#bytes, offset, this.#names) : null
  }

  #compile(offset: number): Program | null {
    const size = readU32(this.#bytes, offset + 20)
    this.#compiled += size
    if (size > CHUNK.bytes || this.#compiled > MOST_COMPILED) return null
    const program = this.compiler.definition(this.#bytes, offset, this.#end)
    const isKept = program?.isVerified === true
    if (isKept) this.#options.cache.add(this.#bytes, offset, program, this.compiler.references)
    return program
  }

  #fail(reason: string): number {
    this.failure = reason
    return -1
  }

  #measure(at: number): number {
    const valuesAt = at + INSTANCE_HEADER_BYTES > this.#end ? -1 : this.#behindDefinition(at, this.#end)
    if (valuesAt < 0 || valuesAt + 4 > this.#end) return -1
    const count = readU32(this.#bytes, valuesAt)
    if (count > (this.#end - valuesAt) / DESCRIPTOR_BYTES) return -1
    let end = valuesAt + 4 + count * DESCRIPTOR_BYTES
    for (let next = 0, from = valuesAt + 4; next < count; next++, from += DESCRIPTOR_BYTES) {
      end += (this.#bytes[from] as number) | ((this.#bytes[from + 1] as number) << 8)
    }
    return end <= this.#end ? end : -1
  }

  /** Where the values begin: behind a definition that stands in the instance itself. */
  #behindDefinition(at: number, limit: number): number {
    const behind = at + INSTANCE_HEADER_BYTES
    if (readU32(this.#bytes, at + 6) !== behind) return behind
    if (behind + DEFINITION_HEADER_BYTES > limit) return -1
    const end = behind + DEFINITION_HEADER_BYTES + readU32(this.#bytes, behind + 20)
    return end <= limit ? end : -1
  }

  #readValues(at: number, limit: number, base: number): number {
    if (at + 4 > limit) return -1
    const bytes = this.#bytes
    const count = readU32(bytes, at)
    if (count > (limit - at - 4) / DESCRIPTOR_BYTES) return -1
    const { values } = this
    values.reserve(base, count)
    let from = at + 4
    let valueAt = from + count * DESCRIPTOR_BYTES
    for (let next = 0; next < count; next++, from += DESCRIPTOR_BYTES) {
      const length = (bytes[from] as number) | ((bytes[from + 1] as number) << 8)
      values.set(base + next, bytes[from + 2] as number, valueAt, length)
      valueAt += length
    }
    this.count = count
    return valueAt <= limit ? valueAt : -1
  }

  /** The program of a definition that has this id; else one learnt before. */
  #find(id: number, offset: number, at: number): Program | null {
    const { learnt, isRecovering } = this.#options
    const isPlace = offset >= CHUNK.recordsAt && offset <= at + INSTANCE_HEADER_BYTES
    if (isPlace && offset + DEFINITION_HEADER_BYTES <= this.#end && readU32(this.#bytes, offset + 4) === id) {
      const program = this.programAt(offset)
      if (program?.isVerified === true && !isRecovering) learnt.learn(id, program)
      if (program !== null && (program.isVerified || !isRecovering)) return program
      this.failure = program === null ? this.compiler.failure : "its template is damaged"
    } else this.failure = "its template is not where it should be"
    const learntProgram = learnt.get(id)
    if (learntProgram !== null) this.isBorrowed = true
    return learntProgram
  }
}
