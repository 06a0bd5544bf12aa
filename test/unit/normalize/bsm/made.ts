/** Records laid by hand, token by token, for the tests of this folder. Source: audit.log(5). */

const u8 = (value: number): Buffer => Buffer.from([value])
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}
const str16 = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value as string)
  return Buffer.concat([u16(bytes.length + 1), bytes, u8(0)])
}
const strings = (values: readonly (string | Buffer)[]): Buffer[] =>
  values.flatMap((value) => [Buffer.from(value as string), u8(0)])
const token = (id: number, ...parts: readonly Buffer[]): Buffer => Buffer.concat([u8(id), ...parts])
const ipv4 = (address: string): Buffer => Buffer.from(address.split(".").map(Number))

export interface Who {
  readonly pid?: number
  readonly auid?: number
  readonly uid?: number
  readonly sid?: number
  readonly port?: number
  readonly address?: string
}

const ids = ({ pid = 100, auid = 501, uid = 501, sid = 100_007 }: Who): Buffer[] =>
  [auid, uid, 20, uid, 20, pid, sid].map(u32)

export const path = (value: string | Buffer): Buffer => token(0x23, str16(value))
export const text = (value: string | Buffer): Buffer => token(0x28, str16(value))
export const args = (...values: readonly (string | Buffer)[]): Buffer =>
  token(0x3c, u32(values.length), ...strings(values))
export const env = (...values: readonly string[]): Buffer =>
  token(0x3d, u32(values.length), ...strings(values))
export const attributes = (mode = 0o100755, uid = 0, gid = 0): Buffer =>
  token(0x3e, ...[mode, uid, gid, 0x0100_0004, 0x0010_0000, 7, 0].map(u32))
export const argument = (num: number, value: number, name = "fd"): Buffer =>
  token(0x2d, u8(num), u32(value), str16(name))
export const subject = (who: Who = {}): Buffer =>
  token(0x24, ...ids(who), u32(who.port ?? 0), ipv4(who.address ?? "0.0.0.0"))
export const subjectEx = (who: Who, address: Buffer): Buffer =>
  token(0x7a, ...ids(who), u32(who.port ?? 0), u32(address.length), address)
export const returns = (status = 0, value = 0): Buffer => token(0x27, u8(status), u32(value))
export const exit = (status: number): Buffer => token(0x52, u32(status), u32(0))
export const inet = (address: string, port: number): Buffer => token(0x80, u16(2), u16(port), ipv4(address))
export const inet6 = (hex: string, port: number, family = 26): Buffer =>
  token(0x81, u16(family), u16(port), Buffer.from(hex, "hex"))
export const unix = (name: string): Buffer => token(0x82, u16(1), ...strings([name]))
export const sequence = (value: number): Buffer => token(0x2f, u32(value))
export const pair = (local: string, localPort: number, remote: string, remotePort: number): Buffer =>
  token(0x7f, ...[2, 2, 4, localPort].map(u16), ipv4(local), u16(remotePort), ipv4(remote))

export const SECOND = 1_700_000_000

/** A whole record: header32, the tokens, trailer. */
export function record(event: number, tokens: readonly Buffer[], second = SECOND, msec = 37): Buffer {
  const body = Buffer.concat([...tokens])
  const size = u32(body.length + 25)
  return Buffer.concat([
    token(0x14, size, u8(11), u16(event), u16(0), u32(second), u32(msec)),
    body,
    token(0x13, u16(0xb105), size),
  ])
}
