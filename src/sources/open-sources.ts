/**
 * Opens everything that was found, archives included, as one flat run of events in reading order.
 *
 *     for await (const event of openSources(inputs, options)) {
 *       if (event.kind === "source") for await (const chunk of event.source.chunks()) parserOf(event.chain).push(chunk)
 *       if (event.kind === "chain-end") parserOf(event.chain).finish()
 *     }
 *
 * A chain is a log with its rotated siblings; its sources come oldest first, and `chain-end` follows the last one.
 * Chains come one after the other, except out of a compressed tar, where they may interleave. A source is open until
 * the next event is asked for; one whose chunks nobody reads is passed over.
 */

import { type Bytes, bytesOfStream } from "./bytes.ts"
import { chainKey, groupChains, orderChain } from "./chain.ts"
import { type Budget, Evidence, HEAD_BYTES } from "./evidence.ts"
import { type OpenFile, openDescriptor, openFile, openPipe, refuse } from "./file-bytes.ts"
import type { Input } from "./find-inputs.ts"
import {
  type Container,
  type Item,
  joinPacking,
  type Opened,
  type Probe,
  type SourceEvents,
  type Walk,
} from "./item.ts"
import { unpackCommand } from "./packing.ts"
import { Reading, type ReadingOptions } from "./reading.ts"
import type { SourceFacts } from "./source.ts"
import { SOURCE_LIMITS, type SourceLimits } from "./source-limits.ts"

export interface OpenSourcesOptions {
  /** The time of the first record in ms since 1970, NaN when the head does not tell; orders rotated files. */
  readonly firstTimeMs?: (head: Buffer, name: string) => number
  /** What `-` reads, process.stdin unless told; only touched when `-` is among the inputs. */
  readonly stdin?: AsyncIterable<Uint8Array>
  /** Guards to change, in tests and for users who know their archive. */
  readonly limits?: Partial<SourceLimits>
}

/** Opens the inputs in order. Whatever is wrong with one of them becomes an event; the others go on. */
export async function* openSources(inputs: readonly Input[], options: OpenSourcesOptions = {}): SourceEvents {
  const walker = new Walker(options)
  yield* walker.items(inputs.map((input) => itemOfInput(input, options)))
}

function itemOfInput(input: Input, options: OpenSourcesOptions): Item {
  const budget = { stored: Math.max(0, input.size), given: 0 }
  const { path, size, modifiedMs } = input
  return {
    facts: { path, member: "", packing: "", storedSize: size, modifiedMs },
    depth: 0,
    budget,
    isReopenable: input.kind === "file",
    async open() {
      const opened = await openInput(input, options)
      if ("code" in opened) return [opened]
      const stored = size < 0 ? countInto(budget, opened.bytes) : opened.bytes
      return { stored, unpack: null, problems: [], close: opened.close }
    },
  }
}

/** A pipe's size is what has come out of it. */
function countInto(budget: Budget, bytes: Bytes): Bytes {
  return {
    ...bytes,
    async *read(report) {
      for await (const piece of bytes.read(report)) {
        budget.stored += piece.length
        yield piece
      }
    },
  }
}

async function openInput(
  input: Input,
  options: OpenSourcesOptions,
): Promise<OpenFile | ReturnType<typeof refuse>> {
  switch (input.kind) {
    case "file":
      return openFile(input.file)
    case "fifo":
      return openPipe(input.file)
    case "descriptor":
      return openDescriptor(input.descriptor)
    case "stdin": {
      const bytes = bytesOfStream(options.stdin ?? process.stdin)
      return { bytes, modifiedMs: Number.NaN, close: async () => {} }
    }
  }
}

class Walker implements Walk {
  readonly limits: SourceLimits
  readonly #firstTimeMs: ((head: Buffer, name: string) => number) | undefined

  constructor(options: OpenSourcesOptions) {
    this.limits = { ...SOURCE_LIMITS, ...options.limits }
    this.#firstTimeMs = options.firstTimeMs
  }

  async *items(items: readonly Item[]): SourceEvents {
    for (const [chain, siblings] of groupChains(items, (item) => chainKey(item.facts))) {
      const { ordered, archives } = await this.#order(siblings)
      let hasSources = false
      for (const item of ordered) {
        for await (const event of this.item(item, chain)) {
          hasSources ||= event.kind === "source" && event.chain === chain
          yield event
        }
      }
      if (hasSources) yield { kind: "chain-end", chain }
      for (const item of archives) yield* this.item(item, chain)
    }
  }

  async *item(item: Item, chain: string): SourceEvents {
    const opened = await item.open()
    if (!("stored" in opened)) {
      yield { kind: "refused", facts: item.facts, problems: opened }
      return
    }
    try {
      yield* this.#read(item, opened, chain)
    } finally {
      await opened.close()
    }
  }

  async probe(item: Item): Promise<Probe> {
    const unknown = { firstTimeMs: Number.NaN, isArchive: false }
    const opened = await item.open()
    if (!("stored" in opened)) return unknown
    try {
      const reading = await Reading.start(this.#readingOptions(item, opened))
      try {
        if (reading.inner !== "")
          return { ...unknown, isArchive: reading.inner === "tar" || reading.inner === "zip" }
        if (this.#firstTimeMs === undefined) return unknown
        const head = await reading.content.peek(HEAD_BYTES)
        return { firstTimeMs: this.#firstTimeMs(head, nameOf(item.facts)), isArchive: false }
      } finally {
        await reading.close()
      }
    } finally {
      await opened.close()
    }
  }

  /** Oldest first; archives are no part of a chain, whatever they are called. */
  async #order(siblings: readonly Item[]): Promise<{ ordered: readonly Item[]; archives: readonly Item[] }> {
    if (siblings.length === 1) return { ordered: siblings, archives: [] }
    const links: { item: Item; name: string; firstTimeMs: number }[] = []
    const archives: Item[] = []
    for (const item of siblings) {
      const probe = item.isReopenable ? await this.probe(item) : { firstTimeMs: Number.NaN, isArchive: false }
      if (probe.isArchive) archives.push(item)
      else links.push({ item, name: nameOf(item.facts), firstTimeMs: probe.firstTimeMs })
    }
    return { ordered: orderChain(links).map((link) => link.item), archives }
  }

  async *#read(item: Item, opened: Opened, chain: string): SourceEvents {
    const restart = this.#readingOptions(item, opened)
    const reading = await Reading.start(restart)
    const packing = joinPacking(item.facts.packing, ...reading.layers)
    const facts = { ...item.facts, storedSize: opened.stored.size, packing }
    try {
      const refusal = this.#refusal(item, reading)
      if (refusal !== null) {
        yield { kind: "refused", facts, problems: [...opened.problems, ...reading.problems, refusal] }
      } else if (reading.inner === "") {
        yield* readEvidence(
          { facts, reading, restart, budget: item.budget, problems: opened.problems },
          chain,
        )
      } else {
        const container: Container = { item, facts, reading }
        // What reads archives is loaded when there is one.
        if (reading.inner === "tar") yield* (await import("./walk-tar.ts")).walkTar(this, container)
        else yield* (await import("./walk-zip.ts")).walkZip(this, container)
      }
    } finally {
      await reading.close()
    }
  }

  #readingOptions(item: Item, opened: Opened): ReadingOptions {
    return { stored: opened.stored, unpack: opened.unpack, depth: item.depth, limits: this.limits }
  }

  /** Why what lies under the layers is not read, null when it is. */
  #refusal(item: Item, { inner, layers }: Reading): ReturnType<typeof refuse> | null {
    const command = unpackCommand(inner)
    if (command !== "") {
      return refuse(
        "source/unsupported-packing",
        `it is packed with ${inner}; unpack it with \`${command}\` first`,
      )
    }
    if (inner === "" || item.depth + layers.length < this.limits.nestedArchives) return null
    const message = `it is packed more than ${this.limits.nestedArchives} levels deep, another ${inner} inside`
    return refuse("source/bomb", message)
  }
}

async function* readEvidence(options: Parameters<typeof Evidence.open>[0], chain: string): SourceEvents {
  const source = await Evidence.open(options)
  try {
    yield { kind: "source", source, chain }
  } finally {
    await source.close()
  }
}

function nameOf(facts: SourceFacts): string {
  return facts.member === "" ? facts.path : facts.member
}
