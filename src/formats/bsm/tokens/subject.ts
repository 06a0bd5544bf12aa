/** Subject and process tokens in all widths: who acted, or was acted on. Ids are unsigned; 4294967295 is "not set". */
import { TOKEN } from "../layout.ts"
import type { BsmRecord } from "../record.ts"
import { readU32, readU64 } from "./integers.ts"

export class Subject {
  auid = 0
  euid = 0
  egid = 0
  ruid = 0
  rgid = 0
  pid = 0
  sid = 0
  /** Device of the terminal or remote port; exact to 2^53 where it has 64 bits. */
  tidPort = 0
  /** The terminal's host: 4 or 16 bytes of the record. */
  addressFrom = 0
  addressTo = 0
}

export function isSubject(id: number): boolean {
  return (
    id === TOKEN.subject32 || id === TOKEN.subject32Ex || id === TOKEN.subject64 || id === TOKEN.subject64Ex
  )
}

export function isProcess(id: number): boolean {
  return (
    id === TOKEN.process32 || id === TOKEN.process32Ex || id === TOKEN.process64 || id === TOKEN.process64Ex
  )
}

/** @param token for which `isSubject` or `isProcess` holds */
export function readSubject(record: BsmRecord, token: number, into: Subject): void {
  const { bytes } = record
  const at = record.from(token)
  into.auid = readU32(bytes, at)
  into.euid = readU32(bytes, at + 4)
  into.egid = readU32(bytes, at + 8)
  into.ruid = readU32(bytes, at + 12)
  into.rgid = readU32(bytes, at + 16)
  into.pid = readU32(bytes, at + 20)
  into.sid = readU32(bytes, at + 24)
  const id = record.id(token)
  const isWide = isWideTerminal(id)
  into.tidPort = isWide ? readU64(bytes, at + 28) : readU32(bytes, at + 28)
  into.addressFrom = at + (isWide ? 36 : 32) + (hasAddressType(id) ? 4 : 0)
  into.addressTo = record.to(token)
}

function isWideTerminal(id: number): boolean {
  return (
    id === TOKEN.subject64 || id === TOKEN.subject64Ex || id === TOKEN.process64 || id === TOKEN.process64Ex
  )
}

function hasAddressType(id: number): boolean {
  return id >= TOKEN.subject32Ex && id <= TOKEN.process64Ex
}
