/**
 * The text by which the kernel describes an event: its fields and how it is printed.
 *
 *   name: sched_process_exec
 *   ID: 365
 *   format:
 *   	field:__data_loc char[] filename;	offset:8;	size:4;	signed:0;
 *   print fmt: "filename=%s pid=%d old_pid=%d", __get_str(filename), REC->pid, REC->old_pid
 *
 * Source: Linux' Documentation/trace/events.rst, kernel/trace/trace_events.c.
 */
import { FieldNames } from "../sample.ts"

/** `dataLoc`: a word that says where the bytes lie from the record's start; `relLoc`: from the word's own end. */
export type FieldPlace = "inline" | "dataLoc" | "relLoc"

export interface EventField {
  readonly name: string
  /** The declaration without the name. */
  readonly type: string
  readonly offset: number
  readonly size: number
  readonly isSigned: boolean
  readonly place: FieldPlace
  /** Whether it holds several elements of `elementBytes` each. */
  readonly isArray: boolean
  readonly elementBytes: number
  readonly isText: boolean
  readonly isPointer: boolean
  /** Of the type long, which perf prints in another way. */
  readonly isLong: boolean
}

export interface EventFormat {
  readonly system: string
  readonly name: string
  readonly id: number
  /** Without the common ones, which every event has. */
  readonly fields: readonly EventField[]
  readonly fieldNames: FieldNames
  /** What follows `print fmt:`, unparsed. */
  readonly printFormat: string
}

const FIELD_LINE = /^\tfield:([^;]*);\toffset:(\d+);\tsize:(\d+);(?:\tsigned:([01]);)?/
const COMMON = "common_"
const MOST_FIELDS = 1024

/** null for text that is no format. */
export function parseEventFormat(system: string, text: string): EventFormat | null {
  let name = ""
  let id = -1
  let printFormat = ""
  const fields: EventField[] = []
  for (const line of text.split("\n")) {
    if (line.startsWith("name: ")) name = line.slice(6).trim()
    else if (line.startsWith("ID: ")) id = Number(line.slice(4))
    else if (line.startsWith("print fmt: ")) printFormat = line.slice(11)
    const field = parseField(line)
    if (field !== null && !field.name.startsWith(COMMON) && fields.length < MOST_FIELDS) fields.push(field)
  }
  if (name === "" || !Number.isInteger(id) || id < 0) return null
  const fieldNames = new FieldNames(fields.map((field) => field.name))
  return { system, name, id, fields, fieldNames, printFormat }
}

function parseField(line: string): EventField | null {
  const found = FIELD_LINE.exec(line)
  if (found === null) return null
  const [, declaration = "", offset, size, signed] = found
  const array = /\[([^\]]*)\]\s*$/.exec(declaration)
  const isLoc = /^__(data|rel)_loc\b/.exec(declaration)
  const bare = declaration.replace(/^__(?:data|rel)_loc\s+/, "").replace(/\[[^\]]*\]\s*$/, "")
  const name = /([A-Za-z_]\w*)\s*$/.exec(isLoc === null ? bare : declaration)?.[1] ?? ""
  if (name === "") return null
  const type = (isLoc === null ? bare : bare.replace(/\[[^\]]*\]/, "")).slice(0, -name.length).trim()
  const isArray = isLoc !== null || array !== null
  const elementBytes = elementSize(type, array?.[1] ?? "", Number(size), isLoc !== null)
  return {
    name,
    type,
    offset: Number(offset),
    size: Number(size),
    isSigned: signed === "1",
    place: isLoc === null ? "inline" : isLoc[1] === "rel" ? "relLoc" : "dataLoc",
    isArray,
    elementBytes,
    isText: isArray && /\bchar\b/.test(type) && !/\bunsigned\b/.test(type),
    isPointer: type.includes("*"),
    isLong: /\blong\b/.test(type) && !type.includes("*"),
  }
}

/** By the number in brackets where it is one, else by the type's name. */
function elementSize(type: string, count: string, size: number, isLoc: boolean): number {
  const items = /^\d+$/.test(count) ? Number(count) : 0
  if (!isLoc && items > 0 && size % items === 0) return size / items
  const bits = /(?:^|[_su])(8|16|32|64)(?:_t)?$/.exec(type)
  if (bits !== null) return Number(bits[1]) / 8
  if (/\bchar\b|\bbool\b/.test(type)) return 1
  if (/\bshort\b/.test(type)) return 2
  if (/\blong\b|\*/.test(type)) return 8
  return isLoc && !/\bint\b|\bunsigned\b/.test(type) ? 1 : 4
}
