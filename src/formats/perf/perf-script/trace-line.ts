/**
 * A line of `perf trace`: one call with its return, or the half of one.
 *
 *    74.674 ( 0.224 ms): true/4263 execve(filename: 0x3a450670, argv: 0x7f423a450680, envp: 0x7ffe3ce25c10) = 0
 *    68.463 (         ): python3/4261 vfork()                                                            ...
 *    68.463 ( 7.268 ms): python3/4261  ... [continued]: vfork())                                            = 4263
 *         ? (         ): python3/4261  ... [continued]: execve())                                           = 0
 *
 * Numbers are ms since the first line, or since the machine's start with -T. Newer versions of perf print texts and
 * addresses where older ones print pointers.
 *
 * Source of truth: Linux' tools/perf/builtin-trace.c, trace/beauty/.
 */
import { LINUX_ERRORS } from "./errors.ts"
import { addressBytes } from "./event-text.ts"
import type { FieldList } from "./field-list.ts"

const LINE = new RegExp(
  "^ *(?<time>\\?|\\d+\\.\\d{3}) \\( *(?:(?<duration>[\\d.]+) ms)? *\\): (?<comm>[^\\0]{0,16}?)/(?<tid>-?\\d+) +" +
    "(?<continued>\\.\\.\\. \\[continued\\]: )?(?<name>\\w+)\\((?<list>.*?)\\)+ *(?:= (?<result>.*)|(?<open>\\.\\.\\.))$",
  "s",
)
const NUMBER = /^([A-Za-z_]\w*): (?:0x([0-9a-f]{1,16})|(-?\d{1,19}))(?:<.*>)?$/
const TEXT = /^([A-Za-z_]\w*): "(.*)"?(?:\.\.\.)?$/s
const FLAGS = /^([A-Za-z_]\w*): ([A-Z][A-Z0-9_|x]*)$/
const AT_FDCWD = -100
const CLONE_THREAD = 0x10000

/** Words that stand for numbers; those of other flags do not matter to rows. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ["UNSPEC", 0],
  ["LOCAL", 1],
  ["UNIX", 1],
  ["INET", 2],
  ["INET6", 10],
  ["NETLINK", 16],
  ["PACKET", 17],
  ["STREAM", 1],
  ["DGRAM", 2],
  ["RAW", 3],
  ["SEQPACKET", 5],
  ["CLOEXEC", 0x80000],
  ["NONBLOCK", 0x800],
  ["THREAD", CLONE_THREAD],
  ["EMPTY_PATH", 0x1000],
  ["CWD", AT_FDCWD],
  ["IP", 0],
  ["TCP", 6],
  ["UDP", 17],
  ["ICMP", 1],
])

export interface TraceLine {
  readonly comm: string
  readonly tid: number
  readonly name: string
  readonly list: string
  /** Milliseconds, NaN for `?`. */
  readonly time: number
  readonly duration: number
  readonly isEntered: boolean
  readonly isReturned: boolean
  /** NaN for none. */
  readonly result: number
}

/** @param line in Latin-1 */
export function readTraceLine(line: string): TraceLine | undefined {
  const groups = LINE.exec(line)?.groups
  if (groups === undefined) return undefined
  const { comm = "", tid, name = "", list = "", time, duration, continued, result, open } = groups
  return {
    comm,
    tid: Number(tid),
    name,
    list,
    time: time === "?" ? Number.NaN : Number(time),
    duration: duration === undefined ? Number.NaN : Number(duration),
    isEntered: continued === undefined,
    isReturned: open === undefined && result !== "",
    result: readResult(result ?? ""),
  }
}

/** `0`, `4263`, `4273 (python3)`, `0x7f…`, `-1 ENOENT (No such file or directory)`. */
function readResult(text: string): number {
  const error = /^-1 ([A-Z][A-Z0-9]*)/.exec(text)
  if (error !== null) return -(LINUX_ERRORS.get(error[1] ?? "") ?? Number.NaN)
  const number = /^(-?\d{1,15}|0x[0-9a-f]{1,13})\b/.exec(text)
  return number === null ? Number.NaN : Number(number[1])
}

/** The arguments of a call as fields. */
export function readTraceArguments(list: string, fields: FieldList): void {
  for (const part of splitArguments(list)) {
    const number = NUMBER.exec(part)
    if (number !== null) {
      fields.int(number[1] ?? "", number[2] === undefined ? BigInt(number[3] ?? 0) : BigInt(`0x${number[2]}`))
      continue
    }
    const address = /^([A-Za-z_]\w*): \{ ?(.*?) ?\}$/s.exec(part)
    if (address !== null) readAddress(address[1] ?? "", address[2] ?? "", fields)
    else readWords(part, fields)
  }
}

function readWords(part: string, fields: FieldList): void {
  const flags = FLAGS.exec(part)
  if (flags !== null) {
    const words = (flags[2] ?? "").split("|")
    const value = words.reduce((sum, word) => sum | (WORDS.get(word) ?? (Number(word) || 0)), 0)
    fields.int(flags[1] ?? "", value)
    return
  }
  const text = TEXT.exec(part)
  if (text === null) return
  const name = text[1] ?? ""
  fields.int(name, 0)
  fields.text(`__${name}_val`, (text[2] ?? "").replace(/"$/, ""))
}

/** `.family: INET, port: 80, addr: 192.0.2.1` as the structure that it was read from. */
function readAddress(name: string, content: string, fields: FieldList): void {
  const found = new Map<string, string>()
  for (const [, key = "", value = ""] of content.matchAll(/\.?(\w+): ?("[^"]*"|[^,]+)/g))
    found.set(key, value.trim())
  const family = WORDS.get(found.get("family") ?? "") ?? Number.NaN
  const port = Number(found.get("port") ?? Number.NaN)
  const address = addressBytes(found.get("addr") ?? "")
  const path = Buffer.from((found.get("path") ?? "").replace(/^"|"$/g, ""), "latin1")
  fields.int(name, 0)
  const head = Buffer.alloc(4)
  if (family === 1 && path.length > 0) {
    head.writeUInt16LE(1)
    fields.bytes(`__${name}_val`, Buffer.concat([head.subarray(0, 2), path, Buffer.alloc(1)]))
  } else if ((family === 2 && address.length === 4) || (family === 10 && address.length === 16)) {
    head.writeUInt16LE(family)
    head.writeUInt16BE(Number.isNaN(port) ? 0 : port & 0xffff, 2)
    const middle = Buffer.alloc(family === 2 ? 0 : 4)
    fields.bytes(`__${name}_val`, Buffer.concat([head, middle, address, Buffer.alloc(8)]))
  }
}

/** Commas between arguments, not those within quotes or braces. */
function splitArguments(list: string): string[] {
  const parts: string[] = []
  let from = 0
  let depth = 0
  let isQuoted = false
  for (let at = 0; at < list.length; at++) {
    const char = list[at]
    if (char === '"' && list[at - 1] !== "\\") isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (char === "{" || char === "[") depth++
    else if (char === "}" || char === "]") depth--
    else if (char === "," && depth === 0) {
      parts.push(list.slice(from, at).trim())
      from = at + 1
    }
  }
  const last = list.slice(from).trim()
  if (last !== "") parts.push(last)
  return parts
}
