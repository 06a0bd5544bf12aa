/**
 * The rare shapes of osquery's `data`, where a later field changes what an earlier one became: a repeated name takes
 * the place of the first, a dot in a name nests, an array beside elements becomes an object with empty keys.
 * Source of truth: osquery windowseventlogparser.cpp; boost property_tree for put, add and write_json.
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { type EventTape, TAPE } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { contentOf, DATA, hasElements, MAX_DEPTH, nameAttribute, textOf } from "./elements.ts"
import { appendByte, type JsonStyle, writeQuoted } from "./json-text.ts"

const ATTRIBUTES = "<xmlattr>"

interface Tree {
  readonly key: string
  text: string
  readonly members: Tree[]
  /** The first member of a key; made for those that are looked up. */
  index?: Map<string, Tree>
}

/** Appends the element that opens at `at`; its shape is osquery's whatever it holds. */
export function writeTree(
  tape: EventTape,
  at: number,
  out: GrowingBytes,
  style: JsonStyle,
  depth: number,
): void {
  writeNode(toTree(tape, at, depth), out, style)
}

function toTree(tape: EventTape, at: number, depth: number): Tree {
  const tree: Tree = { key: nameText(tape, at), text: "", members: [] }
  const content = contentOf(tape, at)
  if (content > at + 1) add(tree, attributesOf(tape, at, content))
  let isArray: boolean | undefined
  for (let next = content; next < tape.count && tape.kind(next) !== TAPE.close; ) {
    if (tape.kind(next) !== TAPE.open) {
      next++
      continue
    }
    if (tape.name(next) === DATA) {
      const named = nameAttribute(tape, next)
      isArray ??= named < 0
      const text = textOf(tape, contentOf(tape, next))
      if (isArray || named < 0) add(tree, { key: "", text, members: [] })
      else put(tree, tape.bytes.utf8Slice(tape.start(named), tape.end(named)), text)
    } else add(tree, childTree(tape, next, depth))
    next = tape.skip(next)
  }
  return tree
}

function childTree(tape: EventTape, at: number, depth: number): Tree {
  const content = contentOf(tape, at)
  const isLeaf = content === at + 1 && !hasElements(tape, content)
  if (!isLeaf && depth < MAX_DEPTH) return toTree(tape, at, depth + 1)
  return { key: nameText(tape, at), text: textOf(tape, content), members: [] }
}

function attributesOf(tape: EventTape, at: number, content: number): Tree {
  const tree: Tree = { key: ATTRIBUTES, text: "", members: [] }
  for (let next = at + 1; next < content; next++) {
    const text = tape.bytes.utf8Slice(tape.start(next), tape.end(next))
    add(tree, { key: nameText(tape, next), text, members: [] })
  }
  return tree
}

const nameText = (tape: EventTape, at: number): string =>
  tape.name(at) < 0 ? "?" : NAMES.text(tape.name(at))

function add(tree: Tree, member: Tree): void {
  tree.members.push(member)
  if (tree.index !== undefined && !tree.index.has(member.key)) tree.index.set(member.key, member)
}

/** Sets the member at a path of keys with dots between them, making what is missing. */
function put(tree: Tree, path: string, text: string): void {
  let node = tree
  for (const key of path.split(".", MAX_DEPTH)) {
    node.index ??= indexOf(node.members)
    let member = node.index.get(key)
    if (member === undefined) {
      member = { key, text: "", members: [] }
      add(node, member)
    }
    node = member
  }
  node.text = text
}

function indexOf(members: readonly Tree[]): Map<string, Tree> {
  const index = new Map<string, Tree>()
  for (const member of members) if (!index.has(member.key)) index.set(member.key, member)
  return index
}

function writeNode({ text, members }: Tree, out: GrowingBytes, style: JsonStyle): void {
  if (members.length === 0) {
    writeQuoted(out, text, style)
    return
  }
  const isArray = members.every(({ key }) => key === "")
  appendByte(out, isArray ? 0x5b : 0x7b)
  members.forEach((member, at) => {
    if (at > 0) appendByte(out, 0x2c)
    if (!isArray) {
      writeQuoted(out, member.key, style)
      appendByte(out, 0x3a)
    }
    writeNode(member, out, style)
  })
  appendByte(out, isArray ? 0x5d : 0x7d)
}
