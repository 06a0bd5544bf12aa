/**
 * Records as Windows writes them: the System template with its fixed slots, and in its last slot the event's own data.
 * Source of truth: the order of slots is the same in every System template that was met in logs of Vista to Windows 11.
 */
import { createHash } from "node:crypto"
import type { EvtxRecord } from "./chunk.ts"
import * as value from "./value.ts"
import { TYPE, type Value } from "./value.ts"
import {
  type Element,
  element,
  type Fragment,
  type Instance,
  type Node,
  optional,
  slot,
  type Template,
} from "./xml-model.ts"

export const EVENT_NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"

export interface EventOptions {
  readonly provider: string
  /** As Windows prints it; "" for providers of old. */
  readonly providerGuid?: string
  readonly eventId: number
  readonly qualifiers?: number
  readonly version?: number
  readonly level?: number
  readonly task?: number
  readonly opcode?: number
  readonly keywords?: bigint
  /** As Windows 10 prints it. */
  readonly time: string
  readonly recordId: bigint
  /** Of the record's header, where an export has numbered it anew. */
  readonly headerId?: bigint
  /** Of the record's header, where it differs from the event's. */
  readonly written?: string
  readonly activityId?: string
  readonly processId?: number
  readonly threadId?: number
  readonly channel: string
  readonly computer: string
  readonly userSid?: string
  /** What follows System; absent, or an element with its values. */
  readonly payload?: Value
}

/** The same tree has the same GUID, as in real logs. */
export function templateOf(root: Element): Template {
  return { guid: createHash("md5").update(JSON.stringify(root)).digest(), root }
}

export function instance(root: Element, values: readonly Value[]): Instance {
  return { kind: "instance", template: templateOf(root), values }
}

/** A record of any content. */
export function record(id: bigint, time: string, content: Fragment["content"]): EvtxRecord {
  return { id, written: value.ticksOf(time), content: { hasHeader: true, content } }
}

export function event(options: EventOptions): EvtxRecord {
  const root = element(
    "Event",
    { xmlns: EVENT_NAMESPACE },
    systemElement(options.computer),
    optional(17, TYPE.fragment),
  )
  return record(options.headerId ?? options.recordId, options.written ?? options.time, [
    instance(root, systemValues(options)),
  ])
}

/** `<EventData><Data Name="…">…</Data>…</EventData>`, as a value. A value of several types is given with its type. */
export function eventData(
  fields: Readonly<Record<string, Value>>,
  attributes: Readonly<Record<string, string>> = {},
): Value {
  const values = Object.values(fields)
  const data = Object.keys(fields).map((name, at) =>
    element("Data", { Name: name }, slot(at, declaredType(values[at]))),
  )
  return payload(element("EventData", attributes, ...data), values)
}

/** A template with its values, without the header that Windows leaves out too. */
export function payload(root: Element, values: readonly Value[], hasHeader = false): Value {
  return value.fragmentValue({ hasHeader, content: [instance(root, values)] })
}

function declaredType(of: Value | undefined): number {
  if (of === undefined || of.kind === "nothing") return TYPE.text
  return value.typeOf(of)
}

export function systemElement(computer: string): Element {
  return element(
    "System",
    {},
    element("Provider", { Name: optional(14, TYPE.text), Guid: optional(15, TYPE.guid) }),
    element("EventID", { Qualifiers: optional(4, TYPE.uint16) }, optional(3, TYPE.uint16)),
    single("Version", 11, TYPE.uint8),
    single("Level", 0, TYPE.uint8),
    single("Task", 2, TYPE.uint16),
    single("Opcode", 1, TYPE.uint8),
    single("Keywords", 5, TYPE.hex64),
    element("TimeCreated", { SystemTime: optional(6, TYPE.filetime) }),
    single("EventRecordID", 10, TYPE.uint64),
    element("Correlation", {
      ActivityID: optional(7, TYPE.guid),
      RelatedActivityID: optional(13, TYPE.guid),
    }),
    element("Execution", { ProcessID: optional(8, TYPE.uint32), ThreadID: optional(9, TYPE.uint32) }),
    single("Channel", 16, TYPE.text),
    element("Computer", {}, computer),
    element("Security", { UserID: optional(12, TYPE.sid) }),
  )
}

function single(name: string, index: number, type: number): Node {
  return element(name, {}, optional(index, type))
}

function systemValues(options: EventOptions): Value[] {
  const { nothing } = value
  return [
    value.uint8(options.level ?? 0),
    value.uint8(options.opcode ?? 0),
    value.uint16(options.task ?? 0),
    value.uint16(options.eventId),
    options.qualifiers === undefined ? value.absent(Buffer.alloc(2)) : value.uint16(options.qualifiers),
    value.hex64(options.keywords ?? 0x8020000000000000n),
    value.filetime(options.time),
    (options.activityId ?? "") === "" ? nothing : value.guid(options.activityId ?? ""),
    value.uint32(options.processId ?? 4),
    value.uint32(options.threadId ?? 8),
    value.uint64(options.recordId),
    value.uint8(options.version ?? 0),
    options.userSid === undefined ? nothing : value.sid(options.userSid),
    nothing,
    value.unicode(options.provider),
    (options.providerGuid ?? "") === "" ? nothing : value.guid(options.providerGuid ?? ""),
    value.unicode(options.channel),
    options.payload ?? nothing,
  ]
}
