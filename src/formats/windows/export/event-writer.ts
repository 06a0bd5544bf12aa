/**
 * Puts an event together from JSON on a tape: System in the order in which Windows prints it, then what the shape has.
 * Source of truth: [MS-EVEN6] for the schema of events.
 */
import type { EventTape } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { appendKey, appendScalar, textOf } from "./json-text.ts"
import { JSON_KIND, type JsonTree } from "./json-tree.ts"
import { nameId } from "./known-names.ts"
import { toGuid, toKeywords, toLevel } from "./system-values.ts"

const PLAIN = 0x01
const NAME = nameId("Name")
const DATA = nameId("Data")
const EVENT = nameId("Event")

/** A value is a node of the tree, or a text that was made of one; "" and -1 are none. */
export type Value = number | string

/** What System of an event says; absent members are not printed. */
export interface SystemValues {
  providerName?: Value
  providerGuid?: Value
  eventSourceName?: Value
  eventId?: Value
  qualifiers?: Value
  version?: Value
  level?: Value
  task?: Value
  opcode?: Value
  keywords?: Value
  time?: Value
  recordId?: Value
  activityId?: Value
  relatedActivityId?: Value
  processId?: Value
  threadId?: Value
  channel?: Value
  computer?: Value
  userId?: Value
}

/** What an exporter looked up for people. */
export interface RenderedValues {
  message?: Value
  level?: Value
  task?: Value
  opcode?: Value
  keywords?: Value
}

export class EventWriter {
  tape: EventTape
  tree: JsonTree

  constructor(tape: EventTape, tree: JsonTree) {
    this.tape = tape
    this.tree = tree
  }

  beginEvent(): void {
    this.tape.reset()
    this.tape.open(EVENT)
  }

  endEvent(): void {
    this.tape.close()
  }

  /** System as Windows prints it; the level may be a word, keywords a signed number. */
  system(values: SystemValues): void {
    const { tape } = this
    tape.open(nameId("System"))
    this.#withAttributes("Provider", [
      ["Name", values.providerName],
      ["Guid", this.#converted(values.providerGuid, toGuid)],
      ["EventSourceName", values.eventSourceName],
    ])
    this.#eventId(values)
    this.optional("Version", values.version)
    this.optional("Level", this.#converted(values.level, toLevel))
    this.optional("Task", values.task)
    this.optional("Opcode", values.opcode)
    this.optional("Keywords", this.#converted(values.keywords, toKeywords))
    if (this.#has(values.time)) this.#withAttributes("TimeCreated", [["SystemTime", values.time]])
    this.optional("EventRecordID", values.recordId)
    this.#withAttributes("Correlation", [
      ["ActivityID", this.#converted(values.activityId, toGuid)],
      ["RelatedActivityID", this.#converted(values.relatedActivityId, toGuid)],
    ])
    if (this.#has(values.processId) || this.#has(values.threadId)) {
      this.#withAttributes("Execution", [
        ["ProcessID", values.processId],
        ["ThreadID", values.threadId],
      ])
    }
    this.optional("Channel", values.channel)
    this.optional("Computer", values.computer)
    this.#withAttributes("Security", [["UserID", values.userId]])
    tape.close()
  }

  /** RenderingInfo, if there is anything for it. */
  rendering(values: RenderedValues): void {
    if (!Object.values(values).some((value) => this.#has(value))) return
    this.tape.open(nameId("RenderingInfo"))
    this.optional("Message", values.message)
    this.optional("Level", values.level)
    this.optional("Task", values.task)
    this.optional("Opcode", values.opcode)
    if (this.#has(values.keywords)) this.#keywords(values.keywords)
    this.tape.close()
  }

  open(name: string): void {
    this.tape.open(nameId(name))
  }

  close(): void {
    this.tape.close()
  }

  /** `<name>value</name>`, if there is a value. */
  optional(name: string, value: Value | undefined): void {
    if (!this.#has(value)) return
    this.tape.open(nameId(name))
    this.text(value)
    this.tape.close()
  }

  /** A text item, if the value has any text. */
  text(value: Value): void {
    const start = this.tape.length
    const has = this.#append(value)
    if (this.tape.length > start) this.tape.text(PLAIN, start, this.tape.length, has)
  }

  attribute(name: number, value: Value): void {
    const start = this.tape.length
    const has = this.#append(value)
    const valueName = name === NAME ? NAMES.intern(this.tape.bytes.utf8Slice(start, this.tape.length)) : -1
    this.tape.attribute(name, start, this.tape.length, has, valueName)
  }

  /** `<Data Name="key">value</Data>` of a member; the value may be null. */
  field(member: number): void {
    this.namedField(member, this.tree.isScalar(member) ? member : "")
  }

  /** The same with another value. */
  namedField(member: number, value: Value): void {
    const { tape, tree } = this
    tape.open(DATA)
    const start = tape.length
    const has = appendKey(tree, member, tape)
    if (tape.length > start) tape.attribute(NAME, start, tape.length, has, tree.key(member))
    this.text(value)
    tape.close()
  }

  /** `<Data Name="name">value</Data>` */
  dataField(name: string, value: Value): void {
    this.tape.open(DATA)
    this.attribute(NAME, name)
    this.text(value)
    this.tape.close()
  }

  /** `<Data>value</Data>` */
  unnamed(value: Value): void {
    this.tape.open(DATA)
    this.text(value)
    this.tape.close()
  }

  #eventId(values: SystemValues): void {
    if (!this.#has(values.eventId)) return
    this.tape.open(nameId("EventID"))
    if (this.#has(values.qualifiers)) this.attribute(nameId("Qualifiers"), values.qualifiers)
    this.text(values.eventId)
    this.tape.close()
  }

  #keywords(value: Value): void {
    this.open("Keywords")
    if (typeof value === "number" && this.tree.kind(value) === JSON_KIND.array) {
      const end = this.tree.next(value)
      for (let item = value + 1; item < end; item = this.tree.next(item)) this.optional("Keyword", item)
    } else this.optional("Keyword", value)
    this.close()
  }

  #withAttributes(name: string, attributes: readonly (readonly [string, Value | undefined])[]): void {
    this.tape.open(nameId(name))
    for (const [attribute, value] of attributes)
      if (this.#has(value)) this.attribute(nameId(attribute), value)
    this.tape.close()
  }

  /** A value in Windows' form; itself where it has no other. */
  #converted(value: Value | undefined, convert: (text: string) => string): Value | undefined {
    if (!this.#has(value)) return undefined
    if (typeof value === "string") return convert(value)
    if (this.tree.kind(value) !== JSON_KIND.array) return convert(textOf(this.tree, value))
    const texts: string[] = []
    for (let item = value + 1; item < this.tree.next(value); item = this.tree.next(item))
      texts.push(textOf(this.tree, item))
    return convert(texts.join(","))
  }

  #has(value: Value | undefined): value is Value {
    if (value === undefined || value === "" || value === -1) return false
    if (typeof value === "string") return true
    const { tree } = this
    if (tree.kind(value) === JSON_KIND.array) return tree.next(value) > value + 1
    return tree.isScalar(value) && tree.end(value) > tree.start(value)
  }

  #append(value: Value): number {
    return typeof value === "string" ? this.tape.append(value) : appendScalar(this.tree, value, this.tape)
  }
}
