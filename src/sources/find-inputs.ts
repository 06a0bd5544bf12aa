/**
 * Turns what a user names (files, folders, globs, `-`) into a list of files to read, in an order that depends on
 * nothing but the names. Symbolic links are never followed: evidence may point out of its own folder.
 */

import type { BigIntStats } from "node:fs"
import * as fs from "node:fs"
import { lstat, readdir } from "node:fs/promises"
import type FastGlob from "fast-glob"
import type { Problem } from "../base/problem.ts"
import { textOfBytes } from "../base/text.ts"
import { codeOf, describeOpenFailure, kindOf, refuse } from "./file-bytes.ts"

/** Something to read. `path` is text for people and the database; `file` is what the system opens. */
export type Input =
  | (InputFacts & { readonly kind: "file" | "fifo"; readonly file: Buffer })
  | (InputFacts & { readonly kind: "descriptor"; readonly descriptor: number })
  | (InputFacts & { readonly kind: "stdin" })

interface InputFacts {
  /** As given or found; names that are not UTF-8 are escaped. Hostile text. */
  readonly path: string
  /** -1 when unknown. */
  readonly size: number
  /** Ms since 1970, NaN when unknown. */
  readonly modifiedMs: number
}

/** Something that was found but is not read. */
export interface RefusedInput {
  readonly path: string
  readonly problem: Problem
}

export interface FoundInputs {
  readonly inputs: readonly Input[]
  readonly refused: readonly RefusedInput[]
  /** What the user named and does not exist, as given. */
  readonly missing: readonly string[]
}

/** Looks up everything named, in the order named; folders are walked bytewise, a file found twice is listed once. */
export async function findInputs(paths: readonly string[]): Promise<FoundInputs> {
  const finder = new Finder()
  for (const path of paths) await finder.addNamed(path)
  return finder.found
}

/** Whether something was named by the user or met in a folder or behind a glob. */
type How = "named" | "met"

class Finder {
  readonly #inputs: Input[] = []
  readonly #refused: RefusedInput[] = []
  readonly #missing: string[] = []
  /** Path by device and inode. */
  readonly #seen = new Map<string, string>()

  get found(): FoundInputs {
    return { inputs: this.#inputs, refused: this.#refused, missing: this.#missing }
  }

  async addNamed(path: string): Promise<void> {
    if (path === "-") return this.#addStream({ kind: "stdin", path, size: -1, modifiedMs: Number.NaN })
    const descriptor = descriptorOf(path)
    if (descriptor >= 0) {
      return this.#addStream({ kind: "descriptor", path, descriptor, size: -1, modifiedMs: Number.NaN })
    }
    const file = Buffer.from(withoutTrailingSlash(path), "utf8")
    const stats = await look(file)
    if (!("code" in stats)) return this.#add(file, stats, "named")
    if (stats.code !== "source/vanished") return this.#refuse(file, stats)
    // Loaded only here: most inputs are there by their names.
    const { default: fastGlob } = await import("fast-glob")
    if (fastGlob.isDynamicPattern(path)) return this.#addGlob(path, fastGlob)
    this.#missing.push(path)
  }

  async #addGlob(pattern: string, fastGlob: typeof FastGlob): Promise<void> {
    const unreadable: { path: string; error: unknown }[] = []
    const names = await fastGlob.glob(pattern, {
      followSymbolicLinks: false,
      onlyFiles: false,
      dot: true,
      unique: true,
      fs: { readdir: readdirNoting(unreadable) },
    })
    for (const { path, error } of unreadable) this.#refuse(Buffer.from(path), describeOpenFailure(error))
    if (names.length === 0 && unreadable.length === 0) this.#missing.push(pattern)
    for (const file of names.map((name) => Buffer.from(name, "utf8")).sort(Buffer.compare)) {
      const stats = await look(file)
      if ("code" in stats) this.#refuse(file, stats)
      else if (!stats.isDirectory()) await this.#add(file, stats, "met")
    }
  }

  async #add(file: Buffer, stats: BigIntStats, how: How): Promise<void> {
    if (stats.isDirectory()) return this.#addFolder(file)
    if (stats.isFile()) return this.#addFile(file, stats)
    if (stats.isSymbolicLink()) {
      const severity = how === "named" ? "warning" : "info"
      return this.#refuse(
        file,
        refuse("source/symlink-skipped", "a symbolic link is never followed", severity),
      )
    }
    const path = textOfBytes(file)
    if (stats.isFIFO() && how === "named") {
      return this.#addStream({ kind: "fifo", path, file, size: -1, modifiedMs: Number.NaN })
    }
    const hint = stats.isFIFO() ? "; name it explicitly to read it" : ""
    this.#refuse(file, refuse("source/not-a-file", `${kindOf(stats)} is not read${hint}`, "warning"))
  }

  /** Walks a folder and all below it with a list of its own, however deep they nest. */
  async #addFolder(folder: Buffer): Promise<void> {
    const waiting: Buffer[] = [folder]
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const stats = await look(path)
      if ("code" in stats) this.#refuse(path, stats)
      else if (stats.isDirectory()) waiting.push(...(await this.#list(path)).reverse())
      else await this.#add(path, stats, "met")
    }
  }

  async #list(folder: Buffer): Promise<Buffer[]> {
    try {
      const names = await readdir(folder, { encoding: "buffer" })
      return names.sort(Buffer.compare).map((name) => joinPath(folder, name))
    } catch (error) {
      this.#refuse(folder, describeOpenFailure(error))
      return []
    }
  }

  #addFile(file: Buffer, stats: BigIntStats): void {
    const path = textOfBytes(file)
    const identity = `${stats.dev}:${stats.ino}`
    const before = this.#seen.get(identity)
    if (before === undefined) {
      this.#seen.set(identity, path)
      this.#inputs.push({
        kind: "file",
        path,
        file,
        size: Number(stats.size),
        modifiedMs: Number(stats.mtimeMs),
      })
    } else if (before !== path) {
      this.#refuse(
        file,
        refuse("source/duplicate", `it is the same file as ${before}, which is read once`, "info"),
      )
    }
  }

  #addStream(input: Input): void {
    const identity = `stream:${input.path}`
    if (this.#seen.has(identity)) return
    this.#seen.set(identity, input.path)
    this.#inputs.push(input)
  }

  #refuse(file: Buffer, problem: Problem): void {
    this.#refused.push({ path: textOfBytes(file), problem })
  }
}

async function look(file: Buffer): Promise<BigIntStats | Problem> {
  try {
    return await lstat(file, { bigint: true })
  } catch (error) {
    if (codeOf(error) === "ENAMETOOLONG") return refuse("source/vanished", "no file can have so long a name")
    return describeOpenFailure(error)
  }
}

/** What shells pass for `<(command)` and `/dev/stdin`: links by nature, and already open. -1 for other paths. */
function descriptorOf(path: string): number {
  if (path === "/dev/stdin") return 0
  const match = /^\/(?:dev|proc\/self)\/fd\/(\d{1,6})$/.exec(path)
  return match === null ? -1 : Number(match[1])
}

/** A slash at the end would make lstat(2) follow a link. */
function withoutTrailingSlash(path: string): string {
  let end = path.length
  while (end > 1 && path[end - 1] === "/") end--
  return path.slice(0, end)
}

function joinPath(folder: Buffer, name: Buffer): Buffer {
  const slash = folder[folder.length - 1] === 0x2f ? "" : "/"
  return Buffer.concat([folder, Buffer.from(slash), name])
}

/** fast-glob gives up at the first folder it may not read; this notes the folder and goes on. */
function readdirNoting(unreadable: { path: string; error: unknown }[]): typeof fs.readdir {
  const noting = (
    path: string,
    options: { withFileTypes: true },
    done: (error: null, entries: fs.Dirent[]) => void,
  ) => {
    fs.readdir(path, options, (error, entries) => {
      if (error !== null && codeOf(error) !== "ENOENT") unreadable.push({ path, error })
      done(null, error === null ? entries : [])
    })
  }
  return noting as unknown as typeof fs.readdir
}
