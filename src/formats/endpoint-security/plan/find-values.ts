/** Finds the values in a stretch of JSON that is known to be valid. */
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "../json/json-scanner.ts"

const BACKSLASH = 0x5c
const COLON = 0x3a
const SPACE = 0x20

/**
 * Calls `found` with the bounds of every string, number and literal that is no member's name in `bytes[start, end)`.
 * A list counts as one value if `areListsWhole`.
 */
export function findValues(
  bytes: Uint8Array,
  start: number,
  end: number,
  areListsWhole: boolean,
  found: (from: number, to: number) => void,
): void {
  let at = start
  while (at < end) {
    const byte = bytes[at] as number
    const isList = byte === OPEN_BRACKET && areListsWhole
    if (!isList && isBetween(byte)) {
      at++
      continue
    }
    const to = isList
      ? endOfList(bytes, at)
      : byte === QUOTE
        ? endOfString(bytes, at)
        : endOfLiteral(bytes, at)
    if (byte !== QUOTE || !isName(bytes, to)) found(at, to)
    at = to
  }
}

/** How deep objects and lists lie in each other. */
export function nestingOf(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0
  let deepest = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) at = endOfString(bytes, at) - 1
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) deepest = Math.max(deepest, ++depth)
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--
  }
  return deepest
}

function isBetween(byte: number): boolean {
  const isBracket =
    byte === OPEN_BRACE || byte === CLOSE_BRACE || byte === OPEN_BRACKET || byte === CLOSE_BRACKET
  return byte <= SPACE || byte === COMMA || byte === COLON || isBracket
}

function isName(bytes: Uint8Array, end: number): boolean {
  let at = end
  while ((bytes[at] as number) <= SPACE && bytes[at] !== 0) at++
  return bytes[at] === COLON
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1
  while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at + 1
}

function endOfLiteral(bytes: Uint8Array, start: number): number {
  let at = start
  while (!isBetween(bytes[at] as number)) at++
  return at
}

function endOfList(bytes: Uint8Array, start: number): number {
  let depth = 0
  for (let at = start; ; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) at = endOfString(bytes, at) - 1
    else if (byte === OPEN_BRACKET) depth++
    else if (byte === CLOSE_BRACKET && --depth === 0) return at + 1
  }
}
