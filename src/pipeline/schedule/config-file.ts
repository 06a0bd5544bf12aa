/**
 * Finds a config and its packs on disk. What runs as root must not take orders from a file that anybody can write.
 * Source of truth: osquery plugins/config/filesystem_config.cpp for the paths; the check of the mode is ours.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { type ConfigResult, parseConfig } from "./config.ts"
import type { PackRules } from "./pack.ts"

export type FileText = { readonly text: string } | { readonly message: string }

/** A file's text and mode; throws what the file system throws. */
export type OpenText = (path: string) => {
  readonly text: string
  readonly mode: number
  readonly isFile: boolean
}

const WORLD_WRITABLE = 0o002
const MOST_BYTES = 4 * 1024 * 1024

/** Paths of packs are relative to the config. */
export function loadConfig(path: string, rules: PackRules, open: OpenText = openText): ConfigResult {
  const file = readSafely(path, open)
  if ("message" in file) return { ok: false, message: file.message }
  const readPackFile = (pack: string) => readSafely(resolve(dirname(path), pack), open)
  return parseConfig(file.text, { ...rules, readPackFile })
}

function readSafely(path: string, open: OpenText): FileText {
  try {
    const { text, mode, isFile } = open(path)
    if (!isFile) return { message: `${path} is not a regular file` }
    if ((mode & WORLD_WRITABLE) !== 0) return { message: `${path} can be written by everybody: chmod o-w it` }
    return { text }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
    return { message: code === "ENOENT" ? `${path} does not exist` : `${path} cannot be read (${code})` }
  }
}

/** Mode and text come from one descriptor, so that the file cannot be changed for another in between. */
function openText(path: string): ReturnType<OpenText> {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const facts = fstatSync(descriptor)
    const isRead = facts.isFile() && facts.size <= MOST_BYTES
    if (facts.isFile() && !isRead) throw new Error(`longer than ${MOST_BYTES} bytes`)
    return { text: isRead ? readFileSync(descriptor, "utf8") : "", mode: facts.mode, isFile: facts.isFile() }
  } finally {
    closeSync(descriptor)
  }
}
