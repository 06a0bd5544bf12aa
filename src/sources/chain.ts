/**
 * Recognises rotated siblings by name and orders them, oldest first.
 * Names: auditd (`audit.log.N`), logrotate(8) (`.N`, `-YYYYMMDD`, `-YYYYMMDD-SECONDS`, `extension`, `.gz`),
 * newsyslog.conf(5) (`.N.bz2`), auditd(8) of macOS and FreeBSD (`START.END`), Windows
 * (`Archive-NAME-YYYY-MM-DD-HH-MM-SS-mmm.evtx`), and the `.old` of hand-made copies.
 * Beside them the files of `perf record --threads` (`data`, `data.N`), which are one recording.
 */

import type { SourceFacts } from "./source.ts"

/** What a name says about a file's age: the higher `era`, the younger; within an era by `value`. */
export interface Rotation {
  readonly stem: string
  readonly era: number
  readonly value: number
}

const ERA_DATED = 0
const ERA_NUMBERED = 1
const ERA_OLD = 2
const ERA_CURRENT = 3

const PACKED = [".gz", ".zst", ".xz", ".bz2", ".Z"]
const EXTENSIONS = [".log", ".json", ".jsonl", ".ndjson", ".txt"]
const LONGEST_NUMBER = 5
/** Files of one set of saved rings: what is said of all of them comes first, then the rings by CPU. */
const RING = /^(.+)\.(?:(meta\.json)|(consumer\.page)|(producer-and-data\.img)|cpu(\d{1,5})\.ring)$/
/** A BSM trail: when it was begun, and when or why it ended. */
const TRAIL = /^(\d{14})\.(?:\d{14}|not_terminated|crash_recovery)$/
/** No file can have this name. */
const TRAIL_STEM = "/trail"
const ARCHIVE = /^Archive-(.+)-(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d{3})\.evtx$/

/** A folder of `perf record --threads`: `data` says what the records of `data.0`, `data.1`, … hold. */
const THREADS = /^data(?:\.(\d{1,5}))?$/
const THREADS_STEM = "/perf"

/** The key that rotated siblings share: archive, folder and stem. */
export function chainKey(facts: Pick<SourceFacts, "path" | "member">): string {
  const name = facts.member === "" ? facts.path : facts.member
  const folder = name.slice(0, name.lastIndexOf("/") + 1)
  const container = facts.member === "" ? "" : facts.path
  return `${container}\0${folder}\0${rotationOf(name).stem}`
}

/** Takes a name apart into what stays and what rotation added. */
export function rotationOf(name: string): Rotation {
  const base = name.slice(name.lastIndexOf("/") + 1)
  const bare = dropSuffix(base, PACKED)
  const trail = TRAIL.exec(bare)
  if (trail !== null) return { stem: TRAIL_STEM, era: ERA_DATED, value: Number(trail[1]) }
  const archived = splitArchive(bare)
  if (archived !== null) return archived
  const ring = RING.exec(bare)
  if (ring !== null) return { stem: `${ring[1]}/ring`, era: ERA_DATED, value: ringPlace(ring) }
  const thread = THREADS.exec(bare)
  if (thread !== null) return { stem: THREADS_STEM, era: ERA_DATED, value: Number(thread[1] ?? -1) }
  const plain = splitRotation(bare)
  if (plain.era !== ERA_CURRENT) return { ...plain, stem: dropSuffix(plain.stem, PACKED) }
  const root = dropSuffix(bare, EXTENSIONS)
  const inner = splitRotation(root)
  return { ...inner, stem: inner.stem + bare.slice(root.length) }
}

function ringPlace([, , side, consumer, producer, cpu]: RegExpExecArray): number {
  if (side !== undefined) return 0
  return consumer !== undefined ? 1 : producer !== undefined ? 2 : 3 + Number(cpu)
}

/** One member of a chain to be ordered. */
export interface ChainLink {
  readonly name: string
  /** Time of its first record, NaN when unknown. */
  readonly firstTimeMs: number
}

/**
 * The links, oldest first. Names give the order; where times are known, the links that have one trade places among
 * themselves until their times ascend. Names of the same age stay in bytewise order.
 */
export function orderChain<Link extends ChainLink>(links: readonly Link[]): Link[] {
  const named = links.map((link) => ({ link, rotation: rotationOf(link.name) }))
  named.sort((a, b) => compareAge(a.rotation, b.rotation) || compareBytes(a.link.name, b.link.name))
  const byName = named.map((entry) => entry.link)
  const timed = byName.filter((link) => !Number.isNaN(link.firstTimeMs))
  timed.sort((a, b) => a.firstTimeMs - b.firstTimeMs)
  const inTime = timed.values()
  return byName.map((link) => (Number.isNaN(link.firstTimeMs) ? link : (inTime.next().value ?? link)))
}

/** Groups by chain, chains in the order of their first item. */
export function groupChains<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, Item[]> {
  const chains = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const chain = chains.get(key)
    if (chain === undefined) chains.set(key, [item])
    else chain.push(item)
  }
  return chains
}

/** Orders text by its UTF-8 bytes. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"))
}

function compareAge(a: Rotation, b: Rotation): number {
  return a.era - b.era || a.value - b.value
}

/** The higher the number, the older the file; the higher the date, the younger. */
function splitRotation(name: string): Rotation {
  if (name.endsWith(".old")) return { stem: name.slice(0, -4), era: ERA_OLD, value: 0 }
  const numberAt = digitsAtEnd(name)
  const digits = name.length - numberAt
  const before = name[numberAt - 1]
  const value = Number(name.slice(numberAt))
  if (digits > 0 && digits <= LONGEST_NUMBER && before === "." && numberAt > 1) {
    return { stem: name.slice(0, numberAt - 1), era: ERA_NUMBERED, value: -value }
  }
  return splitDate(name, numberAt) ?? { stem: name, era: ERA_CURRENT, value: 0 }
}

/** What the event log service makes of `NAME.evtx` when it is full and to be kept. */
function splitArchive(name: string): Rotation | null {
  const parts = ARCHIVE.exec(name)
  if (parts === null) return null
  const [, stem = "", ...numbers] = parts
  const [year = 0, month = 0, ...rest] = numbers.map(Number)
  return { stem: `${stem}.evtx`, era: ERA_DATED, value: Date.UTC(year, month - 1, ...rest) }
}

/** `-YYYYMMDD`, `-YYYYMMDDHH` and `-YYYYMMDD-SECONDS`, also after a dot. */
function splitDate(name: string, numberAt: number): Rotation | null {
  const last = name.slice(numberAt)
  if (isDate(last) && isSeparator(name[numberAt - 1])) {
    return { stem: name.slice(0, numberAt - 1), era: ERA_DATED, value: datedValue(last, 0) }
  }
  if (last.length < 9 || last.length > 10 || name[numberAt - 1] !== "-") return null
  const rest = name.slice(0, numberAt - 1)
  const dateAt = digitsAtEnd(rest)
  const date = rest.slice(dateAt)
  if (date.length !== 8 || !isDate(date) || !isSeparator(rest[dateAt - 1])) return null
  return { stem: rest.slice(0, dateAt - 1), era: ERA_DATED, value: datedValue(date, Number(last)) }
}

/** Whole days first, so that `20260102` is younger than any `20260101-SECONDS`; stays below 2^53. */
function datedValue(date: string, seconds: number): number {
  const hour = date.length === 10 ? Number(date.slice(8)) * 3600 : 0
  return Number(date.slice(0, 8)) * 1e8 + (seconds > 0 ? seconds % 1e8 : hour)
}

function isDate(digits: string): boolean {
  if (digits.length !== 8 && digits.length !== 10) return false
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].map(Number)
  if (year === undefined || month === undefined || day === undefined) return false
  return year >= 1970 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

function isSeparator(char: string | undefined): boolean {
  return char === "-" || char === "."
}

function digitsAtEnd(name: string): number {
  let at = name.length
  while (at > 0 && name.charCodeAt(at - 1) >= 0x30 && name.charCodeAt(at - 1) <= 0x39) at--
  return at
}

function dropSuffix(name: string, suffixes: readonly string[]): string {
  const found = suffixes.find((suffix) => name.endsWith(suffix) && name.length > suffix.length)
  return found === undefined ? name : name.slice(0, -found.length)
}
