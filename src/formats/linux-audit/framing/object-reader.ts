/** Reads one JSON object of any tool that saves audit records as JSON: journald, go-audit, laurel, dmesg. */

import { isGoAudit, readGoAudit } from "./go-audit.ts"
import { type EntryTools, type JournalFields, readJournalEntry, readMessageLine } from "./journal-entry.ts"
import { bytesOfJson, membersOf, parseJson } from "./json-text.ts"
import { isLaurel, readLaurel } from "./laurel.ts"

export type ObjectShape = "journald" | "go-audit" | "laurel" | "dmesg" | "unknown"

export interface ParsedObject {
  readonly shape: ObjectShape
  readonly members: ReadonlyMap<string, unknown>
}

/** Parses `buffer[start, end)`; null when it is no JSON object. */
export function parseObject(buffer: Buffer, start: number, end: number): ParsedObject | null {
  const members = membersOf(parseJson(buffer, start, end))
  return members === null ? null : { shape: shapeOf(members), members }
}

/** Hands on what the object holds; one of unknown shape is foreign. The sink has begun with it. */
export function readObject(object: ParsedObject, tools: EntryTools): void {
  const { shape, members } = object
  if (shape === "journald") readJournalEntry(members satisfies JournalFields, tools)
  else if (shape === "go-audit") readGoAudit(members, tools.sink)
  else if (shape === "laurel") readLaurel(members, tools.types, tools.sink)
  else if (shape === "dmesg") readMessageLine(bytesOfJson(String(members.get("msg"))), "", tools)
  else tools.sink.foreign()
}

function shapeOf(members: ReadonlyMap<string, unknown>): ObjectShape {
  if (isLaurel(members)) return "laurel"
  if (isGoAudit(members)) return "go-audit"
  if (typeof members.get("msg") === "string" && members.has("pri") && members.has("time")) return "dmesg"
  const isJournal =
    members.has("_AUDIT_TYPE") || members.has("__CURSOR") || members.has("__REALTIME_TIMESTAMP")
  return isJournal || (members.has("MESSAGE") && members.has("_TRANSPORT")) ? "journald" : "unknown"
}
