/** The files of a case's folder: which are inputs, and reading the small ones without trusting them. */
import { lstat, readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

export const META_FILE = "meta.yaml"
export const ROWS_FILE = "expected.jsonl"
export const PROBLEMS_FILE = "problems.jsonl"

const NO_INPUTS = new Set([META_FILE, ROWS_FILE, PROBLEMS_FILE, "README.md"])

/** Names of the inputs: `input*`, or the `files` of meta.yaml, or else whatever is no file of the corpus itself. */
export async function listInputs(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !NO_INPUTS.has(entry.name) && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** The file's bytes; null when it is absent, no plain file, or larger than `limit`. */
export async function readPlainFile(folder: string, name: string, limit: number): Promise<Buffer | null> {
  const path = join(folder, name)
  const stats = await lstat(path).catch(() => null)
  if (stats === null || !stats.isFile() || stats.size > limit) return null
  return readFile(path)
}
