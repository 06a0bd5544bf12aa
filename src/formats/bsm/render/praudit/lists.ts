/** Writers of the lists of a token: arguments, environment, groups. */
import { readU16, readU32 } from "../../tokens/integers.ts"
import { stringEnd } from "../../tokens/strings.ts"
import type { FieldContext } from "./field-context.ts"
import { put, putUnsigned } from "./put-numbers.ts"
import { putVisible } from "./put-text.ts"

interface Tags {
  readonly open: Buffer
  readonly close: Buffer
}

const ARG = tags("arg")
const ENV = tags("env")
const STRING = tags("string")
const GROUP = tags("gid")
const COUNT_OF_ARGS = Buffer.from("argcnt")
const COUNT_OF_ENVS = Buffer.from("envcnt")
const GROUPS = 16

export function writeArgs(context: FieldContext, at: number): number {
  return writeCounted(context, at, ARG)
}

export function writeEnvs(context: FieldContext, at: number): number {
  return writeCounted(context, at, ENV)
}

export function writeStrings(context: FieldContext, at: number): number {
  return writeCounted(context, at, STRING)
}

/** All that are there, however many the count says; praudit stops after 128. */
function writeCounted(context: FieldContext, from: number, around: Tags): number {
  const { bytes, to } = context
  let at = from + 4
  for (let left = readU32(bytes, from); left > 0 && at < to; left--) {
    const end = stringEnd(bytes, at, to)
    putItem(context, around, at, end)
    at = end + 1
  }
  return to
}

export function writeGroups(context: FieldContext, at: number): number {
  return putGroups(context, at + 2, readU16(context.bytes, at))
}

export function writeSixteenGroups(context: FieldContext, at: number): number {
  return putGroups(context, at, GROUPS)
}

function putGroups(context: FieldContext, from: number, count: number): number {
  const { out, isXml, delimiter } = context
  let at = from
  for (let left = count; left > 0; left--) {
    put(out, isXml ? GROUP.open : delimiter)
    context.putGroup(readU32(context.bytes, at))
    if (isXml) put(out, GROUP.close)
    at += 4
  }
  return at
}

/** `argcnt,2,ls,-l,envcnt,0`, as Solaris writes it. */
export function writeCommand(context: FieldContext, at: number): number {
  const behind = putSized(context, at, COUNT_OF_ARGS, ARG)
  return putSized(context, behind, COUNT_OF_ENVS, ENV)
}

function putSized(context: FieldContext, from: number, name: Buffer, around: Tags): number {
  const { out, bytes, isXml, delimiter } = context
  const count = readU16(bytes, from)
  if (!isXml) {
    put(out, delimiter)
    put(out, name)
    put(out, delimiter)
    putUnsigned(out, count)
  }
  let at = from + 2
  for (let left = count; left > 0; left--) {
    const end = at + 2 + readU16(bytes, at)
    putItem(context, around, at + 2, stringEnd(bytes, at + 2, end))
    at = end
  }
  return at
}

function putItem(context: FieldContext, around: Tags, from: number, to: number): void {
  const { out, isXml, delimiter, bytes } = context
  put(out, isXml ? around.open : delimiter)
  if (isXml) {
    putVisible(out, bytes, from, to)
    put(out, around.close)
  } else context.putText(from, to)
}

function tags(name: string): Tags {
  return { open: Buffer.from(`<${name}>`), close: Buffer.from(`</${name}>`) }
}
