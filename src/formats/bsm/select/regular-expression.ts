/**
 * Reads extended regular expressions as regcomp(3) does with REG_EXTENDED in the C locale. POSIX 9.4. What no automaton
 * can match in linear time is refused: back references and GNU's word boundaries.
 */
import { readBracket } from "./bracket.ts"
import { ByteCursor } from "./byte-cursor.ts"
import { anyByte, emptySet, oneByte, PatternError, type PatternNode } from "./pattern-node.ts"

/** RE_DUP_MAX that POSIX guarantees; more would make huge automata. */
const MAX_REPEAT = 255
const MAX_DEPTH = 200
const NO_END = -1
const INTERVAL = /^\{(\d{0,5})(?:(,)(\d{1,5})?)?\}/
const WORD = /[0-9A-Za-z_]/
const SPACE = /[ \t\n\v\f\r]/

/** @throws PatternError */
export function readRegularExpression(text: string): PatternNode {
  const cursor = new ByteCursor(text)
  const node = readAlternatives(cursor, 0)
  if (!cursor.isAtEnd) throw new PatternError("a ) has no (")
  return node
}

function readAlternatives(cursor: ByteCursor, depth: number): PatternNode {
  if (depth > MAX_DEPTH) throw new PatternError("parentheses are nested too deep")
  const nodes = [readSequence(cursor, depth)]
  while (cursor.skip("|")) nodes.push(readSequence(cursor, depth))
  return { kind: "any", nodes }
}

function readSequence(cursor: ByteCursor, depth: number): PatternNode {
  const nodes: PatternNode[] = []
  while (!cursor.isAtEnd && !cursor.is("|") && !(cursor.is(")") && depth > 0)) {
    if (cursor.is(")")) break
    nodes.push(readRepeats(cursor, readAtom(cursor, depth)))
  }
  return { kind: "all", nodes }
}

function readAtom(cursor: ByteCursor, depth: number): PatternNode {
  if (cursor.skip("(")) {
    const node = readAlternatives(cursor, depth + 1)
    if (!cursor.skip(")")) throw new PatternError("a ( has no )")
    return node
  }
  if (cursor.skip("[")) return readBracket(cursor, ["^"])
  if (cursor.skip(".")) return anyByte()
  if (cursor.skip("^")) return { kind: "start" }
  if (cursor.skip("$")) return { kind: "end" }
  if (cursor.skip("\\")) return readEscape(cursor)
  if (cursor.is("*") || cursor.is("+") || cursor.is("?"))
    throw new PatternError(`nothing stands before ${String.fromCharCode(cursor.byte)}`)
  return oneByte(cursor.take())
}

function readEscape(cursor: ByteCursor): PatternNode {
  if (cursor.isAtEnd) throw new PatternError("a \\ ends the pattern")
  const character = String.fromCharCode(cursor.take())
  if (/[1-9]/.test(character)) throw new PatternError("back references are not supported")
  if (/[bB<>`']/.test(character)) throw new PatternError(`\\${character} is not supported`)
  if (/[wW]/.test(character)) return setOf(WORD, character === "W")
  if (/[sS]/.test(character)) return setOf(SPACE, character === "S")
  return oneByte(character.charCodeAt(0))
}

function setOf(members: RegExp, isNegated: boolean): PatternNode {
  const bytes = emptySet()
  for (let byte = 0; byte < bytes.length; byte++)
    bytes[byte] = members.test(String.fromCharCode(byte)) === isNegated ? 0 : 1
  return { kind: "set", bytes }
}

function readRepeats(cursor: ByteCursor, atom: PatternNode): PatternNode {
  let node = atom
  for (;;) {
    if (cursor.skip("*")) node = { kind: "repeat", node, least: 0, most: NO_END }
    else if (cursor.skip("+")) node = { kind: "repeat", node, least: 1, most: NO_END }
    else if (cursor.skip("?")) node = { kind: "repeat", node, least: 0, most: 1 }
    else if (cursor.is("{")) {
      const repeated = readInterval(cursor, node)
      if (repeated === undefined) return node
      node = repeated
    } else return node
  }
}

/** `{2}`, `{2,}`, `{2,5}`, `{,5}`; `undefined` for a brace that is itself meant. */
function readInterval(cursor: ByteCursor, node: PatternNode): PatternNode | undefined {
  const match = INTERVAL.exec(cursor.text(cursor.at, cursor.at + 16))
  if (match === null || match[0] === "{}" || match[0] === "{,}") return undefined
  const [whole, first = "", comma, last] = match
  const least = Number(first)
  const most = comma === undefined ? least : last === undefined ? NO_END : Number(last)
  if (least > MAX_REPEAT || most > MAX_REPEAT)
    throw new PatternError(`a pattern repeats at most ${MAX_REPEAT} times`)
  if (most !== NO_END && most < least) throw new PatternError(`${whole} runs backwards`)
  cursor.at += whole.length
  return { kind: "repeat", node, least, most }
}
