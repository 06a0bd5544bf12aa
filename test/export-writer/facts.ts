/** One event as exports see it: the System section taken apart, the fields in order, each with its BinXML type. */
import type { EvtxRecord } from "../evtx-writer/chunk.ts"
import { type Shown, showRecord } from "../evtx-writer/intended.ts"
import { TYPE, typeOf } from "../evtx-writer/value.ts"

export interface Facts {
  readonly shown: Shown
  readonly provider: string
  /** In braces, upper case. */
  readonly guid: string
  readonly eventId: number
  readonly version: number
  readonly level: number
  readonly task: number
  readonly opcode: number
  readonly keywords: bigint
  /** With seven digits of fraction. */
  readonly time: string
  readonly recordId: number
  readonly processId: number
  readonly threadId: number
  readonly channel: string
  readonly computer: string
  /** "" when the event has none. */
  readonly userSid: string
  /** Of EventData; empty when the event has UserData. */
  readonly fields: readonly Field[]
}

export interface Field {
  readonly name: string
  readonly text: string
  readonly type: number
}

export function factsOf(record: EvtxRecord): Facts {
  const shown = showRecord(record.content)
  const system = childOf(shown, "System")
  const text = (name: string) => textOf(childOf(system, name))
  return {
    shown,
    provider: attributeOf(childOf(system, "Provider"), "Name"),
    guid: attributeOf(childOf(system, "Provider"), "Guid"),
    eventId: Number(text("EventID")),
    version: Number(text("Version")),
    level: Number(text("Level")),
    task: Number(text("Task")),
    opcode: Number(text("Opcode")),
    keywords: BigInt(text("Keywords")),
    time: attributeOf(childOf(system, "TimeCreated"), "SystemTime"),
    recordId: Number(text("EventRecordID")),
    processId: Number(attributeOf(childOf(system, "Execution"), "ProcessID")),
    threadId: Number(attributeOf(childOf(system, "Execution"), "ThreadID")),
    channel: text("Channel"),
    computer: text("Computer"),
    userSid: attributeOf(childOf(system, "Security"), "UserID"),
    fields: fieldsOf(shown, record),
  }
}

export function childOf(node: Shown, name: string): Shown {
  const child = node.content.find(
    (one): one is Shown => typeof one === "object" && "name" in one && one.name === name,
  )
  return child ?? { name, attributes: [], content: [] }
}

export function attributeOf(node: Shown, name: string): string {
  return node.attributes.find(([key]) => key === name)?.[1] ?? ""
}

export function textOf(node: Shown): string {
  return node.content.filter((one) => typeof one === "string").join("")
}

/** Name of each field with its text. */
export function fieldRecord(facts: Facts, name = (field: Field) => field.name): Record<string, string> {
  return Object.fromEntries(facts.fields.map((field) => [name(field), field.text]))
}

/** `2026-03-04T05:06:01.2500000Z` with so many digits of fraction. */
export function timeWith(facts: Facts, digits: number): string {
  return `${facts.time.slice(0, 20)}${facts.time.slice(20, 20 + digits).padEnd(digits, "0")}Z`
}

/** JSON, in which a bigint is a bare number however long it is. */
export function json(value: unknown, indent = ""): string {
  const text = JSON.stringify(value, (_, one) => (typeof one === "bigint" ? `\0${one}\0` : one), indent)
  return text.replaceAll(/"\\u0000(-?\d+)\\u0000"/g, "$1")
}

function fieldsOf(shown: Shown, record: EvtxRecord): Field[] {
  const types = typesOf(record)
  return childOf(shown, "EventData").content.flatMap((node, at) =>
    typeof node === "object" && "name" in node
      ? [{ name: attributeOf(node, "Name"), text: textOf(node), type: types[at] ?? TYPE.text }]
      : [],
  )
}

/** The payload is the last value of an event. */
function typesOf({ content: { content } }: EvtxRecord): readonly number[] {
  const [event] = content
  const last = event?.kind === "instance" ? event.values.at(-1) : undefined
  const [payload] = last?.kind === "fragment" ? last.fragment.content : []
  return payload?.kind === "instance" ? payload.values.map(typeOf) : []
}
