/**
 * What BinXML can say, as a tree: elements, the pieces of text between them, and places that a template leaves open.
 * Source of truth: MS-EVEN6 2.2.12, libevtx's format documentation.
 */
import type { Value } from "./value.ts"

export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "cdata"; readonly text: string }
  | { readonly kind: "character"; readonly code: number }
  | { readonly kind: "entity"; readonly name: string }
  | { readonly kind: "slot"; readonly index: number; readonly type: number; readonly isOptional: boolean }

export interface Instruction {
  readonly kind: "instruction"
  readonly target: string
  readonly text: string
}

export interface Element {
  readonly kind: "element"
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly content: readonly Node[]
  /** Written as `<a></a>` although there is nothing in it. */
  readonly isPair?: boolean
}

export interface Attribute {
  readonly name: string
  readonly value: readonly Piece[]
}

export type Node = Element | Piece | Instruction

export interface Template {
  /** The 16 bytes as they lie in the file; the same for the same tree. */
  readonly guid: Buffer
  readonly root: Element
}

export interface Instance {
  readonly kind: "instance"
  readonly template: Template
  readonly values: readonly Value[]
}

/** What a record holds, or an embedded value. */
export interface Fragment {
  /** Windows leaves out the header before most embedded values. */
  readonly hasHeader: boolean
  readonly content: readonly (Instance | Element | Instruction)[]
}

/** Attributes are given by name; strings stand for text. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | Piece | readonly Piece[]>> = {},
  ...content: readonly (Node | string)[]
): Element {
  return {
    kind: "element",
    name,
    attributes: Object.entries(attributes).map(([key, value]) => ({ name: key, value: pieces(value) })),
    content: content.map((node) => (typeof node === "string" ? text(node) : node)),
  }
}

/** `<a></a>`, as most templates of Windows have it for events without data. */
export function emptyPair(name: string): Element {
  return { ...element(name), isPair: true }
}

export const text = (value: string): Piece => ({ kind: "text", text: value })
export const cdata = (value: string): Piece => ({ kind: "cdata", text: value })
/** @param code a UTF-16 code unit */
export const character = (code: number): Piece => ({ kind: "character", code })
/** @param name one of lt gt amp quot apos */
export const entity = (name: string): Piece => ({ kind: "entity", name })
export const instruction = (target: string, value: string): Instruction => ({
  kind: "instruction",
  target,
  text: value,
})

/** @param type declared in the template; the value's own rules */
export function slot(index: number, type: number): Piece {
  return { kind: "slot", index, type, isOptional: false }
}

/** Goes away, with what holds it, when its value is NULL. */
export function optional(index: number, type: number): Piece {
  return { kind: "slot", index, type, isOptional: true }
}

function pieces(value: string | Piece | readonly Piece[]): readonly Piece[] {
  if (typeof value === "string") return [text(value)]
  return "kind" in value ? [value] : value
}
