/** A pattern over bytes as a tree: what the readers of regular expressions and globs make, and the matcher takes. */

export type PatternNode =
  /** One byte of 256: not 0 where it is in the set. */
  | { readonly kind: "set"; readonly bytes: Uint8Array }
  | { readonly kind: "all"; readonly nodes: readonly PatternNode[] }
  | { readonly kind: "any"; readonly nodes: readonly PatternNode[] }
  /** `most` is -1 without an end. */
  | { readonly kind: "repeat"; readonly node: PatternNode; readonly least: number; readonly most: number }
  | { readonly kind: "start" }
  | { readonly kind: "end" }

/** A pattern that cannot be read; the message says why, for people. */
export class PatternError extends Error {}

export function emptySet(): Uint8Array {
  return new Uint8Array(256)
}

export function oneByte(byte: number): PatternNode {
  const bytes = emptySet()
  bytes[byte] = 1
  return { kind: "set", bytes }
}

/** Every byte but `except`. */
export function anyByte(except = -1): PatternNode {
  const bytes = emptySet().fill(1)
  if (except >= 0) bytes[except] = 0
  return { kind: "set", bytes }
}
