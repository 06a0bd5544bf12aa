/**
 * Events of Winlogbeat, and of the Elastic Agent: `winlog` holds the event, `@timestamp` its time.
 *
 *   {"@timestamp":"…","event":{"code":"4688"},"winlog":{"channel":"Security","event_id":"4688","event_data":{…},…}}
 *   {"@timestamp":"…","event_id":4688,"log_name":"Security","source_name":"…","event_data":{…}}    before 7
 *
 * Source of truth: elastic/beats winlogbeat/eventlog, and its fields.yml of versions 6 and 7.
 */

import type { ElementWriter } from "./element-writer.ts"
import type { EventWriter } from "./event-writer.ts"
import { textOf } from "./json-text.ts"
import { nameId } from "./known-names.ts"
import { printTime, readTime } from "./time-text.ts"

export function writeBeat(writer: EventWriter, elements: ElementWriter, record: number): void {
  const { tree } = writer
  const nested = tree.find(record, nameId("winlog"))
  const log = nested < 0 ? record : nested
  const first = (...names: readonly string[]): number =>
    names.map((name) => tree.find(log, nameId(name))).find((node) => node >= 0) ?? -1
  const inner = (outer: number, ...path: readonly string[]): number =>
    path.reduce((node, name) => tree.find(node, nameId(name)), outer)
  const level = inner(record, "log", "level")
  const time = readTime(textOf(tree, tree.find(record, nameId("@timestamp"))))
  const process = inner(log, "process", "pid")
  writer.beginEvent()
  writer.system({
    providerName: first("provider_name", "source_name"),
    providerGuid: first("provider_guid"),
    eventId: first("event_id"),
    version: first("version"),
    level: level >= 0 ? level : first("level"),
    keywords: first("keywords"),
    time: time === null ? "" : printTime(time, 0),
    recordId: first("record_id", "record_number"),
    activityId: first("activity_id"),
    relatedActivityId: first("related_activity_id"),
    processId: process >= 0 ? process : first("process_id"),
    threadId: process >= 0 ? inner(log, "process", "thread", "id") : first("thread_id"),
    channel: first("channel", "log_name"),
    computer: first("computer_name"),
    userId: inner(log, "user", "identifier"),
  })
  writeSections(writer, elements, log)
  const message = tree.find(record, nameId("message"))
  writer.rendering({
    message: message >= 0 ? message : first("message"),
    level: level >= 0 ? level : first("level"),
    task: first("task"),
    opcode: first("opcode"),
    keywords: first("keywords"),
  })
  writer.endEvent()
}

function writeSections(writer: EventWriter, elements: ElementWriter, log: number): void {
  const { tree } = writer
  const eventData = tree.find(log, nameId("event_data"))
  const userData = tree.find(log, nameId("user_data"))
  if (tree.isObject(eventData)) elements.eventData(eventData, log)
  if (!tree.isObject(userData)) return
  const xmlName = tree.find(userData, nameId("xml_name"))
  writer.open("UserData")
  writer.open(textOf(tree, xmlName) || "EventXML")
  const end = tree.next(userData)
  for (let member = userData + 1; member < end; member = tree.next(member))
    if (member !== xmlName) elements.element(member, userData)
  writer.close()
  writer.close()
}
