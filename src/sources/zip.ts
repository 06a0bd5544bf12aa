/**
 * Lists a zip's members from its central directory (yauzl) and opens them through their local headers; where the
 * directory is missing or damaged, the local headers are walked instead.
 * Layout: PKWARE APPNOTE.TXT 4.3 (headers), 4.4.4 (flags), 4.5.3 (zip64).
 */

import yauzl from "yauzl"
import type { Problem } from "../base/problem.ts"
import { textOfBytes } from "../base/text.ts"
import { messageOf, type RandomAccess } from "./bytes.ts"
import { tooManyMembers } from "./item.ts"

const LOCAL_HEADER_BYTES = 30
const LOCAL_MAGIC = 0x04034b50
const FLAG_ENCRYPTED = 1
const FLAG_SIZES_FOLLOW = 8
/** The next header is looked for in a small stretch first: it is mostly near. */
const NEAR_WINDOW = 4096
const FAR_WINDOW = 1024 * 1024
const UNIX = 3
const FILE_TYPE_MASK = 0o170000
const TYPE_LINK = 0o120000

export interface ZipMember {
  /** Hostile text, never a path to open. */
  readonly name: string
  readonly headerOffset: number
  readonly packedSize: number
  readonly size: number
  readonly crc32: number
  readonly method: number
  readonly isEncrypted: boolean
  readonly modifiedMs: number
  /** Why this is no file to read, '' for a file, `folder` for a folder. */
  readonly notAFile: string
}

export interface ZipListing {
  readonly members: readonly ZipMember[]
  readonly problems: readonly Problem[]
}

/** Reads the directory; falls back on the local headers for what it does not list. */
export async function listZip(random: RandomAccess, size: number, maxMembers: number): Promise<ZipListing> {
  const members: ZipMember[] = []
  const problems: Problem[] = []
  try {
    const reader = new ArchiveReader(random)
    const options = { lazyEntries: true, decodeStrings: false, autoClose: false, validateEntrySizes: false }
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, size, options)
    for await (const entry of zip.eachEntry()) {
      if (members.length === maxMembers) return { members, problems: [tooManyMembers(maxMembers, 0)] }
      members.push(memberOfEntry(entry))
    }
    return { members, problems }
  } catch (error) {
    const before = members.length
    const found = await walkLocalHeaders(random, size, members, maxMembers)
    problems.push({
      code: "source/truncated",
      severity: "error",
      offset: 0,
      length: 0,
      message: `the directory at the end of the zip cannot be read (${messageOf(error)}); ${before} members came from it, ${found} from their own headers`,
    })
    return { members, problems }
  }
}

export interface ZipPlace {
  /** Offset of the packed bytes in the archive. */
  readonly dataOffset: number
  readonly problems: readonly Problem[]
}

/** Finds a member's bytes; null when there is no local header where the directory points. */
export async function locateZipMember(random: RandomAccess, member: ZipMember): Promise<ZipPlace | null> {
  const local = await readLocalHeader(random, member.headerOffset)
  if (local === null) return null
  const differences: string[] = []
  if (local.name !== member.name) differences.push(`name ${local.name}`)
  if (local.method !== member.method) differences.push(`method ${local.method}`)
  if ((local.flags & FLAG_SIZES_FOLLOW) === 0 && !local.isZip64) {
    if (local.packedSize !== member.packedSize) differences.push(`packed size ${local.packedSize}`)
    if (local.size !== member.size) differences.push(`size ${local.size}`)
    if (local.crc32 !== member.crc32) differences.push("another CRC-32")
  }
  if (differences.length === 0) return { dataOffset: local.dataOffset, problems: [] }
  const message = `the member's own header disagrees with the zip's directory: ${differences.join(", ")}; the directory was believed`
  const problem = { code: "source/zip-mismatch", severity: "warning", offset: 0, length: 0, message } as const
  return { dataOffset: local.dataOffset, problems: [problem] }
}

/** Lets yauzl read from any random access. */
class ArchiveReader extends yauzl.RandomAccessReader {
  readonly #random: RandomAccess

  constructor(random: RandomAccess) {
    super()
    this.#random = random
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#random.readAt(buffer.subarray(offset, offset + length), position).then(
      (bytesRead) => callback(null, bytesRead),
      (error: unknown) => callback(error instanceof Error ? error : new Error(messageOf(error))),
    )
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null)
  }
}

function memberOfEntry(entry: yauzl.Entry): ZipMember {
  const mode = entry.versionMadeBy >>> 8 === UNIX ? (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK : 0
  const name = textOfBytes(entry.fileNameRaw)
  return {
    name,
    headerOffset: entry.relativeOffsetOfLocalHeader,
    packedSize: entry.compressedSize,
    size: entry.uncompressedSize,
    crc32: entry.crc32,
    method: entry.compressionMethod,
    isEncrypted: entry.isEncrypted(),
    modifiedMs: entry.getLastModDate({ timezone: "UTC" }).getTime(),
    notAFile: describeMode(name, mode),
  }
}

function describeMode(name: string, mode: number): string {
  if (mode === TYPE_LINK) return "a symbolic link"
  return name.endsWith("/") ? "folder" : ""
}

interface LocalHeader {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc32: number
  readonly packedSize: number
  readonly size: number
  readonly isZip64: boolean
  readonly dataOffset: number
  readonly modifiedMs: number
}

/** signature 4, version 2, flags 2, method 2, time 2, date 2, crc 4, packed 4, size 4, name length 2, extra length 2. */
async function readLocalHeader(random: RandomAccess, offset: number): Promise<LocalHeader | null> {
  const fixed = Buffer.alloc(LOCAL_HEADER_BYTES)
  if ((await random.readAt(fixed, offset)) < LOCAL_HEADER_BYTES) return null
  if (fixed.readUInt32LE(0) !== LOCAL_MAGIC) return null
  const name = Buffer.alloc(fixed.readUInt16LE(26))
  if ((await random.readAt(name, offset + LOCAL_HEADER_BYTES)) < name.length) return null
  const packedSize = fixed.readUInt32LE(18)
  const size = fixed.readUInt32LE(22)
  return {
    name: textOfBytes(name),
    flags: fixed.readUInt16LE(6),
    method: fixed.readUInt16LE(8),
    crc32: fixed.readUInt32LE(14),
    packedSize,
    size,
    isZip64: packedSize === 0xffffffff || size === 0xffffffff,
    dataOffset: offset + LOCAL_HEADER_BYTES + name.length + fixed.readUInt16LE(28),
    modifiedMs: dosTime(fixed.readUInt16LE(12), fixed.readUInt16LE(10)),
  }
}

/**
 * Adds the members that local headers announce and the directory did not list. A member whose sizes only follow its
 * content runs up to the next header. Returns how many were added.
 */
async function walkLocalHeaders(
  random: RandomAccess,
  size: number,
  members: ZipMember[],
  maxMembers: number,
): Promise<number> {
  const listed = new Set(members.map((member) => member.headerOffset))
  const before = members.length
  let offset = await findLocalHeader(random, 0, size)
  while (offset < size && members.length < maxMembers) {
    const local = await readLocalHeader(random, offset)
    if (local === null) {
      offset = await findLocalHeader(random, offset + 1, size)
      continue
    }
    const isOpenEnded = (local.flags & FLAG_SIZES_FOLLOW) !== 0 || local.isZip64
    const end = isOpenEnded
      ? await findLocalHeader(random, local.dataOffset, size)
      : Math.min(size, local.dataOffset + local.packedSize)
    if (!listed.has(offset)) members.push(memberOfLocalHeader(local, offset, isOpenEnded, end))
    offset = Math.max(end, offset + 1)
  }
  return members.length - before
}

/** Sizes and checksum are unknown (-1) for a member that ends where the next begins. */
function memberOfLocalHeader(
  local: LocalHeader,
  offset: number,
  isOpenEnded: boolean,
  end: number,
): ZipMember {
  return {
    name: local.name,
    headerOffset: offset,
    packedSize: isOpenEnded ? Math.max(0, end - local.dataOffset) : local.packedSize,
    size: isOpenEnded ? -1 : local.size,
    crc32: isOpenEnded ? -1 : local.crc32,
    method: local.method,
    isEncrypted: (local.flags & FLAG_ENCRYPTED) !== 0,
    modifiedMs: local.modifiedMs,
    notAFile: describeMode(local.name, 0),
  }
}

/** Offset of the next local header's magic at or after `from`, or `size`. */
async function findLocalHeader(random: RandomAccess, from: number, size: number): Promise<number> {
  const magic = Buffer.from([0x50, 0x4b, 0x03, 0x04])
  let window = Buffer.allocUnsafe(NEAR_WINDOW)
  for (let at = from; at + magic.length <= size; ) {
    const got = await random.readAt(window, at)
    const found = window.subarray(0, got).indexOf(magic)
    if (found >= 0) return at + found
    if (got < window.length) break
    at += got - (magic.length - 1)
    if (window.length < FAR_WINDOW) window = Buffer.allocUnsafe(window.length * 2)
  }
  return size
}

/** DOS times have no zone; like every time without one they are taken as UTC. */
function dosTime(date: number, time: number): number {
  const [year, month, day] = [(date >> 9) + 1980, ((date >> 5) & 15) - 1, date & 31]
  return Date.UTC(year, month, day, time >> 11, (time >> 5) & 63, (time & 31) * 2)
}
