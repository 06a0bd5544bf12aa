/**
 * Writes fragments of BinXML into a chunk: names and template definitions at their first use, references afterwards.
 *
 *   0f 01 01 00  0c 01 ID OFFSET [NEXT GUID SIZE definition] COUNT (SIZE TYPE 0)* values  00
 *
 * Source of truth: libevtx's format documentation; layouts were compared with logs that Windows wrote.
 */
import type { ChunkBytes } from "./chunk-bytes.ts"
import { TYPE, typeOf, type Value } from "./value.ts"
import type {
  Attribute,
  Element,
  Fragment,
  Instance,
  Instruction,
  Node,
  Piece,
  Template,
} from "./xml-model.ts"

const TOKEN = {
  end: 0x00,
  open: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  close: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  character: 0x08,
  entity: 0x09,
  instructionTarget: 0x0a,
  instructionText: 0x0b,
  instance: 0x0c,
  slot: 0x0d,
  optionalSlot: 0x0e,
  header: 0x0f,
} as const
/** More attributes, or more content, follow. */
const MORE = 0x40
const NO_DEPENDENCY = 0xffff
export const NAME_BUCKETS = 64
export const TEMPLATE_BUCKETS = 32

/** Where the chunk's names and definitions lie; each bucket has the newest, which names the one before. */
export interface Known {
  readonly names: Map<string, number>
  readonly nameBuckets: number[]
  readonly templates: Map<string, number>
  readonly templateBuckets: number[]
}

export function nothingKnown(): Known {
  return {
    names: new Map(),
    nameBuckets: new Array(NAME_BUCKETS).fill(0),
    templates: new Map(),
    templateBuckets: new Array(TEMPLATE_BUCKETS).fill(0),
  }
}

export function writeFragment(out: ChunkBytes, known: Known, fragment: Fragment): void {
  if (fragment.hasHeader) writeHeader(out)
  for (const node of fragment.content) {
    if (node.kind === "instance") writeInstance(out, known, node)
    else if (node.kind === "element") writeElement(out, known, node, false)
    else writeInstruction(out, known, node)
  }
  out.u8(TOKEN.end)
}

function writeHeader(out: ChunkBytes): void {
  out.put(Uint8Array.of(TOKEN.header, 1, 1, 0))
}

function writeInstance(out: ChunkBytes, known: Known, { template, values }: Instance): void {
  const key = template.guid.toString("hex")
  const offset = known.templates.get(key)
  out.u8(TOKEN.instance)
  out.u8(1)
  out.put(template.guid.subarray(0, 4))
  out.u32(offset ?? out.at + 4)
  if (offset === undefined) {
    known.templates.set(key, out.at)
    writeDefinition(out, known, template)
  }
  writeValues(out, known, values)
}

function writeDefinition(out: ChunkBytes, known: Known, { guid, root }: Template): void {
  const start = out.at
  const bucket = hashName(guid.toString("utf16le")) % TEMPLATE_BUCKETS
  out.u32(known.templateBuckets[bucket] ?? 0)
  known.templateBuckets[bucket] = start
  out.put(guid)
  const size = out.hole()
  writeHeader(out)
  writeElement(out, known, root, true)
  out.u8(TOKEN.end)
  out.fillWithLength(size)
}

function writeValues(out: ChunkBytes, known: Known, values: readonly Value[]): void {
  out.u32(values.length)
  const holes = values.map((value) => {
    const hole = out.hole()
    out.bytes.writeUInt16LE(typeOf(value), hole + 2)
    return hole
  })
  for (const [index, value] of values.entries()) {
    const start = out.at
    writeValue(out, known, value)
    out.bytes.writeUInt16LE(out.at - start, holes[index] ?? 0)
  }
}

function writeValue(out: ChunkBytes, known: Known, value: Value): void {
  if (value.kind === "plain" || value.kind === "nothing") out.put(value.bytes)
  else if (value.kind === "fragment") writeFragment(out, known, value.fragment)
  else if (value.kind === "list") {
    for (const item of value.items) {
      out.put(item.bytes)
      if (item.type === TYPE.text) out.u16(0)
      else if (item.type === TYPE.ansi) out.u8(0)
    }
  }
}

/** @param isTemplate elements of a definition say on which value they depend, others do not */
function writeElement(out: ChunkBytes, known: Known, node: Element, isTemplate: boolean): void {
  const hasAttributes = node.attributes.length > 0
  out.u8(TOKEN.open | (hasAttributes ? MORE : 0))
  if (isTemplate) out.u16(dependencyOf(node))
  const size = out.hole()
  writeName(out, known, node.name)
  if (hasAttributes) writeAttributes(out, known, node.attributes)
  if (node.content.length === 0 && node.isPair !== true) out.u8(TOKEN.closeEmpty)
  else {
    out.u8(TOKEN.closeStart)
    for (const [at, child] of node.content.entries()) {
      writeNode(out, known, child, isTemplate, isText(node.content[at + 1]))
    }
    out.u8(TOKEN.close)
  }
  out.fillWithLength(size)
}

function dependencyOf(node: Element): number {
  const slot = node.content.find((child) => child.kind === "slot" && child.isOptional)
  return slot?.kind === "slot" ? slot.index : NO_DEPENDENCY
}

function isText(node: Node | undefined): boolean {
  return node !== undefined && node.kind !== "element" && node.kind !== "instruction"
}

function writeAttributes(out: ChunkBytes, known: Known, attributes: readonly Attribute[]): void {
  const size = out.hole()
  for (const [at, { name, value }] of attributes.entries()) {
    out.u8(TOKEN.attribute | (at + 1 < attributes.length ? MORE : 0))
    writeName(out, known, name)
    for (const [piece, content] of value.entries()) writePiece(out, known, content, piece + 1 < value.length)
  }
  out.fillWithLength(size)
}

function writeNode(out: ChunkBytes, known: Known, node: Node, isTemplate: boolean, hasMore: boolean): void {
  if (node.kind === "element") writeElement(out, known, node, isTemplate)
  else if (node.kind === "instruction") writeInstruction(out, known, node)
  else writePiece(out, known, node, hasMore)
}

function writePiece(out: ChunkBytes, known: Known, piece: Piece, hasMore: boolean): void {
  const more = hasMore ? MORE : 0
  switch (piece.kind) {
    case "text":
      out.u8(TOKEN.value | more)
      out.u8(TYPE.text)
      writeCounted(out, piece.text)
      break
    case "cdata":
      out.u8(TOKEN.cdata | more)
      writeCounted(out, piece.text)
      break
    case "character":
      out.u8(TOKEN.character | more)
      out.u16(piece.code)
      break
    case "entity":
      out.u8(TOKEN.entity | more)
      writeName(out, known, piece.name)
      break
    case "slot":
      out.u8(piece.isOptional ? TOKEN.optionalSlot : TOKEN.slot)
      out.u16(piece.index)
      out.u8(piece.type)
  }
}

function writeInstruction(out: ChunkBytes, known: Known, { target, text }: Instruction): void {
  out.u8(TOKEN.instructionTarget)
  writeName(out, known, target)
  out.u8(TOKEN.instructionText)
  writeCounted(out, text)
}

function writeCounted(out: ChunkBytes, text: string): void {
  out.u16(text.length)
  out.utf16(text)
}

function writeName(out: ChunkBytes, known: Known, name: string): void {
  const offset = known.names.get(name)
  out.u32(offset ?? out.at + 4)
  if (offset !== undefined) return
  const hash = hashName(name)
  const bucket = hash % NAME_BUCKETS
  known.names.set(name, out.at)
  const newest = out.at
  out.u32(known.nameBuckets[bucket] ?? 0)
  known.nameBuckets[bucket] = newest
  out.u16(hash & 0xffff)
  writeCounted(out, name)
  out.u16(0)
}

/** 32 bits; a name record stores the lower half. */
export function hashName(name: string): number {
  let hash = 0
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 65_599) + name.charCodeAt(at)) >>> 0
  return hash
}
