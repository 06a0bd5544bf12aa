/**
 * Elements out of JSON that stands for XML, in the conventions of the tools that write it.
 *
 *   evtx_dump    {"#attributes":{"Guid":…},"#text":…} · "Data":{"#text":["a","b"]} · "Name_1" for a second Name
 *                with --separate-json-attributes: "Provider_attributes":{…} beside "Provider"
 *   EvtxECmd     {"@Name":…,"#text":…}
 *   osquery      {"<xmlattr>":{…}}
 *
 * Source of truth: omerbenamram/evtx src/json_output.rs 0.12; Newtonsoft.Json XmlNodeConverter; boost property_tree.
 */
import { NAMES } from "../names.ts"
import type { EventWriter, Value } from "./event-writer.ts"
import { textOf } from "./json-text.ts"
import { JSON_KIND, type JsonTree } from "./json-tree.ts"
import { nameId, UNNAMED } from "./known-names.ts"
import { toGuid } from "./system-values.ts"
import { printTime, readTime } from "./time-text.ts"

const TEXT = NAMES.intern("#text")
const NAME = NAMES.intern("Name")
const DATA = NAMES.intern("Data")
const BINARY = NAMES.intern("Binary")
const SYSTEM_TIME = NAMES.intern("SystemTime")
const GUID = NAMES.intern("Guid")
const ATTRIBUTE_SETS = new Set([NAMES.intern("#attributes"), NAMES.intern("<xmlattr>")])
const SEPARATE = "_attributes"
const AT = 0x40
/** A GUID as evtx_dump prints one that Windows prints in braces. */
const UPPER_GUID = /^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$/
const GUID_LENGTH = 36

export interface ElementOptions {
  /** GUIDs have lost their braces, and elements without a value are kept. */
  readonly isEvtxDump: boolean
}

export class ElementWriter {
  readonly #writer: EventWriter
  #isEvtxDump = false

  constructor(writer: EventWriter) {
    this.#writer = writer
  }

  use(options: ElementOptions): void {
    this.#isEvtxDump = options.isEvtxDump
  }

  /** The element that a member stands for, or the elements if it is a list. */
  element(member: number, parent: number): void {
    this.#named(this.#nameOf(member, parent), member, this.#separateAttributes(member, parent))
  }

  /** All that is in an object but its attributes. */
  content(object: number): void {
    const { tree } = this.#writer
    const end = tree.next(object)
    for (let member = object + 1; member < end; member = tree.next(member)) {
      if (this.#isSeparate(member)) this.#lone(member, object)
      if (this.#isAttributes(member)) continue
      if (tree.key(member) === TEXT) this.#writer.text(this.value(member))
      else this.element(member, object)
    }
  }

  attributes(object: number, separate: number): void {
    const { tree } = this.#writer
    if (separate >= 0) this.#attributeSet(separate)
    const end = tree.next(object)
    for (let member = object + 1; member < end; member = tree.next(member)) {
      if (ATTRIBUTE_SETS.has(tree.key(member))) this.#attributeSet(member)
      else if (this.#isMarked(member)) this.#attribute(nameId(textOfKey(tree, member).slice(1)), member)
    }
  }

  /** EventData: members are fields by name, but for those that are elements of their own. */
  eventData(member: number, parent: number): void {
    const { tree } = this.#writer
    this.#writer.open("EventData")
    const separate = this.#separateAttributes(member, parent)
    if (tree.kind(member) === JSON_KIND.array) this.#unnamed(member)
    else if (tree.isObject(member)) {
      this.attributes(member, separate)
      const end = tree.next(member)
      for (let field = member + 1; field < end; field = tree.next(field))
        if (!this.#isAttributes(field)) this.#field(field, member)
    } else {
      if (separate >= 0) this.#attributeSet(separate)
      this.#writer.text(tree.isScalar(member) ? member : "")
    }
    this.#writer.close()
  }

  /** A member of a flat record as a field; what is no scalar as an element of that name. */
  flatField(member: number): void {
    this.#field(member, -1)
  }

  /** A scalar as Windows prints it; "" for anything else. */
  value(node: number): Value {
    const { tree } = this.#writer
    if (!tree.isScalar(node)) return ""
    if (!this.#isEvtxDump || tree.end(node) - tree.start(node) !== GUID_LENGTH) return node
    const text = textOf(tree, node)
    return UPPER_GUID.test(text) ? toGuid(text) : node
  }

  #field(field: number, parent: number): void {
    const { tree } = this.#writer
    const key = tree.key(field)
    if (key === BINARY && tree.isNull(field)) return
    if (key === DATA && this.#isEvtxDump && this.#isEmptyText(field)) return
    if (tree.isObject(field) || key === DATA || key === BINARY) {
      this.element(field, parent)
      return
    }
    if (tree.kind(field) !== JSON_KIND.array) {
      this.#writer.namedField(field, this.value(field))
      return
    }
    const end = tree.next(field)
    for (let item = field + 1; item < end; item = tree.next(item))
      this.#writer.namedField(field, this.value(item))
  }

  /** evtx_dump keeps an element that Windows leaves out, when the record has no value for it. */
  #isEmptyText(field: number): boolean {
    const { tree } = this.#writer
    const text = tree.find(field, TEXT)
    return tree.isString(text) && tree.start(text) === tree.end(text)
  }

  #unnamed(list: number): void {
    const { tree } = this.#writer
    const end = tree.next(list)
    for (let item = list + 1; item < end; item = tree.next(item)) {
      if (tree.isObject(item)) this.#named(DATA, item, -1)
      else this.#writer.unnamed(this.value(item))
    }
  }

  #named(name: number, node: number, separate: number): void {
    const { tree } = this.#writer
    const texts = tree.find(node, TEXT)
    if (tree.kind(node) === JSON_KIND.array) {
      const end = tree.next(node)
      for (let item = node + 1; item < end; item = tree.next(item)) this.#named(name, item, separate)
    } else if (texts >= 0 && tree.kind(texts) === JSON_KIND.array) {
      const end = tree.next(texts)
      for (let item = texts + 1; item < end; item = tree.next(item)) this.#single(name, node, separate, item)
    } else this.#single(name, node, separate, -1)
  }

  /** @param text of several texts the one of this element, -1 for the content that `node` has */
  #single(name: number, node: number, separate: number, text: number): void {
    const { tree, tape } = this.#writer
    tape.open(name)
    if (tree.isObject(node)) {
      this.attributes(node, separate)
      if (text < 0) this.content(node)
      else this.#writer.text(this.value(text))
    } else {
      if (separate >= 0) this.#attributeSet(separate)
      this.#writer.text(this.value(node))
    }
    tape.close()
  }

  #attributeSet(set: number): void {
    const { tree } = this.#writer
    if (!tree.isObject(set)) return
    const end = tree.next(set)
    for (let member = set + 1; member < end; member = tree.next(member))
      this.#attribute(nameId(textOfKey(tree, member)), member)
  }

  #attribute(name: number, member: number): void {
    const { tree } = this.#writer
    if (tree.isNull(member)) return
    let value: Value = this.value(member)
    if (name === GUID) value = toGuid(textOf(tree, member))
    else if (name === SYSTEM_TIME) value = timeOf(textOf(tree, member))
    // What is empty here is absent in Windows' own form.
    if (
      name !== NAME &&
      (value === "" || (typeof value === "number" && tree.start(value) === tree.end(value)))
    )
      return
    this.#writer.attribute(name, value)
  }

  #isAttributes(member: number): boolean {
    const { tree } = this.#writer
    const key = tree.key(member)
    return ATTRIBUTE_SETS.has(key) || this.#isMarked(member) || this.#isSeparate(member)
  }

  /** `"@Name"` */
  #isMarked(member: number): boolean {
    const { tree } = this.#writer
    return tree.bytes[tree.keyStart(member)] === AT && tree.keyEnd(member) > tree.keyStart(member) + 1
  }

  /** `"Provider_attributes": {…}` */
  #isSeparate(member: number): boolean {
    const { tree } = this.#writer
    return (
      tree.isObject(member) &&
      tree.keyEnd(member) - tree.keyStart(member) > SEPARATE.length &&
      endsWith(tree, member)
    )
  }

  /** evtx_dump leaves the element itself out when it has attributes only: `"Provider_attributes": {…}` and no more. */
  #lone(separate: number, parent: number): void {
    const { tree } = this.#writer
    const name = nameId(textOfKey(tree, separate).slice(0, -SEPARATE.length))
    if (tree.find(parent, name) >= 0) return
    this.#writer.tape.open(name)
    this.#attributeSet(separate)
    this.#writer.tape.close()
  }

  /** The attributes that stand beside the element they belong to, or -1. */
  #separateAttributes(member: number, parent: number): number {
    const { tree } = this.#writer
    const end = parent < 0 ? 0 : tree.next(parent)
    for (let other = parent + 1; other < end; other = tree.next(other)) {
      if (!this.#isSeparate(other)) continue
      const name = textOfKey(tree, other)
      if (name.slice(0, -SEPARATE.length) === textOfKey(tree, member)) return other
    }
    return -1
  }

  /** The element's name: without the number that a writer adds to tell it from one before it. */
  #nameOf(member: number, parent: number): number {
    const { tree } = this.#writer
    const key = tree.key(member)
    if (key < 0) {
      tree.noteLostName()
      return UNNAMED
    }
    const match = /^(.+)_\d{1,6}$/.exec(NAMES.text(key))
    if (match === null || parent < 0) return key
    const plain = nameId(match[1] as string)
    const first = tree.find(parent, plain)
    return first >= 0 && first < member ? plain : key
  }
}

function textOfKey(tree: JsonTree, member: number): string {
  const key = tree.key(member)
  return key < 0 ? "" : NAMES.text(key)
}

function endsWith(tree: JsonTree, member: number): boolean {
  return tree.bytes.latin1Slice(tree.keyEnd(member) - SEPARATE.length, tree.keyEnd(member)) === SEPARATE
}

function timeOf(text: string): string {
  const time = readTime(text)
  return time === null || time.isWindowsForm ? text : printTime(time, 0)
}
