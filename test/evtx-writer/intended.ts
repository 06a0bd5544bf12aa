/**
 * What Windows shows of a fragment: substitutions made, elements of absent values left out, arrays spread. Made from
 * the tree that the writer was given, never from the bytes it wrote: the expectation that parsers are held against.
 */
import { type Value, wellFormed } from "./value.ts"
import type { Element, Fragment, Instance, Instruction, Node, Piece } from "./xml-model.ts"

export interface Shown {
  readonly name: string
  readonly attributes: readonly (readonly [string, string])[]
  /** Texts beside each other are one. */
  readonly content: readonly (Shown | ShownInstruction | string)[]
}

export interface ShownInstruction {
  readonly target: string
  readonly text: string
}

type Content = Shown | ShownInstruction | string

/** The elements and instructions of a fragment, in order. */
export function showFragment(fragment: Fragment): Content[] {
  return fragment.content.flatMap((node): Content[] => {
    if (node.kind === "instance") return showInstance(node)
    return node.kind === "element" ? showElement(node, []) : [showInstruction(node)]
  })
}

/** The one element that a record holds. */
export function showRecord(fragment: Fragment): Shown {
  const root = showFragment(fragment).find((node) => typeof node === "object" && "name" in node)
  if (root === undefined || typeof root === "string" || !("name" in root)) {
    throw new Error("a record holds an element")
  }
  return root
}

/** One line, as `wevtutil` writes it but for double quotes. */
export function toXml(node: Content): string {
  if (typeof node === "string") return escapeText(node)
  if ("target" in node) return `<?${node.target} ${node.text}?>`
  const attributes = node.attributes.map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join("")
  if (node.content.length === 0) return `<${node.name}${attributes}/>`
  return `<${node.name}${attributes}>${node.content.map(toXml).join("")}</${node.name}>`
}

function showInstance({ template, values }: Instance): Content[] {
  return showElement(template.root, values)
}

function showInstruction({ target, text }: Instruction): ShownInstruction {
  return { target, text }
}

/** None when its only content is absent, several when a value is an array. */
function showElement(node: Element, values: readonly Value[]): Content[] {
  const list = node.content.find((piece) => piece.kind === "slot" && values[piece.index]?.kind === "list")
  if (list?.kind === "slot") return spreadElement(node, values, list.index)
  const [only] = node.content
  if (only !== undefined && node.content.length === 1 && isAbsent(only, values)) return []
  const attributes = node.attributes
    .filter(({ value: [piece] }) => piece === undefined || !isAbsent(piece, values))
    .map(({ name, value }) => [name, value.map((piece) => showPiece(piece, values)).join("")] as const)
  const content = node.content.flatMap((child) => showNode(child, values))
  return [{ name: node.name, attributes, content: joinTexts(content) }]
}

function spreadElement(node: Element, values: readonly Value[], index: number): Content[] {
  const value = values[index]
  if (value?.kind !== "list") return []
  const items: readonly Value[] = value.items.length > 0 ? value.items : [EMPTY]
  return items.flatMap((item) => showElement(node, values.with(index, item)))
}

const EMPTY: Value = { kind: "plain", type: 0x01, bytes: Buffer.alloc(0), text: "" }

function isAbsent(node: Node, values: readonly Value[]): boolean {
  return node.kind === "slot" && node.isOptional && (values[node.index]?.kind ?? "nothing") === "nothing"
}

function showNode(node: Node, values: readonly Value[]): Content[] {
  if (node.kind === "element") return showElement(node, values)
  if (node.kind === "instruction") return [showInstruction(node)]
  const value = node.kind === "slot" ? values[node.index] : undefined
  return value?.kind === "fragment" ? showFragment(value.fragment) : [showPiece(node, values)]
}

const ENTITIES = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
])

function showPiece(piece: Piece, values: readonly Value[]): string {
  switch (piece.kind) {
    case "character":
      return String.fromCharCode(piece.code)
    case "entity":
      return ENTITIES.get(piece.name) ?? ""
    case "slot": {
      const value = values[piece.index]
      return value?.kind === "plain" ? value.text : ""
    }
    default:
      return wellFormed(piece.text)
  }
}

function joinTexts(content: readonly Content[]): Content[] {
  const joined: Content[] = []
  for (const node of content) {
    const last = joined.at(-1)
    if (typeof node !== "string") joined.push(node)
    else if (typeof last === "string") joined[joined.length - 1] = last + node
    else if (node !== "") joined.push(node)
  }
  return joined
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', "&quot;").replaceAll("'", "&apos;")
}
