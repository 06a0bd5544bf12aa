/**
 * Tells from the first bytes how something is packed; the name is never asked.
 * Magic numbers: RFC 1952 (gzip), RFC 8878 (zstd), APPNOTE.TXT (zip), POSIX ustar, and the xz, bzip2, 7z formats.
 */

/** Bytes that `packingOf` wants to see. */
export const PACKING_HEAD_BYTES = 512

export type Packing = "" | "gz" | "zst" | "zip" | "tar" | "xz" | "bzip2" | "7z" | "compress" | "lz4" | "rar"

interface Magic {
  readonly packing: Packing
  readonly bytes: readonly number[]
}

const MAGICS: readonly Magic[] = [
  { packing: "gz", bytes: [0x1f, 0x8b] },
  { packing: "zst", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { packing: "zip", bytes: [0x50, 0x4b, 0x03, 0x04] },
  { packing: "zip", bytes: [0x50, 0x4b, 0x05, 0x06] },
  { packing: "xz", bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { packing: "7z", bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { packing: "compress", bytes: [0x1f, 0x9d] },
  { packing: "lz4", bytes: [0x04, 0x22, 0x4d, 0x18] },
  { packing: "rar", bytes: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07] },
]

const USTAR = Buffer.from("ustar", "latin1")
const USTAR_OFFSET = 257

/** How the bytes that begin with `head` are packed, '' for not at all. */
export function packingOf(head: Buffer): Packing {
  for (const magic of MAGICS) {
    if (magic.bytes.every((byte, at) => head[at] === byte)) return magic.packing
  }
  if (isSkippableFrame(head)) return "zst"
  if (isBzip2(head)) return "bzip2"
  return isTarHeader(head) ? "tar" : ""
}

/** Which command unpacks what this program does not, '' for packings it reads itself. */
export function unpackCommand(packing: Packing): string {
  switch (packing) {
    case "xz":
      return "xz -dk"
    case "bzip2":
      return "bzip2 -dk"
    case "7z":
      return "7z x"
    case "compress":
      return "gzip -dk"
    case "lz4":
      return "lz4 -d"
    case "rar":
      return "unrar x"
    default:
      return ""
  }
}

/** `BZh`, a level, then the magic of a block: text may well begin with BZh. */
function isBzip2(head: Buffer): boolean {
  return /^BZh[1-9]1AY&SY/.test(head.toString("latin1", 0, 10))
}

/** A header holds NULs; a log in which somebody placed the magic holds none. */
function isTarHeader(head: Buffer): boolean {
  if (head.length < PACKING_HEAD_BYTES || head.indexOf(0) < 0) return false
  return head.subarray(USTAR_OFFSET, USTAR_OFFSET + USTAR.length).equals(USTAR)
}

/** Zstd frames that carry no content, 0x184D2A50 to 0x184D2A5F; pzstd begins its files with one. */
function isSkippableFrame(head: Buffer): boolean {
  return head.length >= 8 && head.readUInt32LE(0) >>> 4 === 0x184d2a5
}
