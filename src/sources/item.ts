/** What passes between the walks over folders, tars and zips: things to be opened, and the events they turn into. */

import type { Problem } from "../base/problem.ts"
import type { Bytes } from "./bytes.ts"
import type { Budget } from "./evidence.ts"
import type { Reading, Unpack } from "./reading.ts"
import type { Source, SourceFacts } from "./source.ts"
import type { SourceLimits } from "./source-limits.ts"

export type SourceEvent =
  /** Evidence to be read. `chain` is the same for a log and its rotated siblings. */
  | { readonly kind: "source"; readonly source: Source; readonly chain: string }
  /** No further source of this chain will come. */
  | { readonly kind: "chain-end"; readonly chain: string }
  /** Something that gives no source, and why. */
  | { readonly kind: "refused"; readonly facts: SourceFacts; readonly problems: readonly Problem[] }
  /** An archive, after all that came out of it. */
  | { readonly kind: "archive"; readonly archive: Archive }

export type SourceEvents = AsyncGenerator<SourceEvent, void, undefined>

export interface Archive {
  readonly facts: SourceFacts
  /** Of the archive as stored, SHA-256 in hex. */
  readonly sha256: string
  /** Files in it, without folders and links. */
  readonly files: number
  /** Bytes of the archive as stored. */
  readonly storedRead: number
  readonly problems: readonly Problem[]
}

/** Something found in a folder or an archive, not yet opened. */
export interface Item {
  /** `packing` names the containers around it; layers of its own are added when it is opened. */
  readonly facts: SourceFacts
  /** Layers of packing around it. */
  readonly depth: number
  readonly budget: Budget
  /** Whether `open` may be called again. */
  readonly isReopenable: boolean
  open(): Promise<Opened | readonly Problem[]>
}

export interface Opened {
  readonly stored: Bytes
  readonly unpack: Unpack | null
  /** Remarks from opening; the bytes can be read all the same. */
  readonly problems: readonly Problem[]
  close(): Promise<void>
}

/** An archive being walked. */
export interface Container {
  readonly item: Item
  /** With the layers of packing that were found. */
  readonly facts: SourceFacts
  readonly reading: Reading
}

/** What a look at an item's head tells. */
export interface Probe {
  /** NaN when unknown. */
  readonly firstTimeMs: number
  readonly isArchive: boolean
}

/** What the walks need of each other, passed down rather than imported in a circle. */
export interface Walk {
  readonly limits: SourceLimits
  /** Orders items into chains and opens one after the other. */
  items(items: readonly Item[]): SourceEvents
  /** Opens one item, which is part of `chain`. */
  item(item: Item, chain: string): SourceEvents
  /** Looks at an item's head. */
  probe(item: Item): Promise<Probe>
}

/** Facts about a file in an archive; `kind` is the archive's own. */
export function memberFacts(
  container: Container,
  kind: "tar" | "zip",
  member: { readonly name: string; readonly storedSize: number; readonly modifiedMs: number },
): SourceFacts {
  const { facts } = container
  const name = member.name === "" ? "(no name)" : member.name
  return {
    path: facts.path,
    member: facts.member === "" ? name : `${facts.member}!${name}`,
    packing: joinPacking(facts.packing, kind),
    storedSize: member.storedSize,
    modifiedMs: member.modifiedMs,
  }
}

/** Layers of packing, outermost first. */
export function joinPacking(...layers: readonly string[]): string {
  return layers.filter((layer) => layer !== "").join("+")
}

/** Depth of what lies in a container. */
export function depthWithin(container: Container): number {
  return container.item.depth + container.reading.layers.length + 1
}

/** The remark on an archive's entry that is no file. */
export function skippedMember(name: string, what: string, offset: number): Problem {
  const message = `${what} in the archive is never followed or created: ${name}`
  return { code: "source/member-skipped", severity: "info", offset, length: 0, message }
}

/** The problem of an archive with more entries than any folder of logs has. */
export function tooManyMembers(limit: number, offset: number): Problem {
  const message = `the archive has more than ${limit} entries; the others were not read`
  return { code: "source/bomb", severity: "error", offset, length: 0, message }
}
