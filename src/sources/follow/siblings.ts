/** Finds the files that a log was rotated into: beside it, by name, in the order of their age. */
import type { BigIntStats } from "node:fs"
import { lstat, readdir } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { orderChain, rotationOf } from "../chain.ts"
import { identityOf } from "./open-log.ts"

export interface Sibling {
  readonly path: string
  readonly identity: string
}

const PACKED = /\.(?:gz|zst|xz|bz2|Z|zip|lz4)$/

/** Unpacked regular files of the chain of `path`, oldest first, up to `path` itself if that is there. */
export async function listSiblings(path: string): Promise<Sibling[]> {
  const folder = dirname(path)
  const own = basename(path)
  const { stem } = rotationOf(own)
  const names = (await namesIn(folder)).filter((name) => {
    return name === own || (rotationOf(name).stem === stem && !PACKED.test(name))
  })
  const found: (Sibling & { readonly name: string; readonly firstTimeMs: number })[] = []
  for (const name of names) {
    // `join` would shorten what the user named.
    const full = name === own ? path : join(folder, name)
    const stats = await lookAt(full)
    if (stats?.isFile())
      found.push({ path: full, identity: identityOf(stats), name, firstTimeMs: Number.NaN })
  }
  const ordered = orderChain(found)
  const at = ordered.findIndex(({ name }) => name === own)
  return at < 0 ? ordered.filter(({ name }) => isOlder(name, own)) : ordered.slice(0, at + 1)
}

/** What is there, links not followed; null when nothing is, or nothing that may be seen. */
export async function lookAt(path: string): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true })
  } catch {
    return null
  }
}

/** Whether a rotated name stands for an older file than another. */
export function isOlder(name: string, than: string): boolean {
  const [a, b] = [rotationOf(name), rotationOf(than)]
  return a.era !== b.era ? a.era < b.era : a.value < b.value
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}
