/** Builds chunks of an event log byte by byte, for what no sample has. Checksums are right, buckets are left empty. */
import { crc32 } from "node:zlib"
import { hashName } from "../../../../../src/formats/windows/evtx/chunk-names.ts"

const CHUNK_BYTES = 65_536
const RECORDS_AT = 512
const FILETIME = 132_012_345_678_901_234n

export interface Value {
  readonly type: number
  readonly bytes: Buffer
}

export const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le")
export const u16 = (value: number): Buffer => Buffer.from([value & 255, value >> 8])
export const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer)
export const u64 = (value: bigint): Buffer => Buffer.from(BigUint64Array.of(value).buffer)

/** BinXML at a known place of the chunk, since names are referred to by their offset. */
export class Xml {
  readonly #parts: Buffer[] = []
  readonly #names = new Map<string, number>()
  readonly #from: number
  readonly #hasDependency: boolean
  length = 0

  constructor(from: number, hasDependency: boolean) {
    this.#from = from
    this.#hasDependency = hasDependency
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }

  raw(...parts: readonly (Buffer | number)[]): this {
    for (const part of parts) {
      const bytes = typeof part === "number" ? Buffer.from([part]) : part
      this.#parts.push(bytes)
      this.length += bytes.length
    }
    return this
  }

  header(): this {
    return this.raw(Buffer.from([0x0f, 1, 1, 0]))
  }

  open(name: string, hasAttributes = false, dependency = 0xffff): this {
    this.raw(hasAttributes ? 0x41 : 0x01)
    if (this.#hasDependency) this.raw(u16(dependency))
    this.raw(u32(0)).name(name)
    return hasAttributes ? this.raw(u32(0)) : this
  }

  attribute(name: string): this {
    return this.raw(0x06).name(name)
  }

  /** Behind the attributes. */
  body(): this {
    return this.raw(0x02)
  }

  close(): this {
    return this.raw(0x04)
  }

  text(text: string, token = 0x05): this {
    this.raw(token)
    if (token === 0x05) this.raw(1)
    return this.raw(u16(text.length), utf16(text))
  }

  slot(slot: number, type: number, isOptional = true): this {
    return this.raw(isOptional ? 0x0e : 0x0d, u16(slot), type)
  }

  /** Stands in the stream where it is used first. */
  name(name: string): this {
    const known = this.#names.get(name)
    if (known !== undefined) return this.raw(u32(known))
    const at = this.#from + this.length + 4
    this.#names.set(name, at)
    const chars = utf16(name)
    return this.raw(u32(at), u32(0), u16(hashName(chars, 0, name.length)), u16(name.length), chars, u16(0))
  }
}

/** A record whose template is built by `build`, with its definition inside. */
export function templateRecord(
  at: number,
  build: (xml: Xml) => void,
  values: readonly Value[],
  id = 1,
): Buffer {
  const binXmlAt = at + 24
  const definitionAt = binXmlAt + 4 + 10
  const xml = new Xml(definitionAt + 24, true).header()
  build(xml)
  xml.raw(0)
  const guid = Buffer.concat([u32(0x1000 + id), Buffer.alloc(12, 0x11)])
  return record(
    Buffer.concat([
      Buffer.from([0x0f, 1, 1, 0, 0x0c, 1]),
      u32(0x1000 + id),
      u32(definitionAt),
      Buffer.concat([u32(0), guid, u32(xml.length), xml.bytes]),
      valueList(values),
      Buffer.from([0]),
    ]),
    id,
  )
}

export function valueList(values: readonly Value[]): Buffer {
  const descriptors = values.map(({ type, bytes }) =>
    Buffer.concat([u16(bytes.length), Buffer.from([type, 0])]),
  )
  return Buffer.concat([u32(values.length), ...descriptors, ...values.map(({ bytes }) => bytes)])
}

export function record(binXml: Buffer, id: number): Buffer {
  const size = Math.ceil((24 + binXml.length + 4) / 8) * 8
  const bytes = Buffer.alloc(size)
  bytes.writeUInt32LE(0x2a2a, 0)
  bytes.writeUInt32LE(size, 4)
  bytes.writeBigUInt64LE(BigInt(id), 8)
  bytes.writeBigUInt64LE(FILETIME, 16)
  binXml.copy(bytes, 24)
  bytes.writeUInt32LE(size, size - 4)
  return bytes
}

/** A chunk of records, each made for its place. */
export function chunk(records: readonly ((at: number) => Buffer)[]): Buffer {
  const bytes = Buffer.alloc(CHUNK_BYTES)
  bytes.write("ElfChnk\0", "latin1")
  let at = RECORDS_AT
  for (const make of records) at += make(at).copy(bytes, at)
  bytes.writeUInt32LE(128, 40)
  bytes.writeUInt32LE(at, 48)
  bytes.writeUInt32LE(1, 120)
  return sign(bytes)
}

/** Sets both checksums. */
export function sign(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(crc32(bytes.subarray(RECORDS_AT, bytes.readUInt32LE(48))), 52)
  bytes.writeUInt32LE(crc32(bytes.subarray(128, RECORDS_AT), crc32(bytes.subarray(0, 120))), 124)
  return bytes
}

export function file(chunks: readonly Buffer[], flags = 0): Buffer {
  const head = Buffer.alloc(4096)
  head.write("ElfFile\0", "latin1")
  head.writeUInt32LE(128, 32)
  head.writeUInt16LE(1, 36)
  head.writeUInt16LE(3, 38)
  head.writeUInt16LE(4096, 40)
  head.writeUInt16LE(chunks.length, 42)
  head.writeUInt32LE(flags, 120)
  head.writeUInt32LE(crc32(head.subarray(0, 120)), 124)
  return Buffer.concat([head, ...chunks])
}
