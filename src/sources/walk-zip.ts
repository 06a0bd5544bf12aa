/** Yields the files of a zip, each read from its own place: a zip is never read from front to back. */

import type { Problem } from "../base/problem.ts"
import { type Bytes, bytesOfBuffer, type RandomAccess } from "./bytes.ts"
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
  type Walk,
} from "./item.ts"
import type { Unpack } from "./reading.ts"
import type { SourceFacts } from "./source.ts"
import { copyZipMember, inflateZipMember } from "./unpack.ts"
import { cutBytes } from "./walk-tar.ts"
import { listZip, locateZipMember, type ZipMember } from "./zip.ts"

/** All files, then the archive itself. */
export async function* walkZip(walk: Walk, container: Container): SourceEvents {
  const { reading } = container
  const facts = { ...container.facts, packing: joinPacking(container.facts.packing, "zip") }
  const bytes = await holdZip(container, walk.limits.nestedZipBytes)
  if (bytes.random === null) {
    yield { kind: "refused", facts, problems: [...reading.problems, tooLargeToHold(container, walk)] }
    return
  }
  const problems: Problem[] = []
  const items: Item[] = []
  const { random } = bytes
  const open = (member: ZipMember) => openMember(member, bytes, random)
  const listing = await listZip(random, bytes.size, walk.limits.archiveMembers)
  problems.push(...listing.problems)
  for (const member of listing.members) {
    if (member.notAFile === "") items.push(new ZipItem(container, member, open))
    else if (member.notAFile !== "folder") {
      problems.push(skippedMember(member.name, member.notAFile, member.headerOffset))
    }
  }
  yield* walk.items(items)
  const sha256 = await reading.tap.finish()
  const all = [...reading.problems, ...problems]
  const counts = { files: items.length, storedRead: reading.tap.count }
  yield { kind: "archive", archive: { facts, sha256, ...counts, problems: all } }
}

/** The zip with random access: as it lies on disk, or in memory when it is packed itself and small enough. */
async function holdZip(container: Container, limit: number): Promise<Bytes> {
  const { reading, item } = container
  if (reading.isPlain && (reading.contentBytes.random !== null || item.depth === 0))
    return reading.contentBytes
  const head = await reading.content.peek(limit + 1)
  return head.length > limit ? reading.contentBytes : bytesOfBuffer(head)
}

function tooLargeToHold(container: Container, walk: Walk): Problem {
  const isPipe = container.item.depth === 0 && container.reading.isPlain
  const message = isPipe
    ? "a zip has its directory at the end and cannot be read from a pipe; save it to a file first"
    : `a zip of more than ${walk.limits.nestedZipBytes} bytes inside another packing has to be taken out first`
  return { code: "source/unsupported-packing", severity: "error", offset: 0, length: 0, message }
}

/** A file in a zip; holds little, for there may be many. */
class ZipItem implements Item {
  readonly isReopenable = true
  readonly #container: Container
  readonly #member: ZipMember
  readonly #open: (member: ZipMember) => Promise<Opened | Problem[]>

  constructor(
    container: Container,
    member: ZipMember,
    open: (member: ZipMember) => Promise<Opened | Problem[]>,
  ) {
    this.#container = container
    this.#member = member
    this.#open = open
  }

  get facts(): SourceFacts {
    return memberFacts(this.#container, "zip", { ...this.#member, storedSize: this.#member.packedSize })
  }

  get depth(): number {
    return depthWithin(this.#container)
  }

  get budget(): Budget {
    return this.#container.item.budget
  }

  open(): Promise<Opened | Problem[]> {
    return this.#open(this.#member)
  }
}

async function openMember(
  member: ZipMember,
  bytes: Bytes,
  random: RandomAccess,
): Promise<Opened | Problem[]> {
  if (member.isEncrypted) return [refuseMember("source/encrypted", "it is encrypted; decrypt the zip first")]
  const unpack = unpackOf(member)
  if (unpack === null) {
    const message = `it is packed with zip method ${member.method}; unpack the zip with 7z x first`
    return [refuseMember("source/unsupported-packing", message)]
  }
  const place = await locateZipMember(random, member).catch(() => null)
  if (place === null) {
    const message = `there is no member at offset ${member.headerOffset}, where the zip's directory says it lies`
    return [refuseMember("source/corrupt", message)]
  }
  const there = Math.max(0, Math.min(member.packedSize, bytes.size - place.dataOffset))
  const whole = random.slice(place.dataOffset, there)
  const stored = there === member.packedSize ? whole : cutBytes(whole, member.packedSize)
  return { stored, unpack, problems: place.problems, close: async () => {} }
}

/** Methods 0 (stored), 8 (deflate) and 93 (zstd); null for others. */
function unpackOf(member: ZipMember): Unpack | null {
  switch (member.method) {
    case 0:
      return (input) => copyZipMember(input, member)
    case 8:
      return (input) => inflateZipMember(input, "deflate", member)
    case 93:
      return (input) => inflateZipMember(input, "zstd", member)
    default:
      return null
  }
}

function refuseMember(code: string, message: string): Problem {
  return { code, severity: "error", offset: 0, length: 0, message }
}
