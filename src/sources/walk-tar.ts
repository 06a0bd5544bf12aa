/**
 * Yields the files of a tar. One that lies on disk uncompressed is read by offset, in whatever order is right; a
 * compressed one is streamed as often as its rotated files lie in the wrong order; one from a pipe as it comes.
 */

import type { Problem } from "../base/problem.ts"
import type { Bytes, RandomAccess } from "./bytes.ts"
import { type ChainLink, chainKey, orderChain } from "./chain.ts"
import { Cursor } from "./cursor.ts"
import type { Budget } from "./evidence.ts"
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
import type { Report, SourceFacts } from "./source.ts"
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

/** A chain on its way through the passes. A list of a million chains has to fit into memory. */
interface Waiting {
  readonly chain: string
  /** Places of its files, oldest first. */
  places: number[]
  /** How many of them have been read. */
  done: number
}

interface Passes {
  /** By place. */
  readonly chainAt: readonly Waiting[]
  /** Chains with files still to come. */
  readonly waiting: Set<Waiting>
  /** By place, 1 for a file that has been read. */
  readonly taken: Uint8Array
  readonly isLast: boolean
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
    const bytesOf = (member: TarMember) => bytesOfMember(member, content.size, random)
    for await (const { member } of this.#firstPass())
      items.push(new TarItem(this.#container, member, true, bytesOf))
    yield* this.#walk.items(items)
  }

  async *streamInOrder(): SourceEvents {
    const chainAt = await this.#plan()
    const waiting = new Set(chainAt)
    const taken = new Uint8Array(chainAt.length)
    const { tarPasses } = this.#walk.limits
    for (let pass = 1; waiting.size > 0 && pass <= tarPasses; pass++) {
      if (pass === tarPasses) this.#reportOrder(waiting.size)
      yield* this.#laterPass({ chainAt, waiting, taken, isLast: pass === tarPasses })
    }
    for (const { chain } of waiting) yield { kind: "chain-end", chain }
  }

  /** Looks at all heads and gives the chain of each place. */
  async #plan(): Promise<readonly Waiting[]> {
    const chains = new Map<string, Waiting>()
    const chainAt: Waiting[] = []
    const links: (ChainLink & { readonly place: number })[] = []
    for await (const met of this.#firstPass()) {
      const item = this.#streamedItem(met)
      const chain = chainKey(item.facts)
      const waiting: Waiting = chains.get(chain) ?? { chain, places: [], done: 0 }
      chains.set(chain, waiting)
      chainAt.push(waiting)
      waiting.places.push(met.place)
      links.push({ place: met.place, name: met.member.name, ...(await this.#walk.probe(item)) })
    }
    for (const waiting of chains.values()) {
      if (waiting.places.length === 1) continue
      const siblings = waiting.places.flatMap((place) => links[place] ?? [])
      waiting.places = orderChain(siblings).map((link) => link.place)
    }
    return chainAt
  }

  /** Yields each file whose older siblings are done, or every file that is left when this is the last pass. */
  async *#laterPass({ chainAt, waiting, taken, isLast }: Passes): SourceEvents {
    const content = this.#container.reading.contentBytes.read(() => {})
    for await (const met of this.#meetFiles(content, () => {})) {
      const chain = chainAt[met.place]
      if (chain === undefined) return
      if (taken[met.place] === 1) continue
      if (!isLast && chain.places[chain.done] !== met.place) continue
      taken[met.place] = 1
      chain.done++
      yield* this.#walk.item(this.#streamedItem(met), chain.chain)
      if (chain.done < chain.places.length) continue
      yield { kind: "chain-end", chain: chain.chain }
      waiting.delete(chain)
      if (waiting.size === 0) return
    }
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
    return new TarItem(this.#container, member, false, () => ({
      size: member.size,
      isRereadable: false,
      random: null,
      read: (report) => reader.body(report),
    }))
  }

  #reportOrder(chains: number): void {
    const message = `the rotated files of ${chains} logs lie in an order that would take more than ${this.#walk.limits.tarPasses} passes; they were read in the archive's order`
    this.#report({ code: "source/order", severity: "info", offset: 0, length: 0, message })
  }
}

/** A file in a tar; holds little, for there may be many. */
class TarItem implements Item {
  readonly isReopenable: boolean
  readonly #container: Container
  readonly #member: TarMember
  readonly #bytesOf: (member: TarMember) => Bytes

  constructor(
    container: Container,
    member: TarMember,
    isReopenable: boolean,
    bytesOf: (member: TarMember) => Bytes,
  ) {
    this.#container = container
    this.#member = member
    this.isReopenable = isReopenable
    this.#bytesOf = bytesOf
  }

  get facts(): SourceFacts {
    return memberFacts(this.#container, "tar", { ...this.#member, storedSize: this.#member.size })
  }

  get depth(): number {
    return depthWithin(this.#container)
  }

  get budget(): Budget {
    return this.#container.item.budget
  }

  async open(): Promise<Opened> {
    return { stored: this.#bytesOf(this.#member), unpack: null, problems: [], close: async () => {} }
  }
}

function bytesOfMember(member: TarMember, archiveSize: number, random: RandomAccess): Bytes {
  const there = Math.max(0, Math.min(member.size, archiveSize - member.dataOffset))
  const bytes = random.slice(member.dataOffset, there)
  return there === member.size ? bytes : cutBytes(bytes, member.size)
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
