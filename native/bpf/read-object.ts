/**
 * Takes the programs and maps out of what clang makes: ELF for the BPF machine, 64 bits, little endian.
 * Source of truth: elf(5); Documentation/bpf/llvm_reloc.rst (R_BPF_64_64).
 */

export interface ObjectMap {
  readonly name: string
  readonly type: number
  readonly keyBytes: number
  readonly valueBytes: number
  readonly entries: number
}

export interface ObjectProgram {
  /** `SYSTEM/NAME` of the tracepoint. */
  readonly tracepoint: string
  readonly code: Buffer
  /** Place of the instruction, and the map that it loads the address of. */
  readonly references: readonly (readonly [instruction: number, map: string])[]
}

interface Section {
  readonly name: string
  readonly type: number
  readonly bytes: Buffer
  /** Of a section of relocations: which one they belong to. */
  readonly target: number
}

const SECTION_BYTES = 64
const SYMBOL_BYTES = 24
const RELOCATION_BYTES = 16
const DEFINITION_BYTES = 16
const INSTRUCTION_BYTES = 8
const SYMBOLS = 2
const RELOCATIONS = 9
const R_BPF_64_64 = 1
const PREFIX = "tracepoint/"

/** @throws Error for anything that the programs of this folder do not need */
export function readObject(file: Buffer): {
  readonly maps: readonly ObjectMap[]
  readonly programs: readonly ObjectProgram[]
} {
  const sections = readSections(file)
  const table = sections.find(({ type }) => type === SYMBOLS)
  const mapsAt = sections.findIndex(({ name }) => name === "maps")
  const definitions = sections[mapsAt]?.bytes
  if (table === undefined || definitions === undefined)
    throw new Error("the object has no symbols, or no maps")
  const names = sections[nameTableOf(file, sections.indexOf(table))]?.bytes
  if (names === undefined) throw new Error("the object's symbols have no names")
  const symbols = readSymbols(table.bytes, names)
  const maps = symbols
    .filter(({ name, section }) => section === mapsAt && name !== "")
    .sort((a, b) => a.value - b.value)
    .map(({ name, value }) => readDefinition(name, definitions.subarray(value, value + DEFINITION_BYTES)))
  const programs = sections.flatMap((section, index) => {
    if (!section.name.startsWith(PREFIX)) return []
    const relocations = sections.find(({ type, target }) => type === RELOCATIONS && target === index)
    const references = relocations === undefined ? [] : readReferences(relocations.bytes, symbols, mapsAt)
    return [{ tracepoint: section.name.slice(PREFIX.length), code: section.bytes, references }]
  })
  return { maps, programs }
}

function readSections(file: Buffer): Section[] {
  const start = Number(file.readBigUInt64LE(40))
  const count = file.readUInt16LE(60)
  const headers = Array.from({ length: count }, (_, index) =>
    file.subarray(start + index * SECTION_BYTES, start + (index + 1) * SECTION_BYTES),
  )
  const contents = headers.map((header) => {
    const from = Number(header.readBigUInt64LE(24))
    return file.subarray(from, from + Number(header.readBigUInt64LE(32)))
  })
  const names = contents[file.readUInt16LE(62)] ?? Buffer.alloc(0)
  return headers.map((header, index) => ({
    name: textAt(names, header.readUInt32LE(0)),
    type: header.readUInt32LE(4),
    bytes: contents[index] ?? Buffer.alloc(0),
    target: header.readUInt32LE(44),
  }))
}

/** sh_link of the table of symbols. */
function nameTableOf(file: Buffer, section: number): number {
  return file.readUInt32LE(Number(file.readBigUInt64LE(40)) + section * SECTION_BYTES + 40)
}

interface Symbol {
  readonly name: string
  readonly section: number
  readonly value: number
}

function readSymbols(table: Buffer, names: Buffer): Symbol[] {
  return Array.from({ length: table.length / SYMBOL_BYTES }, (_, index) => ({
    name: textAt(names, table.readUInt32LE(index * SYMBOL_BYTES)),
    section: table.readUInt16LE(index * SYMBOL_BYTES + 6),
    value: Number(table.readBigUInt64LE(index * SYMBOL_BYTES + 8)),
  }))
}

function readDefinition(name: string, bytes: Buffer): ObjectMap {
  const [type = 0, keyBytes = 0, valueBytes = 0, entries = 0] = [0, 4, 8, 12].map((at) =>
    bytes.readUInt32LE(at),
  )
  return { name, type, keyBytes, valueBytes, entries }
}

function readReferences(bytes: Buffer, symbols: readonly Symbol[], mapsAt: number): [number, string][] {
  return Array.from({ length: bytes.length / RELOCATION_BYTES }, (_, index) => {
    const at = index * RELOCATION_BYTES
    const symbol = symbols[bytes.readUInt32LE(at + 12)]
    if (bytes.readUInt32LE(at + 8) !== R_BPF_64_64 || symbol?.section !== mapsAt)
      throw new Error(`relocation ${index} is none of a map: ${symbol?.name}`)
    return [Number(bytes.readBigUInt64LE(at)) / INSTRUCTION_BYTES, symbol.name]
  })
}

function textAt(bytes: Buffer, start: number): string {
  return bytes.toString("latin1", start, bytes.indexOf(0, start))
}
