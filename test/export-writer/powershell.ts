/** `Get-WinEvent` as PowerShell writes it: ConvertTo-Json of versions 5 and 7, Export-Clixml. */
import { TYPE } from "../evtx-writer/value.ts"
import { type Facts, type Field, json, timeWith } from "./facts.ts"

const DECIMAL: ReadonlySet<number> = new Set([
  TYPE.int8,
  TYPE.uint8,
  TYPE.int16,
  TYPE.uint16,
  TYPE.int32,
  TYPE.uint32,
  TYPE.int64,
  TYPE.uint64,
  TYPE.hex32,
  TYPE.hex64,
  TYPE.sizeT,
])

const signed = (keywords: bigint): bigint => BigInt.asIntN(64, keywords)

/** Numbers bare, SIDs as objects, the rest as texts: as .NET has read them. */
function typedValue({ text, type }: Field): unknown {
  if (DECIMAL.has(type)) return BigInt(text)
  if (type === TYPE.bool) return text === "true"
  if (type === TYPE.sid) return sidObject(text)
  return type === TYPE.guid ? text.slice(1, -1).toLowerCase() : text
}

function sidObject(text: string): unknown {
  const parts = text.split("-")
  const domain = text.startsWith("S-1-5-21-") ? parts.slice(0, -1).join("-") : null
  return { BinaryLength: 8 + 4 * (parts.length - 3), AccountDomainSid: domain, Value: text }
}

function eventObject(facts: Facts, time: string): Readonly<Record<string, unknown>> {
  return {
    Id: facts.eventId,
    Version: facts.version,
    Qualifiers: null,
    Level: facts.level,
    Task: facts.task,
    Opcode: facts.opcode,
    Keywords: signed(facts.keywords),
    RecordId: facts.recordId,
    ProviderName: facts.provider,
    ProviderId: facts.guid.slice(1, -1).toLowerCase(),
    LogName: facts.channel,
    ProcessId: facts.processId,
    ThreadId: facts.threadId,
    MachineName: facts.computer,
    UserId: facts.userSid === "" ? null : sidObject(facts.userSid),
    TimeCreated: time,
    ActivityId: null,
    RelatedActivityId: null,
    ContainerLog: facts.channel,
    MatchedQueryIds: [],
    Bookmark: {},
    LevelDisplayName: "Information",
    OpcodeDisplayName: "Info",
    TaskDisplayName: "Process Creation",
    KeywordsDisplayNames: ["Audit Success"],
    Properties: facts.fields.map((field) => ({ Value: typedValue(field) })),
    Message: "A message of\r\ntwo lines.",
  }
}

/** Times count milliseconds, `</>` and quotes of one kind are escaped, and the colon has two blanks behind it. */
export function convertToJson5(events: readonly Facts[]): string {
  const objects = events.map((facts) => eventObject(facts, `/Date(${Date.parse(timeWith(facts, 3))})/`))
  return json(objects, "    ")
    .replaceAll(/^( *"[A-Za-z]+"):(?= )/gm, "$1: ")
    .replaceAll(/[<>&']/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll(/"\/Date\((\d+)\)\/"/g, '"\\/Date($1)\\/"')
    .replaceAll("\n", "\r\n")
}

export function convertToJson7(events: readonly Facts[]): string {
  const objects = events.map((facts) => eventObject(facts, facts.time.replace("Z", "+00:00")))
  return `${json(objects, "  ")}\n`
}

export function exportClixml(events: readonly Facts[]): string {
  const head = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\r\n'
  return `${head}${events.map(clixmlObject).join("")}</Objs>`
}

function clixmlObject(facts: Facts, at: number): string {
  const properties = facts.fields.map(
    (field, index) => `          <Obj RefId="${1000 * (at + 1) + index}">
            <TNRef RefId="2" />
            <Props>
              ${clixmlValue("Value", typedValue(field))}
            </Props>
          </Obj>`,
  )
  const plain = [
    `<I32 N="Id">${facts.eventId}</I32>`,
    `<By N="Version">${facts.version}</By>`,
    '<Nil N="Qualifiers" />',
    `<By N="Level">${facts.level}</By>`,
    `<I32 N="Task">${facts.task}</I32>`,
    `<I16 N="Opcode">${facts.opcode}</I16>`,
    `<I64 N="Keywords">${signed(facts.keywords)}</I64>`,
    `<I64 N="RecordId">${facts.recordId}</I64>`,
    `<S N="ProviderName">${escapeClixml(facts.provider)}</S>`,
    `<G N="ProviderId">${facts.guid.slice(1, -1).toLowerCase()}</G>`,
    `<S N="LogName">${escapeClixml(facts.channel)}</S>`,
    `<I32 N="ProcessId">${facts.processId}</I32>`,
    `<I32 N="ThreadId">${facts.threadId}</I32>`,
    `<S N="MachineName">${escapeClixml(facts.computer)}</S>`,
    `<DT N="TimeCreated">${facts.time.replace("Z", "+00:00")}</DT>`,
  ]
  return `  <Obj RefId="${at}">
    <TN RefId="${at}"><T>System.Diagnostics.Eventing.Reader.EventLogRecord</T><T>System.Object</T></TN>
    <ToString>System.Diagnostics.Eventing.Reader.EventLogRecord</ToString>
    <Props>
      ${plain.join("\n      ")}
      <Obj N="Properties" RefId="${100 + at}">
        <LST>
${properties.join("\n")}
        </LST>
      </Obj>
    </Props>
    <MS>
      <S N="Message">A message of_x000D__x000A_two lines.</S>
    </MS>
  </Obj>
`.replaceAll("\n", "\r\n")
}

function clixmlValue(name: string, value: unknown): string {
  if (typeof value === "bigint") return `<U64 N="${name}">${value}</U64>`
  if (typeof value === "boolean") return `<B N="${name}">${value}</B>`
  if (typeof value === "object" && value !== null && "Value" in value) {
    return `<Obj N="${name}" RefId="0"><ToString>${value.Value}</ToString><Props><S N="Value">${value.Value}</S></Props></Obj>`
  }
  return `<S N="${name}">${escapeClixml(String(value))}</S>`
}

/** Controls become `_xHHHH_`. */
function escapeClixml(text: string): string {
  return text
    .replaceAll(
      /[\0-\x1f]/g,
      (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`,
    )
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
}
