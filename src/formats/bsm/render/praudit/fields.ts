/** Writers of single fields: each prints the field at `at` and returns where the next one begins. */
import { readU16, readU32 } from "../../tokens/integers.ts"
import { swapPort } from "../../tokens/socket.ts"
import { stringEnd } from "../../tokens/strings.ts"
import { putIp4, putIp6 } from "../put-address.ts"
import type { FieldContext } from "./field-context.ts"
import { writeItems } from "./items.ts"
import { writeArgs, writeCommand, writeEnvs, writeGroups, writeSixteenGroups, writeStrings } from "./lists.ts"
import { put, putHex, putHexBytes, putOctal, putSigned64, putUnsigned, putUnsigned64 } from "./put-numbers.ts"
import type { FieldKind } from "./token-forms.ts"

export type WriteField = (context: FieldContext, at: number) => number

const HIGH = 0x1_0000_0000
const HEX = Buffer.from("0x")
const PLUS = Buffer.from(" + ")
const MILLISECONDS = Buffer.from(" msec")
const ERROR = Buffer.from("Error ")
const IPC_TYPES = ["", "Message IPC", "Semaphore IPC", "Shared Memory IPC"].map((text) => Buffer.from(text))
const USED = Buffer.from("successful use of priv")
const NOT_USED = Buffer.from("failed use of priv")
const COMPLETE = Buffer.from("complete")
const TRUNCATED = Buffer.from("truncated")
const NO_ADDRESS = Buffer.from("invalid")
const YES = Buffer.from("yes")
const NO = Buffer.from("no")
const FAR_PORT = Buffer.from('" fport="')
const FAR_ADDRESS = Buffer.from('faddr="')
/** Lengths of the groups of a UUID in bytes. */
const UUID_GROUPS = [4, 2, 2, 2, 6]
const HYPHEN = Buffer.from("-")

export const FIELD_WRITERS: Readonly<Record<FieldKind, WriteField>> = {
  u8: ({ out, bytes }, at) => {
    putUnsigned(out, bytes[at] as number)
    return at + 1
  },
  u16: ({ out, bytes }, at) => {
    putUnsigned(out, readU16(bytes, at))
    return at + 2
  },
  u32: ({ out, bytes }, at) => {
    putUnsigned(out, readU32(bytes, at))
    return at + 4
  },
  u64: ({ out, bytes }, at) => {
    putUnsigned64(out, readU32(bytes, at), readU32(bytes, at + 4))
    return at + 8
  },
  signed64: ({ out, bytes }, at) => {
    putSigned64(out, readU32(bytes, at), readU32(bytes, at + 4))
    return at + 8
  },
  hex16: (context, at) => {
    putPort(context, readU16(context.bytes, at))
    return at + 2
  },
  hex32: ({ out, bytes }, at) => {
    put(out, HEX)
    putHex(out, 0, readU32(bytes, at))
    return at + 4
  },
  hex64: ({ out, bytes }, at) => {
    put(out, HEX)
    putHex(out, readU32(bytes, at), readU32(bytes, at + 4))
    return at + 8
  },
  octal: ({ out, bytes }, at) => {
    putOctal(out, 0, readU32(bytes, at))
    return at + 4
  },
  byte: (context, at) => {
    putMemory(context, at, at + 1)
    return at + 1
  },
  user: (context, at) => {
    context.putUser(readU32(context.bytes, at))
    return at + 4
  },
  group: (context, at) => {
    context.putGroup(readU32(context.bytes, at))
    return at + 4
  },
  ip4: ({ out, bytes }, at) => {
    putIp4(out, bytes, at)
    return at + 4
  },
  ip6: ({ out, bytes }, at) => {
    putIp6(out, bytes, at)
    return at + 16
  },
  address: writeAddress,
  uuid: writeUuid,
  text: (context, at) => {
    const to = at + 2 + readU16(context.bytes, at)
    context.putText(at + 2, to)
    return to
  },
  content: (context, at) => {
    const to = at + 2 + readU16(context.bytes, at)
    context.putContent(at + 2, to)
    return to
  },
  unixPath: (context, at) => {
    context.putText(at, stringEnd(context.bytes, at, context.to))
    return context.to
  },
  length16: ({ out, bytes }, at) => {
    putUnsigned(out, readU16(bytes, at))
    return at
  },
  memory: (context, at) => {
    const to = at + 2 + readU16(context.bytes, at)
    putMemory(context, at + 2, to)
    return to
  },
  event: (context, at) => {
    context.putEvent(readU16(context.bytes, at))
    return at + 2
  },
  second32: (context, at) => {
    putSecond(context, readU32(context.bytes, at))
    return at + 4
  },
  second64: (context, at) => {
    putSecond(context, readU32(context.bytes, at) * HIGH + readU32(context.bytes, at + 4))
    return at + 8
  },
  millisecond32: (context, at) => {
    putMilliseconds(context, 0, readU32(context.bytes, at))
    return at + 4
  },
  millisecond64: (context, at) => {
    putMilliseconds(context, readU32(context.bytes, at), readU32(context.bytes, at + 4))
    return at + 8
  },
  status: ({ out, bytes, isRaw, returns }, at) => {
    const status = bytes[at] as number
    if (isRaw) putUnsigned(out, status)
    else put(out, returns[status] as Buffer)
    return at + 1
  },
  exitStatus: ({ out, bytes }, at) => {
    put(out, ERROR)
    putUnsigned(out, readU32(bytes, at))
    return at + 4
  },
  ipcType: ({ out, bytes, isRaw }, at) => {
    const type = bytes[at] as number
    const word = isRaw || type === 0 ? undefined : IPC_TYPES[type]
    if (word === undefined) putUnsigned(out, type)
    else put(out, word)
    return at + 1
  },
  privilege: ({ out, bytes }, at) => {
    put(out, bytes[at] === 0 ? NOT_USED : USED)
    return at + 1
  },
  cut: ({ out, bytes, isXml }, at) => {
    if (bytes[at] === 0) put(out, isXml ? NO : COMPLETE)
    else put(out, isXml ? YES : TRUNCATED)
    return at + 1
  },
  port128: ({ out, bytes, platform }, at) => {
    const port = readU16(bytes, at)
    // XNU stores it with its bytes swapped.
    putUnsigned(out, platform === "macos" ? swapPort(port) : port)
    return at + 2
  },
  remoteEnd: writeRemoteEnd,
  items: writeItems,
  args: writeArgs,
  envs: writeEnvs,
  strings: writeStrings,
  groups: writeGroups,
  sixteenGroups: writeSixteenGroups,
  command: writeCommand,
  nothing: (_context, at) => at,
  skip2: (_context, at) => at + 2,
  skip4: (_context, at) => at + 4,
  addressType16: (context, at) => {
    context.addressWidth = readU16(context.bytes, at)
    return at + 2
  },
  addressType32: (context, at) => {
    const width = readU32(context.bytes, at)
    // Headers alone are read with a type that does not exist: as if no address followed.
    context.addressWidth = width === 4 || width === 16 ? width : 0
    return at + 4
  },
}

/** %#x: no 0x before a zero. */
function putPort({ out }: FieldContext, port: number): void {
  if (port > 0) put(out, HEX)
  putHex(out, 0, port)
}

function putMemory({ out, bytes }: FieldContext, from: number, to: number): void {
  if (to === from) return
  put(out, HEX)
  putHexBytes(out, bytes, from, to)
}

function putSecond({ out, isRaw, time }: FieldContext, second: number): void {
  if (isRaw) putUnsigned(out, second)
  else time.put(out, second)
}

function putMilliseconds({ out, isRaw }: FieldContext, high: number, low: number): void {
  if (!isRaw) put(out, PLUS)
  putUnsigned64(out, high, low)
  if (!isRaw) put(out, MILLISECONDS)
}

function writeAddress({ out, bytes, addressWidth }: FieldContext, at: number): number {
  if (addressWidth === 0) put(out, NO_ADDRESS)
  else if (addressWidth === 4) putIp4(out, bytes, at)
  else putIp6(out, bytes, at)
  return at + addressWidth
}

function writeUuid({ out, bytes }: FieldContext, from: number): number {
  let at = from
  for (const length of UUID_GROUPS) {
    if (at > from) put(out, HYPHEN)
    putHexBytes(out, bytes, at, at + length)
    at += length
  }
  return at
}

/** The far end of a socket: port and address in text, the other way round in XML. */
function writeRemoteEnd(context: FieldContext, at: number): number {
  const { out, isXml, delimiter } = context
  const port = readU16(context.bytes, at)
  if (isXml) {
    put(out, FAR_ADDRESS)
    const to = writeAddress(context, at + 2)
    put(out, FAR_PORT)
    putPort(context, port)
    return to
  }
  putPort(context, port)
  put(out, delimiter)
  return writeAddress(context, at + 2)
}
