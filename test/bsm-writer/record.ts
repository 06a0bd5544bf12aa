/** Whole BSM records: a header in any width, the tokens, the trailer. Source: OpenBSM au_close(), XNU kau_close(). */
import { address, u8, u16, u32, u64 } from "./bytes.ts"

export interface RecordHead {
  readonly version?: number
  readonly modifier?: number
  readonly second?: number | bigint
  /** Milliseconds. */
  readonly msec?: number
  /** 64-bit times. */
  readonly isWide?: boolean
  /** Makes it a header with an address. */
  readonly host?: string
  /** What header and trailer say instead of the truth. */
  readonly size?: number
  readonly count?: number
  readonly magic?: number
  readonly hasTrailer?: boolean
}

/** Of the first record of every case. */
export const SECOND = 1_700_000_000
const TRAILER_BYTES = 7

export function record(event: number, tokens: readonly Buffer[], head: RecordHead = {}): Buffer {
  const body = Buffer.concat([...tokens])
  const host = head.host === undefined ? Buffer.alloc(0) : address(head.host)
  const bare = 10 + (head.host === undefined ? 0 : 4 + host.length) + (head.isWide === true ? 16 : 8)
  const whole = bare + body.length + (head.hasTrailer === false ? 0 : TRAILER_BYTES)
  const size = head.size ?? whole
  return Buffer.concat([
    u8(headerId(head)),
    u32(size),
    u8(head.version ?? 11),
    u16(event),
    u16(head.modifier ?? 0),
    ...(head.host === undefined ? [] : [u32(host.length), host]),
    ...timeOf(head),
    body,
    ...(head.hasTrailer === false ? [] : [trailer(head.count ?? whole, head.magic)]),
  ])
}

export function trailer(count: number, magic = 0xb105): Buffer {
  return Buffer.concat([u8(0x13), u16(magic), u32(count)])
}

/** As macOS writes it with `host:` in audit_control: counted without the address, and cut by as many bytes. */
export function shortRecord(
  event: number,
  tokens: readonly Buffer[],
  head: RecordHead & { readonly host: string },
): Buffer {
  const whole = record(event, tokens, head)
  const missing = 4 + address(head.host).length
  const bytes = whole.subarray(0, whole.length - missing)
  bytes.writeUInt32BE(bytes.length, 1)
  return bytes
}

function headerId({ isWide, host }: RecordHead): number {
  if (isWide === true) return host === undefined ? 0x74 : 0x79
  return host === undefined ? 0x14 : 0x15
}

function timeOf({ second = SECOND, msec = 37, isWide }: RecordHead): Buffer[] {
  return isWide === true ? [u64(second), u64(msec)] : [u32(Number(second)), u32(msec)]
}
