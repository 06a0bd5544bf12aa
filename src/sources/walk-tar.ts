/**
 * Yields the files of a tar. One that lies on disk uncompressed is read by offset, in whatever order is right; a
 * compressed one is streamed as often as its rotated files lie in the wrong order; one from a pipe as it comes.
 */

import type { Problem } from "../base/problem.ts"
import type { Bytes, RandomAccess } from "./bytes.ts"
import { type ChainLink, chainKey, groupChains, orderChain } from "./chain.ts"
import { Cursor } from "./cursor.ts"
import {
  type Container,
  depthWithin,
  type Item,
  joinPacking,
  memberFacts,
  type Opened,
  type SourceEvents,
  skippedMember,
  tooManyMembers,
  type Walk,
} from "./item.ts"
import type { Report } from "./source.ts"
import { type TarMember, TarReader } from "./tar.ts"

/** All files, then the archive itself. */
export async function* walkTar(walk: Walk, container: Container): SourceEvents {
  const { reading } = container
  const facts = { ...container.facts, packing: joinPacking(container.facts.packing, "tar") }
  const problems: Problem[] = []
  const tar = new TarWalk(walk, container, (problem) => problems.push(problem))
  const content = reading.contentBytes
  if (!content.isRereadable) yield* tar.streamOnce()
  else if (content.random === null) yield* tar.streamInOrder()
  else yield* tar.readByOffset(content, content.random)
  const sha256 = await reading.tap.finish()
  const { files } = tar
  const all = [...reading.problems, ...problems]
  yield { kind: "archive", archive: { facts, sha256, files, storedRead: reading.tap.count, problems: all } }
}

/** A file met on the way through the archive. */
interface Met {
  readonly member: TarMember
  readonly reader: TarReader
  /** Its number among the files, which names it from one pass to the next. */
  readonly place: number
}

interface Indexed extends ChainLink {
  readonly place: number
  readonly chain: string
}

/** A chain of which not all files have been read. */
interface Waiting {
  readonly links: readonly Indexed[]
  /** Places that the last pass still has to take. */
  readonly left: Set<number>
}

class TarWalk {
  readonly #walk: Walk
  readonly #container: Container
  readonly #report: (problem: Problem) => void
  files = 0

  constructor(walk: Walk, container: Container, report: (problem: Problem) => void) {
    this.#walk = walk
    this.#container = container
    this.#report = report
  }

  async *streamOnce(): SourceEvents {
    const chains = new Set<string>()
    for await (const met of this.#firstPass()) {
      const item = this.#streamedItem(met)
      const chain = chainKey(item.facts)
      chains.add(chain)
      yield* this.#walk.item(item, chain)
    }
    for (const chain of chains) yield { kind: "chain-end", chain }
  }

  async *readByOffset(content: Bytes, random: RandomAccess): SourceEvents {
    const items: Item[] = []
    for await (const { member } of this.#firstPass())
      items.push(this.#storedItem(member, content.size, random))
    yield* this.#walk.items(items)
  }

  async *streamInOrder(): SourceEvents {
    const chainAt: string[] = []
    const indexed: Indexed[] = []
    for await (const met of this.#firstPass()) {
      const item = this.#streamedItem(met)
      const chain = chainKey(item.facts)
      const { firstTimeMs } = await this.#walk.probe(item)
      chainAt.push(chain)
      indexed.push({ place: met.place, chain, name: met.member.name, firstTimeMs })
    }
    const waiting = new Map<string, Waiting>()
    for (const [chain, links] of groupChains(indexed, (link) => link.chain)) {
      const places = orderChain(links)
      waiting.set(chain, { links: places, left: new Set(places.map((link) => link.place)) })
    }
    const { tarPasses } = this.#walk.limits
    for (let pass = 1; waiting.size > 0 && pass <= tarPasses; pass++) {
      if (pass === tarPasses) this.#reportOrder(waiting.size)
      yield* this.#laterPass(chainAt, waiting, pass === tarPasses)
    }
  }

  /** Yields each file whose older siblings are done, or every file that is left when this is the last pass. */
  async *#laterPass(
    chainAt: readonly string[],
    waiting: Map<string, Waiting>,
    isLast: boolean,
  ): SourceEvents {
    const content = this.#container.reading.contentBytes.read(() => {})
    for await (const met of this.#meetFiles(content, () => {})) {
      const chain = chainAt[met.place] ?? ""
      const { links, left } = waiting.get(chain) ?? { links: [], left: new Set<number>() }
      const isNext = links[links.length - left.size]?.place === met.place
      if (!isNext && !(isLast && left.has(met.place))) continue
      left.delete(met.place)
      yield* this.#walk.item(this.#streamedItem(met), chain)
      if (left.size > 0) continue
      waiting.delete(chain)
      yield { kind: "chain-end", chain }
      if (waiting.size === 0) return
    }
    if (!isLast) return
    for (const chain of waiting.keys()) yield { kind: "chain-end", chain }
  }

  /** The pass that reports and counts; it runs over the container's own reading, which hashes the archive. */
  async *#firstPass(): AsyncGenerator<Met, void, undefined> {
    for await (const met of this.#meetFiles(this.#container.reading.content.read(), this.#report)) {
      this.files++
      yield met
    }
  }

  async *#meetFiles(
    content: AsyncGenerator<Buffer, void, undefined>,
    report: Report,
  ): AsyncGenerator<Met, void, undefined> {
    const { archiveMembers } = this.#walk.limits
    const cursor = new Cursor(content)
    const reader = new TarReader(cursor, report)
    let place = 0
    try {
      for (let entries = 0; entries <= archiveMembers; entries++) {
        const member = await reader.next()
        if (member === null) return
        if (entries === archiveMembers) report(tooManyMembers(archiveMembers, member.dataOffset))
        else if (member.notAFile === "") yield { member, reader, place: place++ }
        else if (member.notAFile !== "folder") {
          report(skippedMember(member.name, member.notAFile, member.dataOffset))
        }
      }
    } finally {
      await cursor.close()
    }
  }

  #streamedItem({ member, reader }: Met): Item {
    const stored: Bytes = {
      size: member.size,
      isRereadable: false,
      random: null,
      read: (report) => reader.body(report),
    }
    return this.#item(member, false, stored)
  }

  #storedItem(member: TarMember, archiveSize: number, random: RandomAccess): Item {
    const there = Math.max(0, Math.min(member.size, archiveSize - member.dataOffset))
    const bytes = random.slice(member.dataOffset, there)
    return this.#item(member, true, there === member.size ? bytes : cutBytes(bytes, member.size))
  }

  #item(member: TarMember, isReopenable: boolean, stored: Bytes): Item {
    const opened: Opened = { stored, unpack: null, problems: [], close: async () => {} }
    return {
      facts: memberFacts(this.#container, "tar", { ...member, storedSize: member.size }),
      depth: depthWithin(this.#container),
      budget: this.#container.item.budget,
      isReopenable,
      open: async () => opened,
    }
  }

  #reportOrder(chains: number): void {
    const message = `the rotated files of ${chains} logs lie in an order that would take more than ${this.#walk.limits.tarPasses} passes; they were read in the archive's order`
    this.#report({ code: "source/order", severity: "info", offset: 0, length: 0, message })
  }
}

/** Bytes that ought to be `size` long and are not. */
export function cutBytes(bytes: Bytes, size: number): Bytes {
  return {
    size: bytes.size,
    isRereadable: bytes.isRereadable,
    random: null,
    async *read(report) {
      yield* bytes.read(report)
      const length = size - bytes.size
      const message = `the archive ends ${length} bytes before this member does`
      report({ code: "source/truncated", severity: "error", offset: bytes.size, length, message })
    },
  }
}
