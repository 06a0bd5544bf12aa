/** Finds the cases below a folder: every folder with a meta.yaml is one. Symbolic links are not followed. */
import { lstat, readdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { LIMITS } from "../../base/limits.ts"
import { MissingInputError } from "../errors.ts"
import { META_FILE } from "./case-files.ts"

/** The corpus that comes with the package, or lies in the checkout; this runs as source, or joined with others in dist/. */
export function ownCorpus(): string {
  const root = import.meta.url.endsWith(".ts") ? "../../.." : ".."
  return fileURLToPath(new URL(`${root}/corpus`, import.meta.url))
}

/** The cases' folders in bytewise order, without repetition. Hostile text. */
export async function findCases(folders: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const folder of folders) {
    const stats = await lstat(folder).catch(() => null)
    if (stats === null || !stats.isDirectory()) {
      throw new MissingInputError(`there is no folder ${folder}`, "Name a case's folder, or one above cases.")
    }
    await walk(folder, 0, found)
  }
  return [...found].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

async function walk(folder: string, depth: number, found: Set<string>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  if (entries.some((entry) => entry.name === META_FILE && entry.isFile())) found.add(folder)
  if (depth === LIMITS.corpusDepth.value) return
  for (const entry of entries) {
    if (entry.isDirectory()) await walk(join(folder, entry.name), depth + 1, found)
  }
}
