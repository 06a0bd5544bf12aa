/**
 * A record of any JSON shape to an event on the tape.
 * Source of truth: the tools named in `shapes.ts`; samples of their output.
 */
import type { EventTape } from "../event-tape.ts"
import { NAMES } from "../names.ts"
import { ElementWriter } from "./element-writer.ts"
import { EventWriter, type SystemValues, type Value } from "./event-writer.ts"
import { fieldOrder } from "./field-orders.ts"
import { FlatSorter, type SortedRecord } from "./flat-record.ts"
import { FLAT_TABLES } from "./flat-tables.ts"
import { InnerText } from "./inner-text.ts"
import { textOf } from "./json-text.ts"
import { JSON_KIND, type JsonTree } from "./json-tree.ts"
import { nameId } from "./known-names.ts"
import { writeWazuh } from "./map-wazuh.ts"
import { writeBeat } from "./map-winlogbeat.ts"
import type { NameLookup } from "./name-lookup.ts"
import type { JsonShape } from "./shape-of.ts"
import { toKeywords, toLevel } from "./system-values.ts"
import { printTime, readTime } from "./time-text.ts"
import { readZone } from "./zone.ts"

const EVENT = nameId("Event")
const SYSTEM = nameId("System")
const EVENT_DATA = nameId("EventData")
const USER_DATA = nameId("UserData")
const VALUE = nameId("Value")
const RAW = nameId("_raw")
const SYSLOG_MESSAGE = nameId("SyslogMessage")
/** Shapes whose times may be local; the others write UTC. */
const LOCAL: ReadonlySet<JsonShape> = new Set(["nxlog-json", "flat-json", "powershell-json"])

export class EventMapper {
  /** Of the record's header, if the last record told it; else NaN. */
  headerId = Number.NaN
  /** The last record was hidden inside of another one, as EvtxECmd found. */
  isHidden = false
  /** Milliseconds that local times are ahead of UTC, as the last record that told it; NaN: not known. */
  aheadMs = Number.NaN
  /** A local time was taken as UTC. */
  hasGuessed = false
  readonly #writer: EventWriter
  readonly #elements: ElementWriter
  readonly #inner: InnerText
  readonly #sorters: ReadonlyMap<JsonShape, FlatSorter>

  constructor(tree: JsonTree, tape: EventTape, names: NameLookup) {
    this.#writer = new EventWriter(tape, tree)
    this.#elements = new ElementWriter(this.#writer)
    this.#inner = new InnerText(this.#writer, names)
    this.#sorters = new Map([...FLAT_TABLES].map(([shape, table]) => [shape, new FlatSorter(table)]))
  }

  /** True when the record's time is local and nothing has told the zone so far; takes in what the record tells. */
  needsZone(record: number, shape: JsonShape): boolean {
    const sorter = LOCAL.has(shape) ? this.#sorters.get(shape) : undefined
    if (sorter === undefined) return false
    const text = this.#timeText(sorter.sort(this.#writer.tree, record).system)
    const time = readTime(text)
    if (time === null || time.hasZone) return false
    const told = readZone(this.#writer.tree, record, text)
    if (!Number.isNaN(told)) this.aheadMs = told
    return Number.isNaN(this.aheadMs)
  }

  /** Puts the event on the tape; false when the record gives none. */
  map(record: number, shape: JsonShape): boolean {
    this.headerId = Number.NaN
    this.isHidden = false
    this.#elements.use({ isEvtxDump: shape === "evtx-dump-json" })
    if (shape === "evtx-dump-json") this.#tree(record)
    else if (shape === "velociraptor-json") this.#velociraptor(record)
    else if (shape === "winlogbeat-json") writeBeat(this.#writer, this.#elements, record)
    else if (shape === "wazuh-json") writeWazuh(this.#writer, record)
    else return this.#flat(record, shape)
    return true
  }

  /** evtx_dump, chainsaw, EvtxECmd's full JSON: the tree of the event itself. */
  #tree(record: number): void {
    const { tree } = this.#writer
    const wrapped = tree.find(record, EVENT)
    const event = wrapped < 0 ? record : wrapped
    this.#writer.beginEvent()
    this.#elements.attributes(event, tree.find(record, nameId("Event_attributes")))
    const end = tree.next(event)
    for (let member = event + 1; member < end; member = tree.next(member)) {
      const key = tree.key(member)
      if (key === EVENT_DATA) this.#elements.eventData(member, event)
      else if (key === SYSTEM || tree.isObject(member)) {
        if (!this.#isAttributes(member)) this.#elements.element(member, event)
      }
    }
    this.#writer.endEvent()
  }

  #isAttributes(member: number): boolean {
    const key = this.#writer.tree.key(member)
    return key < 0 || /^#|^<xmlattr>$|_attributes$/.test(NAMES.text(key))
  }

  #velociraptor(record: number): void {
    const { tree } = this.#writer
    const system = tree.find(record, SYSTEM)
    const inner = (name: string, member: string): number =>
      tree.find(tree.find(system, nameId(name)), nameId(member))
    const time = readTime(textOf(tree, inner("TimeCreated", "SystemTime")))
    this.#writer.beginEvent()
    this.#writer.system({
      providerName: inner("Provider", "Name"),
      providerGuid: inner("Provider", "Guid"),
      eventId: inner("EventID", "Value"),
      qualifiers: inner("EventID", "Qualifiers"),
      version: tree.find(system, nameId("Version")),
      level: tree.find(system, nameId("Level")),
      task: tree.find(system, nameId("Task")),
      opcode: tree.find(system, nameId("Opcode")),
      keywords: tree.find(system, nameId("Keywords")),
      time: time === null ? "" : printTime(time, 0),
      recordId: tree.find(system, nameId("EventRecordID")),
      activityId: inner("Correlation", "ActivityID"),
      relatedActivityId: inner("Correlation", "RelatedActivityID"),
      processId: inner("Execution", "ProcessID"),
      threadId: inner("Execution", "ThreadID"),
      channel: tree.find(system, nameId("Channel")),
      computer: tree.find(system, nameId("Computer")),
      userId: inner("Security", "UserID"),
    })
    this.#sections(record)
    this.#writer.rendering({ message: tree.find(record, nameId("Message")) })
    this.#writer.endEvent()
  }

  /** EventData and UserData of a record that holds them as objects. */
  #sections(record: number): void {
    const { tree } = this.#writer
    const eventData = tree.find(record, EVENT_DATA)
    const userData = tree.find(record, USER_DATA)
    if (!tree.isNull(eventData)) this.#elements.eventData(eventData, record)
    if (!tree.isNull(userData)) this.#elements.element(userData, record)
  }

  #flat(record: number, shape: JsonShape): boolean {
    const { tree } = this.#writer
    const whole = shape === "splunk-json" ? RAW : shape === "sentinel-json" ? SYSLOG_MESSAGE : -1
    const text = whole < 0 ? "" : textOf(tree, tree.find(record, whole))
    if (text.includes("<Event")) return this.#inner.event(text)
    if (shape === "splunk-json")
      return this.#inner.lines(text, textOf(tree, tree.find(record, nameId("_time"))))
    const sorter = this.#sorters.get(shape)
    if (sorter === undefined) return false
    const sorted = sorter.sort(tree, record)
    this.#placeTime(sorted.system, record, LOCAL.has(shape))
    this.#adjust(sorted)
    this.#writer.beginEvent()
    this.#writer.system(sorted.system)
    this.#payload(record, shape, sorted)
    this.#writer.rendering(sorted.rendered)
    this.#writer.endEvent()
    return true
  }

  /** What a value has around it in some shapes. */
  #adjust({ system, rendered }: SortedRecord): void {
    const { tree } = this.#writer
    const { userId } = system
    // PowerShell prints an object for a SID.
    if (typeof userId === "number" && tree.isObject(userId)) system.userId = tree.find(userId, VALUE)
    for (const slot of ["processId", "threadId"] as const) {
      const value = system[slot]
      // osquery's word for "not there".
      if (typeof value === "number" && textOf(tree, value) === "-1") system[slot] = ""
    }
    // Words that have no number are kept as words.
    const { keywords, level } = system
    if (typeof keywords === "number" && toKeywords(textOf(tree, keywords)) === "")
      rendered.keywords ??= keywords
    if (typeof level === "number" && toLevel(textOf(tree, level)) === "") rendered.level ??= level
  }

  /** Puts the event's time in Windows' form. */
  #placeTime(system: SystemValues, record: number, isLocal: boolean): void {
    const text = this.#timeText(system)
    const time = readTime(text)
    if (time === null || time.isWindowsForm) system.time = text
    else system.time = printTime(time, time.hasZone || !isLocal ? 0 : this.#aheadOf(record, text))
  }

  #timeText({ time }: SystemValues): string {
    const { tree } = this.#writer
    const node = typeof time === "number" ? time : -1
    return textOf(tree, tree.isObject(node) ? innerTime(tree, node) : node)
  }

  #aheadOf(record: number, text: string): number {
    const told = readZone(this.#writer.tree, record, text)
    if (!Number.isNaN(told)) return told
    if (!Number.isNaN(this.aheadMs)) return this.aheadMs
    this.hasGuessed = true
    return 0
  }

  #payload(record: number, shape: JsonShape, { system, fields }: SortedRecord): void {
    const { tree } = this.#writer
    if (shape === "evtxecmd-json") {
      this.headerId = Number.parseInt(textOf(tree, tree.find(record, nameId("RecordNumber"))), 10)
      this.isHidden = /^true$/i.test(textOf(tree, tree.find(record, nameId("HiddenRecord"))))
      this.#inner.json(textOf(tree, tree.find(record, nameId("Payload"))))
    } else if (shape === "osquery-json") this.#osqueryData(record)
    else if (shape === "powershell-json") this.#properties(tree.find(record, nameId("Properties")), system)
    else this.#flatData(record, fields)
  }

  #osqueryData(record: number): void {
    const { tree } = this.#writer
    const data = tree.find(record, nameId("data"))
    if (tree.isObject(data)) this.#sections(data)
    else this.#inner.json(textOf(tree, data))
  }

  /** `Properties: [{"Value": …}, …]`: the values without their names. */
  #properties(list: number, { providerName, eventId }: SystemValues): void {
    const { tree } = this.#writer
    if (list < 0 || tree.isNull(list) || tree.isScalar(list)) return
    const values = this.#valuesOf(list)
    const names = fieldOrder(this.#textOf(providerName), this.#textOf(eventId), values.length)
    this.#writer.open("EventData")
    values.forEach((value, index) => {
      const name = names?.[index]
      if (name === undefined) this.#writer.unnamed(value)
      else this.#writer.dataField(name, value)
    })
    this.#writer.close()
  }

  #valuesOf(list: number): Value[] {
    const { tree } = this.#writer
    const values: Value[] = []
    const end = tree.next(list)
    const isList = tree.kind(list) === JSON_KIND.array
    for (let item = isList ? list + 1 : list; item < end; item = tree.next(item)) {
      const held = tree.find(item, VALUE)
      const inner = tree.find(held, VALUE)
      const value = inner >= 0 ? inner : held >= 0 ? held : item
      values.push(tree.isScalar(value) ? value : "")
    }
    return values
  }

  #textOf(value: Value | undefined): string {
    return typeof value === "number" ? textOf(this.#writer.tree, value) : (value ?? "")
  }

  #flatData(record: number, fields: readonly number[]): void {
    const { tree } = this.#writer
    const eventData = tree.find(record, EVENT_DATA)
    const userData = tree.find(record, USER_DATA)
    if (tree.isObject(eventData) || tree.isObject(userData)) {
      this.#sections(record)
      return
    }
    const text = textOf(tree, eventData)
    if (text !== "" && this.#inner.section(text)) return
    this.#writer.open("EventData")
    for (const field of fields) if (field !== eventData && field !== userData) this.#elements.flatField(field)
    this.#writer.close()
  }
}

/** PowerShell 5: `{"value":"\/Date(…)\/","DisplayHint":2,"DateTime":"…"}` */
function innerTime(tree: JsonTree, node: number): number {
  const value = tree.find(node, nameId("value"))
  return value >= 0 ? value : tree.find(node, nameId("SystemTime"))
}
