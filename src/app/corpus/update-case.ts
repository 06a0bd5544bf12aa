/** Writes a case's expected files from what its inputs give now. */
import { randomBytes } from "node:crypto"
import { rename, unlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { LIMITS } from "../../base/limits.ts"
import { CannotCreateError } from "../errors.ts"
import { listInputs, PROBLEMS_FILE, ROWS_FILE, readPlainFile } from "./case-files.ts"
import { readMeta } from "./case-meta.ts"
import { compareLines } from "./compare-lines.ts"
import { readCase } from "./read-case.ts"

export interface UpdateReport {
  readonly folder: string
  /** Each file that was written, with its first differences. Hostile text. */
  readonly changes: readonly (readonly string[])[]
  /** Why nothing could be written, '' otherwise. */
  readonly failure: string
}

export async function updateCase(folder: string): Promise<UpdateReport> {
  const meta = await readMeta(folder)
  if (typeof meta === "string") return { folder, changes: [], failure: meta }
  const inputs = await listInputs(folder)
  if (inputs.length === 0) return { folder, changes: [], failure: "there is no input" }
  const { rows, problems } = await readCase(folder, inputs, meta)
  const changes = [await replace(folder, ROWS_FILE, rows), await replace(folder, PROBLEMS_FILE, problems)]
  return { folder, changes: changes.filter((change) => change !== null), failure: "" }
}

/** Puts a whole new file in place of the old one; a link there is replaced, not followed. */
async function replace(folder: string, name: string, content: Buffer): Promise<string[] | null> {
  const before = await readPlainFile(folder, name, LIMITS.corpusExpectedBytes.value)
  const change = before === null ? [`${name} is new`] : compareLines(name, before, content)
  if (change === null) return null
  const temporary = join(folder, `.${name}.${randomBytes(6).toString("hex")}`)
  try {
    await writeFile(temporary, content, { flag: "wx", mode: 0o644 })
    await rename(temporary, join(folder, name))
  } catch (error) {
    await unlink(temporary).catch(() => {})
    const why = error instanceof Error ? error.message : String(error)
    throw new CannotCreateError(`${join(folder, name)} cannot be written: ${why}`)
  }
  return change
}
