/**
 * Finds the events in a JSON value: the value itself, or what it wraps (`result` of Splunk, `columns` of an osquery
 * result log, `_source` of Elasticsearch, a list under any name).
 */

import type { JsonTree } from "./json-tree.ts"
import { isDerived, type JsonShape, shapeOf } from "./shape-of.ts"

/** `{"hits":{"hits":[{"_source":{…}}]}}` has its events six levels down. */
const MAX_DEPTH = 8

/** Calls `found` for each event at or below `node`, in source order; returns how many there were. */
export function findRecords(
  tree: JsonTree,
  node: number,
  found: (record: number, shape: JsonShape) => void,
  depth = 0,
): number {
  if (tree.isScalar(node) || tree.isNull(node) || depth > MAX_DEPTH) return 0
  const shape = shapeOf(tree, node)
  if (shape !== null) {
    found(node, shape)
    return 1
  }
  if (isDerived(tree, node)) return 0
  let count = 0
  const end = tree.next(node)
  for (let child = node + 1; child < end; child = tree.next(child))
    count += findRecords(tree, child, found, depth + 1)
  return count
}
