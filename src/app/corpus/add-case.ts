/** Makes a new case of a file: a copy of it, meta.yaml, and what it gives now as expectation. */
import { mkdir, open, writeFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { stringify } from "yaml"
import { LIMITS } from "../../base/limits.ts"
import { CannotCreateError, MissingInputError, UsageError } from "../errors.ts"
import { META_FILE } from "./case-files.ts"
import { readCase } from "./read-case.ts"
import { type UpdateReport, updateCase } from "./update-case.ts"

export interface NewCase {
  readonly file: string
  /** Becomes a folder below `to`. */
  readonly name: string
  /** What the case shows, one sentence. */
  readonly why: string
  readonly to: string
}

const NAME = /^[a-z0-9][a-z0-9.-]{0,99}$/

export async function addCase({ file, name, why, to }: NewCase): Promise<UpdateReport> {
  if (!NAME.test(name)) {
    throw new UsageError(`${name} cannot name a case`, "Use lower-case letters, digits, hyphens and dots.")
  }
  if (why.trim() === "") throw new UsageError("--why is empty", "Say in one sentence what the case shows.")
  const { content, modifiedMs } = await readInput(file)
  const folder = join(to, name)
  const input = `input${extensionOf(file)}`
  try {
    await mkdir(to, { recursive: true })
    await mkdir(folder)
    await writeFile(join(folder, input), content, { flag: "wx", mode: 0o644 })
    const variant = await variantOf(folder, input)
    const modified = new Date(Math.floor(modifiedMs / 1000) * 1000).toISOString()
    const meta = { shows: why, origin: "given", how: "a file as it was given", variant, modified }
    await writeFile(join(folder, META_FILE), stringify(meta), { flag: "wx", mode: 0o644 })
  } catch (error) {
    throw cannotCreate(folder, error)
  }
  return updateCase(folder)
}

/** One descriptor for looking and reading, so that the file cannot change in between. */
async function readInput(file: string): Promise<{ content: Buffer; modifiedMs: number }> {
  const handle = await open(file, "r").catch(() => null)
  if (handle === null) throw new MissingInputError(`${file} cannot be opened`)
  try {
    const stats = await handle.stat()
    const limit = LIMITS.corpusInputBytes
    if (!stats.isFile()) throw new UsageError(`${file} is not a plain file`)
    if (stats.size > limit.value) {
      throw new UsageError(
        `${file} has ${stats.size} bytes, a case may have ${limit.value}`,
        "Cut the file down to what the case is to show, or compress it.",
      )
    }
    return { content: await handle.readFile(), modifiedMs: stats.mtimeMs }
  } finally {
    await handle.close()
  }
}

async function variantOf(folder: string, input: string): Promise<string> {
  const { sources } = await readCase(folder, [input], { host: "", modifiedMs: Number.NaN })
  const choice = sources[0]?.choice
  return choice?.kind === "format" ? choice.detection.variant : "none"
}

/** Up to two endings of the name, so that `.log.gz` stays; '' when they are unusual. */
function extensionOf(file: string): string {
  return /(?:\.[a-z][a-z0-9-]{0,11}){1,2}$/.exec(basename(file))?.[0] ?? ""
}

function cannotCreate(folder: string, error: unknown): CannotCreateError {
  const code = error instanceof Error && "code" in error ? error.code : ""
  if (code === "EEXIST") return new CannotCreateError(`${folder} exists already`, "Choose another --name.")
  const why = error instanceof Error ? error.message : String(error)
  return new CannotCreateError(`${folder} cannot be made: ${why}`)
}
