/** Tells by its keys what a JSON object is: a Windows event in one of the shapes, or none. */
import { NAMES } from "../names.ts"
import { textOf } from "./json-text.ts"
import type { JsonTree } from "./json-tree.ts"
import { nameId } from "./known-names.ts"
import type { Shape } from "./shapes.ts"

export type JsonShape = Exclude<Shape, "xml" | "clixml" | "evtxecmd-csv" | "csv">

const MARKS = [
  "Event",
  "System",
  "EventID",
  "Value",
  "winlog",
  "event_data",
  "log_name",
  "record_number",
  "event_id",
  "win",
  "system",
  "provider_name",
  "eventid",
  "data",
  "datetime",
  "EventId",
  "Payload",
  "MapDescription",
  "PayloadData1",
  "Provider",
  "Channel",
  "ProviderName",
  "Id",
  "LogName",
  "MachineName",
  "Properties",
  "RecordId",
  "TenantId",
  "TimeGenerated",
  "Computer",
  "SyslogMessage",
  "_raw",
  "SourceModuleType",
  "SourceModuleName",
  "SourceName",
  "EventTime",
  "EventReceivedTime",
  "Hostname",
  "TimeCreated",
  "@timestamp",
  "RuleTitle",
  "_table",
  "format",
  "offset",
  "event",
  "EventRecordId",
  "EventData",
  "UserData",
  "Message",
  "EventCode",
  "channel",
  "source",
  "SystemTime",
  "_time",
  "group",
  "kind",
  "document",
  "documents",
] as const
type Mark = (typeof MARKS)[number]
const MARK_OF: ReadonlyMap<number, Mark> = new Map(MARKS.map((mark) => [NAMES.intern(mark), mark]))
const WINLOG_ID = NAMES.intern("event_id")
const EVENT_ID = NAMES.intern("EventID")
const VALUE = NAMES.intern("Value")

type Marks = ReadonlyMap<Mark, number>

/** The shape of the event that `object` is; null for any other object. */
export function shapeOf(tree: JsonTree, object: number): JsonShape | null {
  const marks = marksOf(tree, object)
  if (marks.size === 0 || isResult(marks)) return null
  return nestedShape(tree, marks) ?? flatShape(tree, marks)
}

/** True for what is made of events and quotes them: what hayabusa or chainsaw found, and what retrail wrote. */
export function isDerived(tree: JsonTree, object: number): boolean {
  return isResult(marksOf(tree, object))
}

function isResult(marks: Marks): boolean {
  const isChainsaw =
    marks.has("group") && marks.has("kind") && (marks.has("document") || marks.has("documents"))
  const isOurs = marks.has("_table") || (marks.has("format") && marks.has("offset") && marks.has("event"))
  return marks.has("RuleTitle") || isOurs || isChainsaw
}

function marksOf(tree: JsonTree, object: number): Marks {
  const marks = new Map<Mark, number>()
  if (!tree.isObject(object)) return marks
  const end = tree.next(object)
  for (let member = object + 1; member < end; member = tree.next(member)) {
    const mark = MARK_OF.get(tree.key(member))
    if (mark !== undefined && !marks.has(mark)) marks.set(mark, member)
  }
  return marks
}

/** Shapes whose members are objects. */
function nestedShape(tree: JsonTree, marks: Marks): JsonShape | null {
  const at = (mark: Mark): number => marks.get(mark) ?? -1
  const event = tree.find(at("Event"), nameId("System"))
  if (tree.isObject(event)) return "evtx-dump-json"
  if (tree.isObject(at("System"))) {
    const id = tree.find(at("System"), EVENT_ID)
    if (id >= 0) return tree.find(id, VALUE) >= 0 ? "velociraptor-json" : "evtx-dump-json"
  }
  if (tree.find(at("winlog"), WINLOG_ID) >= 0) return "winlogbeat-json"
  if (tree.isObject(at("event_data")) && marks.has("event_id") && marks.has("log_name"))
    return "winlogbeat-json"
  if (marks.has("record_number") && marks.has("event_id") && marks.has("log_name")) return "winlogbeat-json"
  const system = tree.find(at("win"), nameId("system"))
  if (tree.find(system, nameId("eventID")) >= 0) return "wazuh-json"
  return null
}

function flatShape(tree: JsonTree, marks: Marks): JsonShape | null {
  const has = (...all: readonly Mark[]): boolean => all.every((mark) => marks.has(mark))
  if (has("eventid", "data") && (has("provider_name") || has("channel") || has("source")))
    return "osquery-json"
  if (
    has("EventId", "Channel", "Provider") &&
    (has("Payload") || has("MapDescription") || has("PayloadData1"))
  )
    return "evtxecmd-json"
  if (has("EventId", "EventRecordId", "Channel")) return "evtxecmd-json"
  if (has("Id", "ProviderName") && (has("LogName") || has("MachineName") || has("Properties")))
    return "powershell-json"
  if (has("_raw")) return isSplunk(textOf(tree, marks.get("_raw") ?? -1)) ? "splunk-json" : null
  if (has("SyslogMessage")) {
    return textOf(tree, marks.get("SyslogMessage") ?? -1).startsWith("<Event") ? "sentinel-json" : null
  }
  if (!has("EventID")) return null
  if (has("TimeGenerated") && (has("TenantId") || has("Computer"))) return "sentinel-json"
  if (has("SourceModuleType") || has("SourceModuleName") || has("EventReceivedTime")) return "nxlog-json"
  const hasTime =
    has("TimeCreated") || has("EventTime") || has("@timestamp") || has("SystemTime") || has("_time")
  const hasLog =
    has("Channel") || has("SourceName") || has("ProviderName") || has("Provider") || has("LogName")
  return hasTime && hasLog ? "flat-json" : null
}

/** The event's XML, or the text form of Splunk's own collector. */
function isSplunk(raw: string): boolean {
  if (raw.includes("<Event ") || raw.includes("<Event>")) return true
  return /^LogName=/m.test(raw) && /^EventCode=\d/m.test(raw)
}
