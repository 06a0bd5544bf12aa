/** Which file of src may import what: the floors and rooms, as docs/architecture.md draws them. */
import { dirname, join } from "node:path"

const FLOORS: ReadonlyMap<string, number> = new Map([
  ["commands", 6],
  ["app", 5],
  ["pipeline", 4],
  ["normalize", 3],
  ["rows", 3],
  ["sources", 3],
  ["formats", 2],
  ["store", 2],
  ["schema", 1],
  ["base", 1],
])
/** A room of its own for every format. */
const SPLIT_ROOMS = new Set(["formats", "normalize"])

/** Packages and modules that only some files may use; paths are relative to src, a folder ends with a slash. */
const RESERVED: ReadonlyMap<string, readonly string[]> = new Map([
  ["better-sqlite3", ["store/sqlite/"]],
  ["koffi", ["sources/native/"]],
  [
    "node:child_process",
    ["app/query/run-query.ts", "app/ingest/jobs/run-jobs.ts", "app/capture/schedule/", "app/capture/es/"],
  ],
  [
    "node:worker_threads",
    [
      "app/query/query-child.ts",
      "app/query/memory-watch.ts",
      "sources/audit/reader/",
      "sources/auditpipe/reader/",
    ],
  ],
  ["node:http", []],
  ["node:https", []],
  ["node:http2", []],
  ["node:dgram", []],
  ["node:tls", []],
  ["node:dns", []],
  ["node:vm", []],
  ["node:cluster", []],
  ["node:inspector", []],
])

export interface Import {
  readonly target: string
  /** Names in braces; empty for other forms. */
  readonly names: readonly string[]
}

/** Static, dynamic and re-exporting imports of a source text. */
export function readImports(text: string): Import[] {
  const statements = /(?:^|\n)\s*(?:import|export)\s(?:type\s)?([^"'()]*?)\sfrom\s+["']([^"']+)["']/g
  const found = [...text.matchAll(statements)].map(([, names = "", target = ""]) => ({
    target,
    names: (/\{([^}]*)\}/.exec(names)?.[1] ?? "")
      .split(",")
      .map((name) => name.replace(/^\s*type\s/, "").trim())
      .filter((name) => name !== ""),
  }))
  const others = /(?:^|\n)\s*import\s+["']([^"']+)["']|\b(?:import|require)\(\s*["'`]([^"'`]+)["'`]/g
  for (const [, bare, called] of text.matchAll(others))
    found.push({ target: bare ?? called ?? "", names: [] })
  return found
}

/** Why `path` (relative to src) may not import this; '' when it may. */
export function refuseImport(path: string, { target, names }: Import): string {
  if (!target.startsWith(".")) return refusePackage(path, target, names)
  if (!target.endsWith(".ts")) return `${path}: ${target} has no .ts`
  const to = join(dirname(path), target)
  // What lies beside the rooms of a floor belongs to all of them.
  if (roomOf(path) === roomOf(to) || roomOf(path).startsWith(`${roomOf(to)}/`)) return ""
  const [from, down] = [floorOf(path), floorOf(to)]
  if (from === undefined || down === undefined) return `${path} -> ${to}: no floor`
  return down < from ? "" : `${path} (floor ${from}) -> ${to} (floor ${down})`
}

function refusePackage(path: string, target: string, names: readonly string[]): string {
  // Of node:net only what tells an address from other text.
  if (target === "node:net" && names.length > 0 && names.every((name) => /^isIP/.test(name))) return ""
  const allowed = target === "node:net" ? [] : RESERVED.get(target)
  if (allowed === undefined) return ""
  const isAllowed = allowed.some((place) => (place.endsWith("/") ? path.startsWith(place) : path === place))
  return isAllowed ? "" : `${path} may not import ${target}`
}

function floorOf(path: string): number | undefined {
  return FLOORS.get(path.split("/", 1)[0] ?? "")
}

function roomOf(path: string): string {
  const [top = "", second = ""] = path.split("/")
  return SPLIT_ROOMS.has(top) && second !== "" && !second.endsWith(".ts") ? `${top}/${second}` : top
}
