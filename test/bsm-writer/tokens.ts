/** Every BSM token in every width, as the system that writes it does. Source: OpenBSM bsm_token.c, XNU audit_bsm_token.c. */
import { address, blob16, cstr, str16, type Text, u8, u16, u32, u64 } from "./bytes.ts"

const token = (id: number, ...parts: readonly Buffer[]): Buffer => Buffer.concat([u8(id), ...parts])

/** What subject and process tokens say. */
export interface Who {
  readonly auid?: number
  readonly euid?: number
  readonly egid?: number
  readonly ruid?: number
  readonly rgid?: number
  readonly pid?: number
  readonly sid?: number
  readonly port?: number | bigint
  readonly address?: string
}

/** Widths of subject and process tokens: of the port, and whether the address has a type. */
export type Width = "32" | "32ex" | "64" | "64ex"

const SUBJECT_IDS: Readonly<Record<Width, number>> = { "32": 0x24, "32ex": 0x7a, "64": 0x75, "64ex": 0x7c }
const PROCESS_IDS: Readonly<Record<Width, number>> = { "32": 0x26, "32ex": 0x7b, "64": 0x77, "64ex": 0x7d }

function who(ids: Readonly<Record<Width, number>>, width: Width, given: Who): Buffer {
  const { auid = 501, euid = 501, egid = 20, ruid = euid, rgid = egid, pid = 100, sid = 100_007 } = given
  const { port = 0, address: text = "0.0.0.0" } = given
  const host = address(text)
  const terminal = width.startsWith("64") ? u64(port) : u32(Number(port))
  const type = width.endsWith("ex") ? u32(host.length) : Buffer.alloc(0)
  return token(ids[width], ...[auid, euid, egid, ruid, rgid, pid, sid].map(u32), terminal, type, host)
}

export const subject = (given: Who = {}, width: Width = "32"): Buffer => who(SUBJECT_IDS, width, given)
export const processToken = (given: Who = {}, width: Width = "32"): Buffer => who(PROCESS_IDS, width, given)

export const path = (value: Text): Buffer => token(0x23, str16(value))
export const text = (value: Text): Buffer => token(0x28, str16(value))
export const zonename = (value: Text): Buffer => token(0x60, str16(value))
export const xatom = (value: Text): Buffer => token(0x40, str16(value))
export const opaque = (bytes: Buffer): Buffer => token(0x29, blob16(bytes))

export const returns32 = (status = 0, value = 0): Buffer => token(0x27, u8(status), u32(value))
export const returns64 = (status = 0, value: bigint | number = 0): Buffer =>
  token(0x72, u8(status), u64(value))
export const exit = (status: number, value = 0): Buffer => token(0x52, u32(status), u32(value))
export const sequence = (value: number): Buffer => token(0x2f, u32(value))

export const arg32 = (num: number, value: number, name: Text): Buffer =>
  token(0x2d, u8(num), u32(value), str16(name))
export const arg64 = (num: number, value: bigint | number, name: Text): Buffer =>
  token(0x71, u8(num), u64(value), str16(name))
export const argUuid = (num: number, uuid: Buffer, name: Text): Buffer =>
  token(0x84, u8(num), uuid, str16(name))
export const returnUuid = (num: number, uuid: Buffer, name: Text): Buffer =>
  token(0x85, u8(num), uuid, str16(name))

/** @param count what the token says; the strings there are, unless given */
const strings = (id: number, values: readonly Text[], count = values.length): Buffer =>
  token(id, u32(count), ...values.map(cstr))

export const execArgs = (values: readonly Text[], count?: number): Buffer => strings(0x3c, values, count)
export const execEnv = (values: readonly Text[], count?: number): Buffer => strings(0x3d, values, count)
export const xatpath = (...values: readonly Text[]): Buffer => strings(0x25, values)
export const krb5Principal = (...values: readonly Text[]): Buffer => strings(0xee, values)
export const certHash = (...values: readonly Text[]): Buffer => strings(0xef, values)

export interface Vnode {
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly fsid?: number
  readonly node?: bigint | number
  readonly dev?: bigint | number
}

function attributes(id: number, vnode: Vnode, dev: Buffer): Buffer {
  const { mode = 0o100755, uid = 0, gid = 0, fsid = 0x0100_0004, node = 1_152_921_500_312_525_701n } = vnode
  return token(id, ...[mode, uid, gid, fsid].map(u32), u64(node), dev)
}

export const attr = (vnode: Vnode = {}): Buffer => attributes(0x31, vnode, u32(Number(vnode.dev ?? 0)))
export const attr32 = (vnode: Vnode = {}): Buffer => attributes(0x3e, vnode, u32(Number(vnode.dev ?? 0)))
export const attr64 = (vnode: Vnode = {}): Buffer => attributes(0x73, vnode, u64(vnode.dev ?? 0))

export const ipc = (type: number, id: number): Buffer => token(0x22, u8(type), u32(id))
/** uid, gid, creator's uid and gid, mode, seq, key */
export const ipcPerm = (...values: readonly number[]): Buffer => token(0x32, ...values.map(u32))
export const groups = (list: readonly number[]): Buffer =>
  token(0x34, ...Array.from({ length: 16 }, (_, at) => u32(list[at] ?? 0)))
export const newgroups = (list: readonly number[], count = list.length): Buffer =>
  token(0x3b, u16(count), ...list.map(u32))
export const privset = (type: Text, privs: Text): Buffer => token(0x38, str16(type), str16(privs))
export const upriv = (success: number, priv: Text): Buffer => token(0x39, u8(success), str16(priv))
export const liaison = (value: number): Buffer => token(0x3a, u32(value))
export const cmd = (args: readonly Text[], env: readonly Text[]): Buffer =>
  token(0x51, u16(args.length), ...args.map(str16), u16(env.length), ...env.map(str16))

/** @param size of an item: 0 bytes, 1 shorts, 2 int32, 3 int64 */
export const units = (print: number, size: number, count: number, items: Buffer): Buffer =>
  token(0x21, u8(print), u8(size), u8(count), items)

export const inAddr = (host: string): Buffer => token(0x2a, address(host))
export const host = (text: string): Buffer => token(0x70, address(text))
export const iport = (port: number): Buffer => token(0x2c, u16(port))

export function inAddrEx(text: string): Buffer {
  const bytes = address(text)
  return token(0x7e, u32(bytes.length), bytes)
}

/** An IPv4 header. */
export const ip = (source: string, destination: string): Buffer =>
  token(
    0x2b,
    u8(0x45),
    u8(0x10),
    u16(84),
    u16(21_624),
    u16(0x4000),
    u8(64),
    u8(6),
    u16(48_879),
    address(source),
    address(destination),
  )

export const sockinet32 = (text: string, port: number, family = 2): Buffer =>
  token(0x80, u16(family), u16(port), address(text))
/** @param port as it stands in the record: macOS has swapped its bytes */
export const sockinet128 = (text: string, port: number, family = 26): Buffer =>
  token(0x81, u16(family), u16(port), address(text))
export const sockunix = (name: Text, family = 1): Buffer => token(0x82, u16(family), cstr(name))

export interface Ends {
  readonly local: string
  readonly localPort: number
  readonly remote: string
  readonly remotePort: number
}

export const socket = (type: number, ends: Ends): Buffer =>
  token(0x2e, u16(type), u16(ends.localPort), address(ends.local), u16(ends.remotePort), address(ends.remote))

export function socketEx(domain: number, type: number, ends: Ends): Buffer {
  const local = address(ends.local)
  const remote = address(ends.remote)
  const head = [domain, type, local.length, ends.localPort].map(u16)
  return token(0x7f, ...head, local, u16(ends.remotePort), remote)
}

export interface Signer {
  readonly type?: number
  readonly signingId?: string
  readonly isSigningIdCut?: boolean
  readonly teamId?: string
  readonly isTeamIdCut?: boolean
  /** Hexadecimal. */
  readonly cdhash?: string
}

export function identity(signer: Signer = {}): Buffer {
  const {
    type = 1,
    signingId = "com.example.tool",
    teamId = "",
    cdhash = "00112233445566778899aabbccddeeff01234567",
  } = signer
  return token(
    0xed,
    u32(type),
    str16(signingId),
    u8(signer.isSigningIdCut === true ? 1 : 0),
    str16(teamId),
    u8(signer.isTeamIdCut === true ? 1 : 0),
    blob16(Buffer.from(cdhash, "hex")),
  )
}

/** A file token; alone between records, or in one. */
export const file32 = (name: Text, second = 1_700_000_000, msec = 0): Buffer =>
  token(0x11, u32(second), u32(msec), str16(name))
export const file64 = (name: Text, second: number | bigint = 1_700_000_000, msec = 0): Buffer =>
  token(0x78, u64(second), u64(msec), str16(name))

/** Of no known layout. */
export const unknown = (id: number, bytes: Buffer): Buffer => token(id, bytes)
