/**
 * Where the members of the kernel's structures lie, by its own description of its types (BTF).
 * Source of truth: Documentation/bpf/btf.rst.
 *
 *   header: u16 magic 0xeb9f, u8 version, u8 flags, u32 header bytes, u32 type offset, length, u32 string offset, length
 *   type:   u32 name, u32 info (entries 0-15, kind 24-28, bit 31: bit fields), u32 size or type, then what the kind adds
 *   member: u32 name, u32 type, u32 offset in bits (24 bits of it with bit fields)
 */

const MAGIC = 0xeb9f
const TYPE_BYTES = 12
const MEMBER_BYTES = 12
const STRUCT = 4
const UNION = 5
/** Typedef, volatile, const, restrict, type tag: names for another type. */
const ALIASES: ReadonlySet<number> = new Set([8, 9, 10, 11, 18])
const LAST_KIND = 19
/** Bytes behind a type: of all of it, and of each entry. Kinds by number. */
const FIXED_BYTES = byKind([1, 4], [3, 12], [14, 4], [17, 4])
const ENTRY_BYTES = byKind([STRUCT, MEMBER_BYTES], [UNION, MEMBER_BYTES], [6, 8], [13, 8], [15, 12], [19, 12])
const MAX_NESTING = 8

export class Btf {
  readonly #bytes: Buffer
  readonly #strings: Buffer
  /** Where each type begins, by its number; 0 is void. */
  readonly #types: Uint32Array
  /** By the offsets of their names. */
  readonly #structs = new Map<number, number>()
  readonly #names = new Map<string, number>()

  /** @param bytes of /sys/kernel/btf/vmlinux @throws RangeError for anything else */
  constructor(bytes: Buffer) {
    if (bytes.length < 24 || bytes.readUInt16LE(0) !== MAGIC) throw new RangeError("no BTF")
    const [headerBytes = 0, typesAt = 0, typeBytes = 0, stringsAt = 0, stringBytes = 0] = [
      4, 8, 12, 16, 20,
    ].map((at) => bytes.readUInt32LE(at))
    const start = headerBytes + typesAt
    this.#bytes = bytes.subarray(0, start + typeBytes)
    this.#strings = bytes.subarray(headerBytes + stringsAt, headerBytes + stringsAt + stringBytes)
    this.#types = new Uint32Array(Math.ceil(typeBytes / TYPE_BYTES) + 1)
    this.#index(start)
  }

  /** Byte offset of `struct.member.member`; undefined when there is no such thing. */
  offsetOf(path: string): number | undefined {
    const [struct = "", ...members] = path.split(".")
    let type = this.#structs.get(this.#nameOf(struct))
    let offset = 0
    for (const member of members) {
      const found = type === undefined ? undefined : this.#member(type, this.#nameOf(member), 0)
      if (found === undefined) return undefined
      offset += found.offset
      type = this.#resolve(found.type)
    }
    return type === undefined && members.length === 0 ? undefined : offset
  }

  /** A kernel has a hundred thousand types, and a capture waits for this: words at a time. */
  #index(start: number): void {
    const end = this.#bytes.length - TYPE_BYTES
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length)
    let type = 1
    for (let at = start; at <= end; type++) {
      const info = view.getUint32(at + 4, true)
      const kind = (info >>> 24) & 0x1f
      if (kind === 0 || kind > LAST_KIND) throw new RangeError(`BTF has a type of kind ${kind}`)
      this.#types[type] = at
      if (kind === STRUCT) this.#noteStruct(view.getUint32(at, true), type)
      at += TYPE_BYTES + (FIXED_BYTES[kind] as number) + (info & 0xffff) * (ENTRY_BYTES[kind] as number)
    }
  }

  #noteStruct(name: number, type: number): void {
    if (name !== 0 && !this.#structs.has(name)) this.#structs.set(name, type)
  }

  /** The string's offset, by which types name themselves, -1 for none; strings are kept once. */
  #nameOf(text: string): number {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    const found = this.#strings.indexOf(`\0${text}\0`, 0, "latin1")
    const name = found < 0 ? -1 : found + 1
    this.#names.set(text, name)
    return name
  }

  #kind(at: number): number {
    return (this.#bytes.readUInt32LE(at + 4) >>> 24) & 0x1f
  }

  #resolve(type: number): number | undefined {
    let found = type
    for (let depth = 0; depth < MAX_NESTING; depth++) {
      const at = this.#types[found]
      if (at === undefined || at === 0) return undefined
      if (!ALIASES.has(this.#kind(at))) return found
      found = this.#bytes.readUInt32LE(at + 8)
    }
    return undefined
  }

  /** Members of structures without a name count as those of the structure that holds them. */
  #member(type: number, name: number, depth: number): { offset: number; type: number } | undefined {
    const at = this.#types[type]
    if (at === undefined || at === 0 || name < 0 || depth > MAX_NESTING) return undefined
    const kind = this.#kind(at)
    if (kind !== STRUCT && kind !== UNION) return undefined
    const info = this.#bytes.readUInt32LE(at + 4)
    for (let entry = 0; entry < (info & 0xffff); entry++) {
      const memberAt = at + TYPE_BYTES + entry * MEMBER_BYTES
      const own = this.#bytes.readUInt32LE(memberAt)
      const bits = this.#bytes.readUInt32LE(memberAt + 8)
      const offset = (info >>> 31 === 1 ? bits & 0xffffff : bits) >>> 3
      const memberType = this.#bytes.readUInt32LE(memberAt + 4)
      if (own === name) return { offset, type: memberType }
      if (own !== 0) continue
      const inner = this.#member(memberType, name, depth + 1)
      if (inner !== undefined) return { offset: offset + inner.offset, type: inner.type }
    }
    return undefined
  }
}

function byKind(...pairs: readonly (readonly [kind: number, bytes: number])[]): Uint8Array {
  const bytes = new Uint8Array(LAST_KIND + 1)
  for (const [kind, count] of pairs) bytes[kind] = count
  return bytes
}
