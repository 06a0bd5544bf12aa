/**
 * One entry of the systemd journal to the record it holds, whichever way the entry was exported.
 *
 *   _TRANSPORT=audit  _AUDIT_TYPE=1309  _AUDIT_TYPE_NAME=EXECVE  _AUDIT_ID=14399
 *   _SOURCE_REALTIME_TIMESTAMP=1795299274992000  MESSAGE=EXECVE argc=4 a0="/bin/echo" …
 *
 * Source of truth: systemd src/journal/journald-audit.c (process_audit_string), systemd.journal-fields(7).
 */
import type { HeaderReader } from "../header.ts"
import type { TypeNames } from "../type-names.ts"
import type { Adjacency } from "./adjacency.ts"
import type { EntrySink } from "./entry-sink.ts"
import { rebuildMessage } from "./journal-rebuild.ts"
import { bytesOfJson } from "./json-text.ts"
import { findTypeName } from "./type-name.ts"

/** Field name to value: a string, a Buffer, null (left out by the exporter), an array of bytes or of values. */
export type JournalFields = ReadonlyMap<string, unknown>

export interface EntryTools {
  readonly sink: EntrySink
  readonly header: HeaderReader
  readonly types: TypeNames
  readonly adjacency: Adjacency
}

const MICROSECONDS = /^\d{1,16}$/
const AUDIT_TAG = Buffer.from("audit: ", "latin1")
const STAMP = Buffer.from("audit(", "latin1")
const SPACE = 0x20

/** Bytes of a field: undefined when the entry lacks it, null when the exporter left its value out. */
export function fieldBytes(fields: JournalFields, name: string): Buffer | null | undefined {
  return bytesOfValue(fields.get(name))
}

function fieldText(fields: JournalFields, name: string): string {
  const bytes = fieldBytes(fields, name)
  return bytes ? bytes.utf8Slice(0, bytes.length) : ""
}

function bytesOfValue(value: unknown): Buffer | null | undefined {
  if (typeof value === "string") return bytesOfJson(value)
  if (value === null || value === undefined || Buffer.isBuffer(value)) return value
  if (!Array.isArray(value)) return undefined
  const isBytes = value.every((item) => Number.isInteger(item) && item >= 0 && item <= 255)
  return isBytes ? Buffer.from(value) : bytesOfValue(value[0])
}

/** Hands on the entry as one of: record, error problem, foreign. The sink has begun with it. */
export function readJournalEntry(fields: JournalFields, tools: EntryTools): void {
  const transport = fieldText(fields, "_TRANSPORT")
  if (transport === "audit" || fields.has("_AUDIT_TYPE")) {
    readAuditEntry(fields, tools)
    return
  }
  const isLog = transport === "kernel" || transport === "syslog"
  const message = isLog ? fieldBytes(fields, "MESSAGE") : undefined
  if (message) readMessageLine(message, fieldText(fields, "_HOSTNAME"), tools)
  else tools.sink.foreign()
}

/** Hands on a line of the kernel's or a program's log: a record if it is one in whole. The sink has begun with it. */
export function readMessageLine(
  message: Buffer,
  host: string,
  tools: Pick<EntryTools, "sink" | "header">,
): void {
  const { sink, header } = tools
  const isTagged = message.subarray(0, AUDIT_TAG.length).equals(AUDIT_TAG)
  const start = isTagged ? AUDIT_TAG.length : 0
  const head = message.latin1Slice(start, Math.min(message.length, start + 5))
  if ((head !== "type=" && head !== "node=") || !message.includes(STAMP)) {
    sink.foreign()
    return
  }
  let end = message.length
  while (end > start && (message[end - 1] === 0x0a || message[end - 1] === SPACE)) end--
  if (header.read(sink.record, message, start, end)) {
    if (sink.record.node === "") sink.record.node = host
    sink.emit()
    return
  }
  const { at, expected } = header.fault
  sink.problem("bad-header", "error", "the message begins like an audit record and is none", {
    expected,
    found: message.utf8Slice(at, Math.min(message.length, at + 60)),
  })
}

function readAuditEntry(fields: JournalFields, tools: EntryTools): void {
  const { sink, adjacency } = tools
  const { record } = sink
  const message = fieldBytes(fields, "MESSAGE")
  const name = fieldBytes(fields, "_AUDIT_TYPE_NAME") ?? leadingWord(message)
  const typeText = fieldText(fields, "_AUDIT_TYPE")
  record.type = /^\d{1,6}$/.test(typeText)
    ? Number(typeText)
    : findTypeName(tools.types, name, 0, name.length)
  if (record.type < 0) record.typeName = name.latin1Slice(0, Math.min(name.length, 64))
  record.node = fieldText(fields, "_HOSTNAME")
  if (record.type < 0 && record.typeName === "") {
    sink.problem("journal-bad-entry", "error", "an audit entry of the journal names no record type")
    return
  }
  takeTime(fields, record)
  if (message) {
    sink.setBody(message, bodyStart(message, name), message.length)
  } else {
    const rebuilt = rebuildMessage(fields)
    const kind = name.latin1Slice(0, Math.min(name.length, 64))
    const what = `the exporter left out the message of an entry${kind === "" ? "" : ` of type ${kind}`}`
    if (rebuilt === null) {
      sink.problem("journal-null-message", "error", `${what}, and no field of it is left`)
      return
    }
    sink.problem(
      "journal-null-message",
      "warning",
      `${what}; the record was put together from its other fields`,
    )
    sink.setBody(rebuilt, 0, rebuilt.length)
  }
  const serial = fieldText(fields, "_AUDIT_ID")
  record.hasSerial = /^\d{1,10}$/.test(serial)
  record.serial = record.hasSerial
    ? Number(serial) >>> 0
    : adjacency.next(record.type, record.sec, record.nsec, record.node)
  sink.emit()
}

/** The audit stamp in microseconds, else when the journal received the entry. */
function takeTime(fields: JournalFields, record: EntrySink["record"]): void {
  for (const name of ["_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP"]) {
    const text = fieldText(fields, name)
    if (!MICROSECONDS.test(text)) continue
    const microseconds = Number(text)
    record.sec = Math.floor(microseconds / 1_000_000)
    record.nsec = (microseconds % 1_000_000) * 1000
    return
  }
}

function leadingWord(message: Buffer | null | undefined): Buffer {
  if (!message) return Buffer.alloc(0)
  const blank = message.indexOf(SPACE)
  return message.subarray(0, blank < 0 ? message.length : blank)
}

/** Past the type's name and the blanks after it; the name is the journal's, not part of the record. */
function bodyStart(message: Buffer, name: Buffer): number {
  const hasName = name.length > 0 && message.subarray(0, name.length).equals(name)
  let at = hasName && (message.length === name.length || message[name.length] === SPACE) ? name.length : 0
  while (at < message.length && message[at] === SPACE) at++
  return at
}
