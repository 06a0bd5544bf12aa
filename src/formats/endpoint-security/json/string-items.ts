/**
 * The strings of a list that the tape keeps as one stretch.
 *
 *   ["ls","-la","\/tmp\/a dir"]
 */
import type { TextList } from "../text-list.ts"
import type { JsonTape } from "./json-tape.ts"
import { appendUnescaped } from "./json-text.ts"

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Calls `found` with the bounds, between the quotes, of every string at the top of the list. */
export function forStrings(tape: JsonTape, list: number, found: (start: number, end: number) => void): void {
  const { bytes } = tape
  const end = tape.end(list)
  let depth = 0
  for (let at = tape.start(list); at < end; at++) {
    const byte = bytes[at]
    if (byte === 0x5b || byte === 0x7b) depth++
    else if (byte === 0x5d || byte === 0x7d) depth--
    else if (byte === QUOTE) {
      const close = closingQuote(bytes, at + 1, end)
      if (depth === 1) found(at + 1, close)
      at = close
    }
  }
}

/** Fills a list of a message from a list of strings. */
export function readStrings(tape: JsonTape, list: number, target: TextList): void {
  if (!tape.isArray(list)) return
  target.clear()
  target.isKnown = true
  const { bytes } = tape
  const { arena } = target
  forStrings(tape, list, (start, end) => {
    const from = arena.used
    appendUnescaped(bytes, start, end, arena)
    target.add(from)
  })
}

function closingQuote(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return Math.min(at, end)
}
