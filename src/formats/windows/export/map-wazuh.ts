/**
 * Events of Wazuh: the names of System and of the fields begin in lower case, and some versions double backslashes.
 *
 *   {"win":{"system":{"providerName":…,"eventID":"4688",…},"eventdata":{"newProcessName":"C:\\\\Windows\\\\…"}}}
 *
 * Source of truth: wazuh src/analysisd/decoders/winevtchannel.c.
 */
import { NAMES } from "../names.ts"
import type { EventWriter } from "./event-writer.ts"
import { textOf } from "./json-text.ts"
import { nameId } from "./known-names.ts"
import { printTime, readTime } from "./time-text.ts"

/** Windows' own names that begin in lower case. */
const LOWER = /^param\d+$/

export function writeWazuh(writer: EventWriter, record: number): void {
  const { tree } = writer
  const win = tree.find(record, nameId("win"))
  const system = tree.find(win, nameId("system"))
  const at = (name: string): number => tree.find(system, nameId(name))
  const time = readTime(textOf(tree, at("systemTime")))
  writer.beginEvent()
  writer.system({
    providerName: at("providerName"),
    providerGuid: at("providerGuid"),
    eventSourceName: at("eventSourceName"),
    eventId: at("eventID"),
    version: at("version"),
    level: at("level"),
    task: at("task"),
    opcode: at("opcode"),
    keywords: at("keywords"),
    time: time === null ? "" : time.isWindowsForm ? at("systemTime") : printTime(time, 0),
    recordId: at("eventRecordID"),
    processId: at("processID"),
    threadId: at("threadID"),
    channel: at("channel"),
    computer: at("computer"),
    userId: at("userID"),
  })
  writeData(writer, tree.find(win, nameId("eventdata")))
  writer.rendering({ message: at("message"), level: at("severityValue") })
  writer.endEvent()
}

function writeData(writer: EventWriter, eventData: number): void {
  const { tree } = writer
  if (!tree.isObject(eventData)) return
  const isDoubled = hasDoubledBackslashes(writer, eventData)
  writer.open("EventData")
  const end = tree.next(eventData)
  for (let member = eventData + 1; member < end; member = tree.next(member)) {
    const key = tree.key(member) < 0 ? "" : NAMES.text(tree.key(member))
    const text = textOf(tree, member)
    const value = isDoubled ? text.replaceAll("\\\\", "\\") : text
    if (key === "data") writer.unnamed(value)
    else if (key === "binary") writer.optional("Binary", value)
    else writer.dataField(LOWER.test(key) ? key : key.charAt(0).toUpperCase() + key.slice(1), value)
  }
  writer.close()
}

/** True when backslashes stand in pairs only. */
function hasDoubledBackslashes(writer: EventWriter, eventData: number): boolean {
  const { tree } = writer
  let pairs = 0
  const end = tree.next(eventData)
  for (let member = eventData + 1; member < end; member = tree.next(member)) {
    for (const [run] of textOf(tree, member).matchAll(/\\+/g)) {
      if (run.length % 2 === 1) return false
      pairs++
    }
  }
  return pairs > 0
}
