/** Sorts the members of a flat record into System, texts for people, and fields of the event. */
import { NAMES } from "../names.ts"
import type { RenderedValues, SystemValues } from "./event-writer.ts"
import type { FlatTable, RenderedSlot, SystemSlot } from "./flat-tables.ts"
import { textOf } from "./json-text.ts"
import type { JsonTree } from "./json-tree.ts"
import { toLevel } from "./system-values.ts"

interface Place {
  readonly slot: SystemSlot | RenderedSlot
  readonly isRendered: boolean
  /** 0 is preferred. */
  readonly rank: number
}

export interface SortedRecord {
  readonly system: SystemValues
  readonly rendered: RenderedValues
  /** Members that are fields, in source order. */
  readonly fields: readonly number[]
}

const USER_ID = NAMES.intern("UserID")
/** NXLog's own word for the kind of event; Sysmon has a field of that name. */
const EVENT_TYPE = NAMES.intern("EventType")

export class FlatSorter {
  readonly #table: FlatTable
  readonly #places = new Map<number, Place>()
  readonly #ignored: ReadonlySet<number>
  readonly #ignoredBesideUser: ReadonlySet<number>

  constructor(table: FlatTable) {
    this.#table = table
    this.#ignored = new Set(table.ignored.map((name) => NAMES.intern(name)))
    this.#ignoredBesideUser = new Set(table.ignoredBesideUser.map((name) => NAMES.intern(name)))
    this.#placeAll(table.system, false)
    this.#placeAll(table.rendered, true)
  }

  sort(tree: JsonTree, record: number): SortedRecord {
    const taken = new Map<string, number>()
    const end = tree.next(record)
    for (let member = record + 1; member < end; member = tree.next(member)) this.#claim(tree, member, taken)
    const system: SystemValues = {}
    const rendered: RenderedValues = {}
    const fields: number[] = []
    const hasUser = tree.find(record, USER_ID) >= 0
    for (let member = record + 1; member < end; member = tree.next(member)) {
      const place = this.#places.get(tree.key(member))
      if (place !== undefined && taken.get(slotKey(place)) === member) {
        if (place.isRendered) rendered[place.slot as RenderedSlot] = member
        else system[place.slot as SystemSlot] = member
      } else if (this.#table.hasFields && this.#isField(tree, member, hasUser)) fields.push(member)
    }
    return { system, rendered, fields }
  }

  #placeAll(names: Readonly<Partial<Record<string, readonly string[]>>>, isRendered: boolean): void {
    for (const [slot, all = []] of Object.entries(names))
      for (const [rank, name] of all.entries())
        this.#places.set(NAMES.intern(name), { slot: slot as SystemSlot, isRendered, rank })
  }

  /** The member takes its place unless one that is preferred has it. */
  #claim(tree: JsonTree, member: number, taken: Map<string, number>): void {
    const key = tree.key(member)
    const place = this.#places.get(key)
    if (place === undefined || tree.isNull(member)) return
    if (key === EVENT_TYPE && toLevel(textOf(tree, member)) === "") return
    const slot = slotKey(place)
    const holder = taken.get(slot)
    const rank =
      holder === undefined ? Number.MAX_SAFE_INTEGER : (this.#places.get(tree.key(holder))?.rank ?? 0)
    if (place.rank < rank) taken.set(slot, member)
  }

  #isField(tree: JsonTree, member: number, hasUser: boolean): boolean {
    const key = tree.key(member)
    if (this.#ignored.has(key) || (hasUser && this.#ignoredBesideUser.has(key)) || tree.isNull(member))
      return false
    return !this.#table.isWide || tree.end(member) > tree.start(member)
  }
}

function slotKey({ slot, isRendered }: Place): string {
  return isRendered ? `rendered ${slot}` : slot
}
