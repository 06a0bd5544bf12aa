/** Attribute tokens: what the vnode was. `mode` has the file type on macOS, permission bits alone on FreeBSD. */
import { TOKEN } from "../layout.ts"
import type { BsmRecord } from "../record.ts"
import { readU32 } from "./integers.ts"

export class Attributes {
  mode = 0
  uid = 0
  gid = 0
  fsid = 0
  /** Inode number in two unsigned halves: on macOS it exceeds 2^53. */
  nodeHigh = 0
  nodeLow = 0
  devHigh = 0
  devLow = 0
}

export function isAttributes(id: number): boolean {
  return id === TOKEN.attr32 || id === TOKEN.attr64 || id === TOKEN.attr
}

/** @param token for which `isAttributes` holds */
export function readAttributes(record: BsmRecord, token: number, into: Attributes): void {
  const { bytes } = record
  const at = record.from(token)
  into.mode = readU32(bytes, at)
  into.uid = readU32(bytes, at + 4)
  into.gid = readU32(bytes, at + 8)
  into.fsid = readU32(bytes, at + 12)
  into.nodeHigh = readU32(bytes, at + 16)
  into.nodeLow = readU32(bytes, at + 20)
  const isWide = record.id(token) === TOKEN.attr64
  into.devHigh = isWide ? readU32(bytes, at + 24) : 0
  into.devLow = readU32(bytes, at + (isWide ? 28 : 24))
}
