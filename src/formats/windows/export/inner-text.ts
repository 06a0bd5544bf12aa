/**
 * Text inside of records that is XML or JSON again: Splunk's `_raw`, Sentinel's `EventData`, EvtxECmd's `Payload`.
 * Its parts go onto the tape of the event around them.
 */
import { NAMES } from "../names.ts"
import { ElementWriter } from "./element-writer.ts"
import type { EventWriter } from "./event-writer.ts"
import { JsonTree } from "./json-tree.ts"
import type { NameLookup } from "./name-lookup.ts"
import { printTime, readTime } from "./time-text.ts"
import { eventStart } from "./xml-reader.ts"
import { XmlScanner } from "./xml-scanner.ts"

const EVENT_DATA = NAMES.intern("EventData")
const USER_DATA = NAMES.intern("UserData")
const SECTION = /<(?:EventData|UserData|ParameterXml)[\s>/]/
/** `LogName=Security` */
const LINE = /^([A-Za-z]+)=(.*)$/
const MESSAGE = "Message="

export class InnerText {
  readonly #outer: EventWriter
  readonly #scanner: XmlScanner
  readonly #tree: JsonTree
  readonly #elements: ElementWriter

  constructor(outer: EventWriter, names: NameLookup) {
    this.#outer = outer
    this.#tree = new JsonTree(names)
    this.#elements = new ElementWriter(outer)
    this.#scanner = new XmlScanner(names, outer.tape)
  }

  /** A whole event in XML; false when it is damaged. */
  event(text: string): boolean {
    const bytes = Buffer.from(text, "utf8")
    const { tape } = this.#outer
    tape.reset()
    const start = eventStart(bytes, 0, bytes.length)
    return start >= 0 && this.#scanner.scan(bytes, start, bytes.length, tape) === "end"
  }

  /** `<EventData>…</EventData>`, with or without something around it, or the same as JSON; false when it is neither. */
  section(text: string): boolean {
    const { tape } = this.#outer
    const match = SECTION.exec(text)
    if (match === null) return this.json(text)
    const bytes = Buffer.from(text.slice(match.index), "utf8")
    const { count, length, depth } = tape
    if (this.#scanner.scan(bytes, 0, bytes.length, tape) === "end") return true
    tape.rewind(count, length, depth)
    return false
  }

  /** `{"EventData":…,"UserData":…}`, or the fields themselves; false when it is no JSON object. */
  json(text: string): boolean {
    if (!text.trimStart().startsWith("{")) return false
    const bytes = Buffer.from(text, "utf8")
    const tree = this.#tree
    if (tree.parse(bytes, 0, bytes.length) !== "end") return false
    const outer = this.#outer.tree
    this.#outer.tree = tree
    try {
      this.#sections(tree)
    } finally {
      this.#outer.tree = outer
    }
    return true
  }

  /** Splunk's lines: `LogName=Security`, …, `Message=` and all that follows it; false without an event id. */
  lines(text: string, indexTime: string): boolean {
    const fields = new Map<string, string>()
    const messageAt = text.search(/^Message=/m)
    const head = messageAt < 0 ? text : text.slice(0, messageAt)
    for (const line of head.split(/\r?\n/)) {
      const match = LINE.exec(line)
      if (match?.[1] !== undefined && match[2] !== undefined) fields.set(match[1], match[2])
    }
    const of = (name: string): string => fields.get(name) ?? ""
    if (of("EventCode") === "") return false
    const time = readTime(indexTime) ?? readTime(text.split(/\r?\n/, 1)[0] ?? "")
    const writer = this.#outer
    writer.beginEvent()
    writer.system({
      providerName: of("SourceName"),
      eventId: of("EventCode"),
      level: of("Type"),
      keywords: of("Keywords"),
      time: time === null ? "" : printTime(time, 0),
      recordId: of("RecordNumber"),
      channel: of("LogName"),
      computer: of("ComputerName"),
      userId: of("Sid"),
    })
    writer.rendering({
      message: messageAt < 0 ? "" : text.slice(messageAt + MESSAGE.length),
      level: of("Type"),
      task: of("TaskCategory"),
      opcode: of("OpCode"),
      keywords: of("Keywords"),
    })
    writer.endEvent()
    return true
  }

  #sections(tree: JsonTree): void {
    const elements = this.#elements
    const eventData = tree.find(0, EVENT_DATA)
    const userData = tree.find(0, USER_DATA)
    if (eventData < 0 && userData < 0) elements.eventData(0, -1)
    if (eventData >= 0) elements.eventData(eventData, 0)
    if (userData >= 0) elements.element(userData, 0)
  }
}
