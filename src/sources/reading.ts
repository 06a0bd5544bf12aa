/** One run over stored bytes, through as many layers of compression as there are, down to the content. */

import type { Problem } from "../base/problem.ts"
import type { Bytes } from "./bytes.ts"
import { PACKING_HEAD_BYTES, type Packing, packingOf } from "./packing.ts"
import type { SourceLimits } from "./source-limits.ts"
import { Peeked, Tap } from "./tap.ts"
import { gunzip, type UnpackInput, unzstd } from "./unpack.ts"

/** Undoes one layer of packing. */
export type Unpack = (input: UnpackInput) => AsyncGenerator<Buffer, void, undefined>

export interface ReadingOptions {
  readonly stored: Bytes
  /** A first layer that the bytes do not announce themselves: the method of a zip member. */
  readonly unpack: Unpack | null
  /** How many layers of packing lie around the stored bytes. */
  readonly depth: number
  readonly limits: SourceLimits
}

export class Reading {
  /** Layers that were undone, outermost first. */
  readonly layers: readonly Packing[]
  /** What the content is: an archive to be walked, a packing that is not read here, '' for evidence. */
  readonly inner: Packing
  readonly content: Peeked
  /** The content for readings of its own, as far as the stored bytes allow. */
  readonly contentBytes: Bytes
  readonly tap: Tap
  readonly problems: Problem[]
  /** True when content and stored bytes are the same. */
  readonly isPlain: boolean

  private constructor(
    parts: Pick<Reading, "layers" | "inner" | "content" | "contentBytes" | "tap" | "problems" | "isPlain">,
  ) {
    this.layers = parts.layers
    this.inner = parts.inner
    this.content = parts.content
    this.contentBytes = parts.contentBytes
    this.tap = parts.tap
    this.problems = parts.problems
    this.isPlain = parts.isPlain
  }

  /** Starts a reading, which the caller closes. */
  static async start({ stored, unpack, depth, limits }: ReadingOptions): Promise<Reading> {
    const problems: Problem[] = []
    const report = (problem: Problem) => void problems.push(problem)
    const tap = new Tap(stored, report)
    const layers: Packing[] = []
    let bytes = stored
    let content = new Peeked(tap.read())
    const undo = (layer: Unpack) => {
      const input = { live: content.read(), bytes, limits, report }
      bytes = unpackedBytes(bytes, layer, limits)
      content = new Peeked(layer(input))
    }
    if (unpack !== null) undo(unpack)
    let inner = packingOf(await content.peek(PACKING_HEAD_BYTES))
    while ((inner === "gz" || inner === "zst") && depth + layers.length < limits.nestedArchives) {
      undo(inner === "gz" ? gunzip : unzstd)
      layers.push(inner)
      inner = packingOf(await content.peek(PACKING_HEAD_BYTES))
    }
    const isPlain = unpack === null && layers.length === 0
    return new Reading({ layers, inner, content, contentBytes: bytes, tap, problems, isPlain })
  }

  async close(): Promise<void> {
    await this.content.close()
    await this.tap.close()
  }
}

/** The content as bytes that can be streamed anew whenever the stored bytes can. */
function unpackedBytes(stored: Bytes, unpack: Unpack, limits: SourceLimits): Bytes {
  return {
    size: -1,
    isRereadable: stored.isRereadable,
    read: (report) => unpack({ live: stored.read(report), bytes: stored, limits, report }),
    random: null,
  }
}
