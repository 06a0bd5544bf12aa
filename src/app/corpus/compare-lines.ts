/** Says where two texts of JSON lines first differ, briefly, in the manner of diff -u. */

/** Lines that a difference shows on each side. */
const SHOWN_LINES = 3
const SHOWN_CHARACTERS = 160

/** Null when both are the same; else a head and `-`/`+` lines. Hostile text, not yet escaped. */
export function compareLines(name: string, expected: Buffer, actual: Buffer): string[] | null {
  if (expected.equals(actual)) return null
  const before = linesOf(expected)
  const after = linesOf(actual)
  const start = commonStart(before, after)
  const end = commonEnd(before, after, start)
  const removed = before.slice(start, before.length - end)
  const added = after.slice(start, after.length - end)
  const head = `${name} line ${start + 1}: ${count(removed.length)} expected, ${count(added.length)} found`
  if (removed.length !== added.length) return [head, ...show("-", removed), ...show("+", added)]
  const pairs = removed.slice(0, SHOWN_LINES).map((line, index) => showPair(line, added[index] ?? ""))
  return [head, ...pairs.flat()]
}

function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString("utf8").split("\n")
  if (lines.at(-1) === "") lines.pop()
  return lines
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

function commonEnd(a: readonly string[], b: readonly string[], start: number): number {
  let length = 0
  const most = Math.min(a.length, b.length) - start
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length++
  return length
}

function count(lines: number): string {
  return `${lines} line${lines === 1 ? "" : "s"}`
}

function show(sign: string, lines: readonly string[]): string[] {
  const shown = lines.slice(0, SHOWN_LINES).map((line) => `${sign} ${cut(line)}`)
  return lines.length > SHOWN_LINES ? [...shown, `${sign} … ${lines.length - SHOWN_LINES} more`] : shown
}

/** Two versions of one row: only the columns that differ. */
function showPair(removed: string, added: string): string[] {
  if (removed === added) return []
  const before = columnsOf(removed)
  const after = columnsOf(added)
  const names = new Set([...before.keys(), ...after.keys()])
  const changed = [...names].filter((name) => before.get(name) !== after.get(name))
  if (changed.length === 0 || before.get("_table") !== after.get("_table")) {
    return [...show("-", [removed]), ...show("+", [added])]
  }
  return changed.flatMap((name) => [
    ...(before.has(name) ? [`- ${cutPair(name, before, after)}`] : []),
    ...(after.has(name) ? [`+ ${cutPair(name, after, before)}`] : []),
  ])
}

/** Columns as JSON text by name; empty when the line is no object. */
function columnsOf(line: string): Map<string, string> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== "object" || value === null) return new Map()
    return new Map(Object.entries(value).map(([name, column]) => [name, JSON.stringify(column)]))
  } catch {
    return new Map()
  }
}

/** `name: value`, of a long value the part where it begins to differ. */
function cutPair(
  name: string,
  ours: ReadonlyMap<string, string>,
  theirs: ReadonlyMap<string, string>,
): string {
  const value = ours.get(name) ?? ""
  const other = theirs.get(name) ?? ""
  if (value.length <= SHOWN_CHARACTERS) return `${name}: ${value}`
  let same = 0
  while (same < value.length && value[same] === other[same]) same++
  const from = Math.max(0, same - SHOWN_CHARACTERS / 4)
  return `${name}: ${from > 0 ? "…" : ""}${cut(value.slice(from))}`
}

function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
