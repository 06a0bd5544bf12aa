/**
 * What a log tells of itself: record ids that are missing, a clock that went back, that it was cleared.
 *
 * Ids and times are the event's own, not the record header's, which an export numbers anew. A log is a ring: the
 * oldest chunk may stand in the middle, so ids are put in order before holes are told.
 */
import type { Gap } from "../../../base/problem.ts"
import type { EventTape } from "../event-tape.ts"
import { hole, nameOf, type Stretch, timesOf } from "./id-holes.ts"
import { attributeOf, textOf } from "./tape-search.ts"

/** Stretches of ids without a hole that are kept; a log with more is filtered. */
const MAX_STRETCHES = 512
/** Holes told one by one; more of them are told in one. */
const MAX_HOLES = 64
/** Providers stamp events before they are written, some of them seconds before. */
const STEP_SECONDS = 60
const CLEARED = new Map<number, string>([
  [1102, "Security"],
  [104, "System"],
])

/** What outlives the process. */
export interface IntegrityState {
  readonly stretches: readonly Stretch[]
  readonly isRenumbered: boolean
  readonly missing: number
  readonly lastSecond: number | null
  /** Absent in states of earlier versions. */
  readonly told?: readonly string[]
}

export type ReportGap = (gap: Gap, host: string) => void

export class Integrity {
  readonly #report: ReportGap
  /** Holes that were told, as `hole` names them. */
  readonly #told = new Set<string>()
  #stretches: Stretch[] = []
  #isRenumbered = false
  /** Ids missing in the last stretch, when there are too many to tell apart. */
  #missing = 0
  #lastId = Number.NaN
  #lastSecond = Number.NaN
  /** An event far before the one before it, which tells a step only when the next one agrees. */
  #early = Number.NaN
  #earlyOffset = 0
  #host = ""

  constructor(report: ReportGap) {
    this.#report = report
  }

  begin(): void {
    this.#told.clear()
    this.#stretches = []
    this.#isRenumbered = false
    this.#missing = 0
    this.#lastId = Number.NaN
    this.#lastSecond = Number.NaN
    this.#early = Number.NaN
    this.#host = ""
  }

  /**
   * Takes the ids and time of a live record in file order; NaN for what is not known.
   * @param id EventRecordID
   * @param headerId of the record's header
   */
  record(id: number, headerId: number, second: number, offset: number): void {
    if (id !== headerId && !Number.isNaN(id)) this.#isRenumbered = true
    if (!Number.isNaN(second)) this.#watchClock(id, second, offset)
    if (Number.isNaN(id)) return
    this.#lastId = id
    const stretch = this.#stretches.at(-1)
    if (stretch !== undefined && id === stretch.last + 1) {
      stretch.last = id
      stretch.lastSecond = second
    } else if (stretch === undefined || id < stretch.first || id > stretch.last)
      this.#addStretch(id, second, offset)
  }

  /** A record that another was made to swallow. @param outer header id of that */
  hidden(outer: number, offset: number, second: number): void {
    this.#report(
      {
        kind: "hidden-record",
        what: `A record was hidden inside record ${outer}: --recover reads it.`,
        ...timesOf(second, second),
        toId: String(outer),
        evidence: "the record's size covers the header of another one behind the end of its own BinXML",
        offset,
      },
      this.#host,
    )
  }

  /** Looks at an event whose id says that a log was cleared. */
  event(tape: EventTape, eventId: number, second: number, offset: number): void {
    if (this.#host === "") this.#host = textOf(tape, "Computer")
    const channel = CLEARED.get(eventId)
    if (channel === undefined || textOf(tape, "Channel") !== channel) return
    if (!/^Microsoft-Windows-Eventlog$/i.test(attributeOf(tape, "Provider", "Name"))) return
    const cleared = eventId === 1102 ? "Security" : textOf(tape, "Channel", "UserData") || "a log"
    const user = textOf(tape, "SubjectUserName", "UserData")
    this.#report(
      {
        kind: "log-cleared",
        what: `The log ${cleared} was cleared${user === "" ? "" : ` by ${user}`}.`,
        ...timesOf(second, second),
        evidence: `event ${eventId} of Microsoft-Windows-Eventlog`,
        offset,
      },
      textOf(tape, "Computer"),
    )
  }

  /** Tells holes; those that a later call finds again are told once. */
  end(): void {
    const stretches = this.#stretches.sort((a, b) => a.first - b.first)
    const holes: Gap[] = []
    let missing = this.#missing
    for (let next = 1; next < stretches.length; next++) {
      const before = stretches[next - 1] as Stretch
      const after = stretches[next] as Stretch
      const count = after.first - before.last - 1
      if (count <= 0) continue
      missing += count
      if (holes.length <= MAX_HOLES) holes.push(hole(before, after, count))
    }
    if (!holes.some((gap) => this.#isNews(gap))) return
    if (this.#isRenumbered || this.#missing > 0 || holes.length > MAX_HOLES)
      this.#reportAll(stretches, missing)
    else for (const gap of holes) if (this.#isNews(gap)) this.#report(gap, this.#host)
    for (const gap of holes) this.#told.add(nameOf(gap))
  }

  saveState(): IntegrityState {
    return {
      stretches: this.#stretches.map((stretch) => ({ ...stretch })),
      isRenumbered: this.#isRenumbered,
      missing: this.#missing,
      lastSecond: Number.isNaN(this.#lastSecond) ? null : this.#lastSecond,
      told: [...this.#told],
    }
  }

  restoreState(state: IntegrityState): void {
    // What is not a number is null in JSON.
    this.#stretches = state.stretches.map((stretch) => ({
      ...stretch,
      firstSecond: stretch.firstSecond ?? Number.NaN,
      lastSecond: stretch.lastSecond ?? Number.NaN,
    }))
    for (const name of state.told ?? []) this.#told.add(name)
    this.#isRenumbered = state.isRenumbered
    this.#missing = state.missing
    this.#lastSecond = state.lastSecond ?? Number.NaN
    this.#lastId = this.#stretches.at(-1)?.last ?? Number.NaN
  }

  #isNews(gap: Gap): boolean {
    return !this.#told.has(nameOf(gap))
  }

  #addStretch(id: number, second: number, offset: number): void {
    // A record that was waited for.
    const before = this.#stretches.find((stretch) => stretch.last === id - 1)
    const last = this.#stretches.at(-1)
    if (before !== undefined) {
      before.last = id
      before.lastSecond = second
    } else if (last === undefined || this.#stretches.length < MAX_STRETCHES) {
      this.#stretches.push({ first: id, last: id, firstSecond: second, lastSecond: second, offset })
    } else if (id > last.last) {
      this.#missing += id - last.last - 1
      last.last = id
      last.lastSecond = second
    }
  }

  /** A chunk that is older than the one before it is the ring's seam, and no step of the clock. */
  #watchClock(id: number, second: number, offset: number): void {
    const isSeam = !(id > this.#lastId)
    if (isSeam || !(second + STEP_SECONDS < this.#lastSecond)) {
      this.#lastSecond = second
      this.#early = Number.NaN
      return
    }
    if (Number.isNaN(this.#early)) {
      this.#early = second
      this.#earlyOffset = offset
      return
    }
    this.#report(
      {
        kind: "clock-step",
        what: `The clock went back by ${Math.round(this.#lastSecond - this.#early)} seconds.`,
        ...timesOf(this.#lastSecond, this.#early),
        toId: String(id - 1),
        evidence: "records with higher ids carry earlier times",
        offset: this.#earlyOffset,
      },
      this.#host,
    )
    this.#lastSecond = second
    this.#early = Number.NaN
  }

  /** An export holds what its filter let through: its holes say nothing of the log. */
  #reportAll(stretches: readonly Stretch[], missing: number): void {
    const first = stretches[0] as Stretch
    const last = stretches.at(-1) as Stretch
    const why = this.#isRenumbered
      ? "the headers of the records are numbered anew, as an export does: a filter leaves such holes"
      : "so many holes are left by a filter"
    this.#report(
      {
        kind: "record-id-gap",
        what: `${missing === 1 ? "1 record id" : `${missing} record ids`} between ${first.first} and ${last.last}: not in the file.`,
        ...timesOf(first.firstSecond, last.lastSecond),
        fromId: String(first.first),
        toId: String(last.last),
        evidence: `EventRecordID; ${why}`,
        offset: first.offset,
      },
      this.#host,
    )
  }
}
