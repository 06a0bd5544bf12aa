/** Bracket expressions of regular expressions and globs in the C locale: `[a-z]`, `[^/]`, `[[:digit:]_]`. POSIX 9.3.5. */
import type { ByteCursor } from "./byte-cursor.ts"
import { emptySet, PatternError, type PatternNode } from "./pattern-node.ts"

const HYPHEN = "-"
const CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ["alnum", /[0-9A-Za-z]/],
  ["alpha", /[A-Za-z]/],
  ["blank", /[ \t]/],
  ["cntrl", /\p{Cc}/u],
  ["digit", /[0-9]/],
  ["graph", /[!-~]/],
  ["lower", /[a-z]/],
  ["print", /[ -~]/],
  ["punct", /[!-/:-@[-`{-~]/],
  ["space", /[ \t\n\v\f\r]/],
  ["upper", /[A-Z]/],
  ["xdigit", /[0-9A-Fa-f]/],
])

/** Behind the `[`; `negation` is `^` in regular expressions, `!` too in globs. */
export function readBracket(cursor: ByteCursor, negations: readonly string[]): PatternNode {
  const bytes = emptySet()
  const isNegated = negations.some((sign) => cursor.skip(sign))
  for (let isFirst = true; isFirst || !cursor.is("]"); isFirst = false) {
    if (cursor.isAtEnd) throw new PatternError("a [ has no ]")
    readMember(cursor, bytes)
  }
  cursor.take()
  if (isNegated) for (let byte = 0; byte < bytes.length; byte++) bytes[byte] = bytes[byte] === 0 ? 1 : 0
  return { kind: "set", bytes }
}

function readMember(cursor: ByteCursor, bytes: Uint8Array): void {
  if (cursor.is("[") && cursor.peek(1) === ":".charCodeAt(0)) {
    addClass(cursor, bytes)
    return
  }
  const from = readEdge(cursor)
  const isRange = cursor.is(HYPHEN) && cursor.peek(1) >= 0 && cursor.peek(1) !== "]".charCodeAt(0)
  if (isRange) cursor.take()
  const to = isRange ? readEdge(cursor) : from
  if (to < from) throw new PatternError("a range in [ ] runs backwards")
  bytes.fill(1, from, to + 1)
}

/** One byte, plain or as `[.a.]` or `[=a=]`. */
function readEdge(cursor: ByteCursor): number {
  const mark = cursor.peek(1)
  const isNamed = cursor.is("[") && (mark === ".".charCodeAt(0) || mark === "=".charCodeAt(0))
  if (!isNamed) return cursor.take()
  const byte = cursor.peek(2)
  if (byte < 0 || cursor.peek(3) !== mark || cursor.peek(4) !== "]".charCodeAt(0))
    throw new PatternError("[. .] and [= =] hold one character")
  cursor.at += 5
  return byte
}

function addClass(cursor: ByteCursor, bytes: Uint8Array): void {
  const from = cursor.at + 2
  let to = from
  while (cursor.peek(to - cursor.at) >= 0 && cursor.peek(to - cursor.at) !== ":".charCodeAt(0)) to++
  const name = cursor.text(from, to)
  const members = CLASSES.get(name)
  cursor.at = to + 1
  if (members === undefined || !cursor.skip("]")) throw new PatternError(`there is no class [:${name}:]`)
  for (let byte = 0; byte < 0x80; byte++) if (members.test(String.fromCharCode(byte))) bytes[byte] = 1
}
