/** Reads globs as fnmatch(3) does with FNM_PATHNAME: `*`, `?`, `[a-z]`, `\*`; only a slash matches a slash. */
import { readBracket } from "./bracket.ts"
import { ByteCursor } from "./byte-cursor.ts"
import { anyByte, oneByte, type PatternNode } from "./pattern-node.ts"

const SLASH = 0x2f

/** The whole text has to match. @throws PatternError */
export function readGlob(text: string): PatternNode {
  const cursor = new ByteCursor(text)
  const nodes: PatternNode[] = [{ kind: "start" }]
  while (!cursor.isAtEnd) nodes.push(readPiece(cursor))
  return { kind: "all", nodes: [...nodes, { kind: "end" }] }
}

function readPiece(cursor: ByteCursor): PatternNode {
  if (cursor.skip("*")) return { kind: "repeat", node: anyByte(SLASH), least: 0, most: -1 }
  if (cursor.skip("?")) return anyByte(SLASH)
  if (cursor.skip("[")) return withoutSlash(readBracket(cursor, ["!", "^"]))
  cursor.skip("\\")
  return oneByte(cursor.isAtEnd ? "\\".charCodeAt(0) : cursor.take())
}

function withoutSlash(node: PatternNode): PatternNode {
  if (node.kind === "set") node.bytes[SLASH] = 0
  return node
}
