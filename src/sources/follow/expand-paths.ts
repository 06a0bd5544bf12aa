/** Turns what is to be followed (paths and globs) into logs: of rotated siblings the newest is followed. */
import { resolve } from "node:path"
import fastGlob from "fast-glob"
import { chainKey, orderChain } from "../chain.ts"
import { lookAt } from "./siblings.ts"

export interface NamedChain {
  /** The same for all rotations of a log. */
  readonly key: string
  /** Oldest first; the last one is written to. */
  readonly paths: readonly string[]
}

/** Whether looking again can find more. */
export function hasGlobs(paths: readonly string[]): boolean {
  return paths.some((path) => fastGlob.isDynamicPattern(path))
}

/** A path that does not exist stands for itself; a glob for what it matches now. */
export async function expandPaths(paths: readonly string[]): Promise<NamedChain[]> {
  const chains = new Map<string, Map<string, string>>()
  for (const path of paths) {
    for (const name of await namesOf(path)) {
      const absolute = resolve(name)
      const key = chainKey({ path: absolute, member: "" })
      const members = chains.get(key) ?? new Map<string, string>()
      chains.set(key, members)
      if (!members.has(absolute)) members.set(absolute, name)
    }
  }
  return [...chains].map(([key, members]) => {
    const links = [...members.values()].map((name) => ({ name, firstTimeMs: Number.NaN }))
    return { key, paths: orderChain(links).map(({ name }) => name) }
  })
}

async function namesOf(path: string): Promise<string[]> {
  if (!fastGlob.isDynamicPattern(path) || (await lookAt(path)) !== null) return [path]
  const names = await fastGlob.glob(path, {
    followSymbolicLinks: false,
    onlyFiles: false,
    dot: true,
    unique: true,
    suppressErrors: true,
  })
  return names.sort()
}
