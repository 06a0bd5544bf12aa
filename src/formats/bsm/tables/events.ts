/**
 * Audit events by system. Two dozen numbers mean one thing on macOS and another on FreeBSD: where the system is not
 * known, both names are given. Source: OpenBSM etc/audit_event, XNU bsd/bsm/audit_kevents.h.
 */
import { classMaskOf } from "./classes.ts"
import { EVENT_LINES } from "./events.gen.ts"

export type BsmPlatform = "macos" | "freebsd" | "solaris" | "unknown"

export interface BsmEvent {
  readonly number: number
  readonly name: string
  /** "" where none is known. */
  readonly description: string
  /** Bits of all classes the event is in. */
  readonly classMask: number
}

type EventRow = BsmEvent & { readonly systems: string }

/** Letters in the table; Solaris' numbers are OpenBSM's. */
const LETTER = { macos: "m", freebsd: "f", solaris: "o" } as const

const tables = new Map<BsmPlatform, ReadonlyMap<number, BsmEvent>>()

/** The event of a number on a system; for `unknown` with the names of all systems, joined by `|`. */
export function findEvent(platform: BsmPlatform, number: number): BsmEvent | undefined {
  return eventTable(platform).get(number)
}

/** `AUE_EXECVE`; the number itself where it has no name. */
export function eventName(platform: BsmPlatform, number: number): string {
  return findEvent(platform, number)?.name ?? String(number)
}

/** By number. Of several rows for one system the first counts, as in getauevnum(3). */
export function eventTable(platform: BsmPlatform): ReadonlyMap<number, BsmEvent> {
  const known = tables.get(platform)
  if (known !== undefined) return known
  const table = platform === "unknown" ? joinedTable() : tableOf(LETTER[platform])
  tables.set(platform, table)
  return table
}

/** The numbers that have this name, on any system. */
export function eventNumbers(name: string): readonly number[] {
  return [...new Set(rows().flatMap((row) => (row.name === name ? [row.number] : [])))]
}

/** The numbers that have this name on a system; on any for `unknown`. */
export function eventNumbersOn(platform: BsmPlatform, name: string): readonly number[] {
  const letter = platform === "unknown" ? "" : LETTER[platform]
  const named = rows().filter((row) => row.name === name && row.systems.includes(letter))
  return [...new Set(named.map(({ number }) => number))]
}

/** Every name of every system. */
export function allEventNames(): string[] {
  return [...new Set(rows().map(({ name }) => name))]
}

function tableOf(letter: string): Map<number, BsmEvent> {
  const table = new Map<number, BsmEvent>()
  for (const { systems, ...event } of rows()) {
    if (systems.includes(letter) && !table.has(event.number)) table.set(event.number, event)
  }
  return table
}

function joinedTable(): Map<number, BsmEvent> {
  const table = new Map(eventTable("freebsd"))
  for (const event of eventTable("macos").values()) {
    const other = table.get(event.number)
    if (other === undefined) table.set(event.number, event)
    else if (other.name !== event.name) table.set(event.number, join(other, event))
  }
  return table
}

function join(one: BsmEvent, other: BsmEvent): BsmEvent {
  return {
    number: one.number,
    name: `${one.name}|${other.name}`,
    description: [one.description, other.description].filter((text) => text !== "").join("|"),
    classMask: (one.classMask | other.classMask) >>> 0,
  }
}

function rows(): EventRow[] {
  return EVENT_LINES.split("\n").flatMap((line) => (line === "" ? [] : [splitRow(line)]))
}

function splitRow(line: string): EventRow {
  const [number, systems, classes, name, ...description] = line.split(" ")
  return {
    number: Number(number),
    systems: systems ?? "",
    classMask: classMaskOf((classes ?? "").split(",")),
    name: name ?? "",
    description: description.join(" "),
  }
}
