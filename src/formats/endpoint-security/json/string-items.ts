/**
 * The strings of a list that the tape keeps as one stretch.
 *
 *   ["ls","-la","\/tmp\/a dir"]
 */
import type { TextList } from "../text-list.ts"
import { CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "./json-scanner.ts"
import type { JsonTape } from "./json-tape.ts"
import { appendUnescaped } from "./json-text.ts"

const BACKSLASH = 0x5c

/** Calls `found` with the bounds, between the quotes, of every string at the top of the list. */
export function forStrings(tape: JsonTape, list: number, found: (start: number, end: number) => void): void {
  const { bytes } = tape
  const end = tape.end(list)
  let depth = 0
  for (let at = tape.start(list); at < end; at++) {
    const byte = bytes[at]
    if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth++
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth--
    else if (byte === QUOTE) {
      const close = closingQuote(bytes, at + 1, end)
      if (depth === 1) found(at + 1, close)
      at = close
    }
  }
}

/** Fills a list of a message from the list of strings `node`. */
export function readStrings(tape: JsonTape, node: number, target: TextList): void {
  if (tape.isArray(node)) fillStrings(tape.bytes, tape.start(node), tape.end(node), target)
}

/** The same from the list in `bytes[start, end)`. */
export function fillStrings(bytes: Uint8Array, start: number, end: number, target: TextList): void {
  target.clear()
  target.isKnown = true
  const { arena } = target
  let depth = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth++
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth--
    else if (byte === QUOTE) {
      const close = closingQuote(bytes, at + 1, end)
      if (depth === 1) {
        const from = arena.used
        appendUnescaped(bytes, at + 1, close, arena)
        target.add(from)
      }
      at = close
    }
  }
}

function closingQuote(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return Math.min(at, end)
}
