/**
 * Recognises Windows events in CSV by the columns of the header.
 * Source of truth: the readers of this folder.
 */

import { EventTape } from "../event-tape.ts"
import { jsonOfRow, rowEnd, splitRow } from "./csv-row.ts"
import { EventMapper } from "./event-mapper.ts"
import type { Finding } from "./finding.ts"
import { JsonTree } from "./json-tree.ts"
import { NameLookup } from "./name-lookup.ts"
import { shapeOf } from "./shape-of.ts"
import { timeOf } from "./tape-time.ts"

/** A header is shorter. */
const HEADER_BYTES = 16 * 1024
/** Fewer columns hold no event. */
const COLUMNS = 4

export function detectCsv(text: Buffer): Finding | null {
  const rows = firstRows(text)
  const [header, first] = rows
  if (header === undefined || header.length < COLUMNS) return null
  const names = new NameLookup()
  const tree = new JsonTree(names)
  const json = jsonOfRow(header, first?.length === header.length ? first : [])
  if (tree.parse(json, 0, json.length) !== "end") return null
  const shape = shapeOf(tree, 0)
  if (shape === null) return null
  const tape = new EventTape()
  const isEvent = first !== undefined && new EventMapper(tree, tape, names).map(0, shape)
  return {
    shape: shape === "evtxecmd-json" ? "evtxecmd-csv" : "csv",
    confidence: "certain",
    why: `its ${header.length} columns are those of Windows events`,
    firstTimeMs: isEvent ? timeOf(tape) : Number.NaN,
  }
}

/** The header and the first row behind it, without lines that are neither. */
function firstRows(text: Buffer): string[][] {
  const rows: string[][] = []
  for (let at = 0; rows.length < 2; ) {
    const limit = rows.length === 0 ? Math.min(text.length, at + HEADER_BYTES) : text.length
    const end = rowEnd(text, at, limit)
    const fields = splitRow(text.utf8Slice(at, end < 0 ? limit : end))
    if (fields === null || (end < 0 && limit < text.length)) return rows
    if (fields.length > 1) rows.push(fields)
    else if (!fields[0]?.startsWith("#TYPE ") && fields[0] !== "") return rows
    if (end < 0) return rows
    at = end
  }
  return rows
}
