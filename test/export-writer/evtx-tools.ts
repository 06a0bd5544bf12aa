/** What other readers of EVTX files write: evtx_dump, EvtxECmd, Velociraptor. */
import { type Shown, toXml } from "../evtx-writer/intended.ts"
import { TYPE } from "../evtx-writer/value.ts"
import { childOf, type Facts, type Field, json, textOf, timeWith } from "./facts.ts"
import { namespaceOf } from "./xml-shapes.ts"

const NUMBERS: ReadonlySet<number> = new Set([
  TYPE.int8,
  TYPE.uint8,
  TYPE.int16,
  TYPE.uint16,
  TYPE.int32,
  TYPE.uint32,
  TYPE.int64,
  TYPE.uint64,
])
const HEX: ReadonlySet<number> = new Set([TYPE.hex32, TYPE.hex64, TYPE.sizeT])

const bareGuid = (text: string): string => text.replaceAll(/[{}]/g, "")

function dumpValue({ text, type }: Field): unknown {
  if (NUMBERS.has(type)) return BigInt(text)
  if (type === TYPE.bool) return text === "true"
  return type === TYPE.guid ? bareGuid(text) : text
}

/** An element with attributes: its entries in the object of its parent. */
type WithAttributes = (
  name: string,
  attributes: Readonly<Record<string, unknown>>,
  content?: Readonly<Record<string, unknown>>,
) => Record<string, unknown>

function dumpObject(facts: Facts, withAttributes: WithAttributes): unknown {
  const system = {
    ...withAttributes("Provider", { Name: facts.provider, Guid: bareGuid(facts.guid) }),
    EventID: facts.eventId,
    Version: facts.version,
    Level: facts.level,
    Task: facts.task,
    Opcode: facts.opcode,
    Keywords: `0x${facts.keywords.toString(16)}`,
    ...withAttributes("TimeCreated", { SystemTime: timeWith(facts, 6) }),
    EventRecordID: facts.recordId,
    Correlation: null,
    ...withAttributes("Execution", { ProcessID: facts.processId, ThreadID: facts.threadId }),
    Channel: facts.channel,
    Computer: facts.computer,
    ...(facts.userSid === "" ? { Security: null } : withAttributes("Security", { UserID: facts.userSid })),
  }
  const user = childOf(facts.shown, "UserData")
  const payload =
    user.content.length > 0
      ? { UserData: dumpTree(user, withAttributes) }
      : { EventData: Object.fromEntries(facts.fields.map((field) => [field.name, dumpValue(field)])) }
  return withAttributes("Event", { xmlns: namespaceOf(facts) }, { System: system, ...payload })
}

function dumpTree(node: Shown, withAttributes: WithAttributes): Record<string, unknown> {
  const entries: Record<string, unknown> = {}
  for (const child of node.content) {
    if (typeof child !== "object" || !("name" in child)) continue
    const inner = dumpTree(child, withAttributes)
    if (Object.keys(inner).length === 0) entries[child.name] = textOf(child)
    else if (child.attributes.length === 0) entries[child.name] = inner
    else Object.assign(entries, withAttributes(child.name, Object.fromEntries(child.attributes), inner))
  }
  return entries
}

const nested: WithAttributes = (name, attributes, content) => ({
  [name]: { "#attributes": attributes, ...content },
})
const beside: WithAttributes = (name, attributes, content) => ({
  [`${name}_attributes`]: attributes,
  ...(content === undefined ? {} : { [name]: content }),
})

export function evtxDumpLines(events: readonly Facts[]): string {
  return events.map((facts) => `${json(dumpObject(facts, nested))}\n`).join("")
}

export function evtxDumpJson(events: readonly Facts[]): string {
  return events
    .map((facts) => `Record ${facts.recordId}\n${json(dumpObject(facts, nested), "  ")}\n`)
    .join("")
}

export function evtxDumpSeparate(events: readonly Facts[]): string {
  return events.map((facts) => `${json(dumpObject(facts, beside))}\n`).join("")
}

export function evtxDumpXml(events: readonly Facts[]): string {
  const head = '<?xml version="1.0" encoding="utf-8"?>\n'
  return events
    .map(({ recordId, shown }) => `Record ${recordId}\n${head}${toXml(shown).replaceAll("><", ">\n<")}\n`)
    .join("")
}

/** The fields of an event as EvtxECmd keeps them: a JSON text within JSON or CSV. */
function ecmdPayload(facts: Facts): string {
  return json({
    EventData: { Data: facts.fields.map(({ name, text }) => ({ "@Name": name, "#text": text })) },
  })
}

function ecmdColumns(facts: Facts): Readonly<Record<string, string | number>> {
  return {
    RecordNumber: facts.recordId,
    EventRecordId: String(facts.recordId),
    TimeCreated: facts.time.slice(0, 27).replace("T", " "),
    EventId: facts.eventId,
    Level: facts.level === 0 ? "LogAlways" : "Info",
    Provider: facts.provider,
    Channel: facts.channel,
    ProcessId: facts.processId,
    ThreadId: facts.threadId,
    Computer: facts.computer,
    ChunkNumber: 0,
    UserId: facts.userSid,
    MapDescription: "",
    UserName: "CONTOSO\\alice",
    RemoteHost: "",
    PayloadData1: "",
    PayloadData2: "",
    PayloadData3: "",
    PayloadData4: "",
    PayloadData5: "",
    PayloadData6: "",
    ExecutableInfo: "",
    HiddenRecord: "False",
    SourceFile: "C:\\Demo\\demo.evtx",
    Keywords: facts.channel === "Security" ? "Audit success" : `0x${facts.keywords.toString(16)}`,
    ExtraDataOffset: 0,
    Payload: ecmdPayload(facts),
  }
}

export function evtxEcmdCsv(events: readonly Facts[]): string {
  const rows = events.map(ecmdColumns)
  const quoted = (cell: string | number) => {
    const text = String(cell)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map(Object.values)]
  return `\ufeff${lines.map((cells: (string | number)[]) => `${cells.map(quoted).join(",")}\r\n`).join("")}`
}

export function evtxEcmdJson(events: readonly Facts[]): string {
  const objects = events.map((facts) => {
    const { TimeCreated, HiddenRecord, ...rest } = ecmdColumns(facts)
    const filled = Object.entries(rest).filter(([, value]) => value !== "")
    const time = `${String(TimeCreated).replace(" ", "T")}+00:00`
    return { ...Object.fromEntries(filled), TimeCreated: time, HiddenRecord: HiddenRecord === "True" }
  })
  return `\ufeff${objects.map((object) => `${json(object)}\r\n`).join("")}`
}

/** Times as seconds, hexadecimal as decimal numbers beyond what a double holds. */
export function velociraptor(events: readonly Facts[]): string {
  const value = ({ text, type }: Field): unknown => {
    if (HEX.has(type) || NUMBERS.has(type)) return BigInt(text)
    return type === TYPE.bool ? text === "true" : text
  }
  const object = (facts: Facts) => ({
    System: {
      Provider: { Name: facts.provider, Guid: bareGuid(facts.guid) },
      EventID: { Value: facts.eventId },
      Version: facts.version,
      Level: facts.level,
      Task: facts.task,
      Opcode: facts.opcode,
      Keywords: facts.keywords,
      TimeCreated: { SystemTime: Date.parse(timeWith(facts, 3)) / 1000 },
      EventRecordID: facts.recordId,
      Correlation: {},
      Execution: { ProcessID: facts.processId, ThreadID: facts.threadId },
      Channel: facts.channel,
      Computer: facts.computer,
      Security: facts.userSid === "" ? {} : { UserID: facts.userSid },
    },
    EventData: Object.fromEntries(facts.fields.map((field) => [field.name, value(field)])),
    Message: "A message.",
  })
  return events.map((facts) => `${json(object(facts))}\n`).join("")
}
