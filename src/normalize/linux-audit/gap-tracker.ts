/**
 * What the trail itself has lost: serial numbers that are missing, restarts of the counter, a clock that stepped
 * back. The kernel counts serials without holes, but a lost record need not leave one: no gap is no proof.
 * Source of truth: kernel/audit.c audit_serial.
 */
import type { Gap } from "../../base/problem.ts"
import type { AuditEvent } from "../../formats/linux-audit/event.ts"

/** Holes that late events may still fill; beyond it the oldest is reported. */
const OPEN_HOLES = 64
/** A serial this far below the highest is no late event but a counter that began anew. */
const RESTART_DISTANCE = 5000
const STEP_SECONDS = 2
const DAEMON_FIRST = 1200
const DAEMON_LAST = 1299

interface Hole {
  from: number
  to: number
  before: Stamp
  after: Stamp
  offset: number
}

/** Seconds and nanoseconds. */
type Stamp = readonly [sec: number, nsec: number]

interface HostState {
  highest: number
  highestSec: number
  highestNsec: number
  lastSec: number
  holes: Hole[]
}

/** What of the tracker must outlive the process. */
export type GapState = readonly (readonly [host: string, state: HostState])[]

export type ReportGap = (gap: Gap, host: string, sourceId: number) => void

export class GapTracker {
  readonly #report: ReportGap
  #hosts = new Map<string, HostState>()

  constructor(report: ReportGap) {
    this.#report = report
  }

  /** Takes an event as it begins: in that order serials ascend but for what processors write at the same time. */
  opened(event: AuditEvent, host: string): void {
    const { firstType } = event
    if (!event.hasSerial || (firstType >= DAEMON_FIRST && firstType <= DAEMON_LAST)) return
    const state = this.#hosts.get(host)
    if (state === undefined) {
      if (this.#hosts.size < 10_000) this.#hosts.set(host, firstState(event))
      return
    }
    if (event.serial === state.highest + 1) advance(state, event)
    else if (event.serial > state.highest) this.#openHole(event, state, host)
    else if (event.serial < state.highest - RESTART_DISTANCE) this.#restart(event, state, host)
    else if (state.holes.length > 0) fillHole(state.holes, event.serial)
    if (event.sec + STEP_SECONDS < state.lastSec) this.#reportStep(event, state, host)
    state.lastSec = event.sec
  }

  /** Reports the holes that nothing has filled. */
  end(sourceId: number): void {
    for (const [host, state] of this.#hosts) {
      for (const hole of state.holes) this.#reportHole(hole, host, sourceId)
      state.holes = []
    }
  }

  saveState(): GapState {
    return [...this.#hosts].map(([host, state]) => [
      host,
      { ...state, holes: state.holes.map((hole) => ({ ...hole })) },
    ])
  }

  restoreState(state: GapState): void {
    this.#hosts = new Map(state)
  }

  #openHole(event: AuditEvent, state: HostState, host: string): void {
    state.holes.push({
      from: state.highest + 1,
      to: event.serial - 1,
      before: [state.highestSec, state.highestNsec],
      after: [event.sec, event.nsec],
      offset: event.offset,
    })
    advance(state, event)
    if (state.holes.length <= OPEN_HOLES) return
    const oldest = state.holes.shift()
    if (oldest !== undefined) this.#reportHole(oldest, host, event.sourceId)
  }

  #reportHole(hole: Hole, host: string, sourceId: number): void {
    const missing = hole.to - hole.from + 1
    this.#report(
      {
        kind: "serial-gap",
        what: `${missing} event${missing === 1 ? "" : "s"}: serial ${hole.from}${missing === 1 ? "" : ` to ${hole.to}`}`,
        fromNs: toNs(hole.before),
        toNs: toNs(hole.after),
        fromId: String(hole.from - 1),
        toId: String(hole.to + 1),
        evidence: "the kernel counts serials without holes; lost, filtered by the daemon, or removed",
        offset: hole.offset,
      },
      host,
      sourceId,
    )
  }

  #restart(event: AuditEvent, state: HostState, host: string): void {
    for (const hole of state.holes) this.#reportHole(hole, host, event.sourceId)
    this.#report(
      {
        kind: "serial-restart",
        what: "what was logged between the two, if anything",
        fromNs: toNs([state.highestSec, state.highestNsec]),
        toNs: toNs([event.sec, event.nsec]),
        fromId: String(state.highest),
        toId: String(event.serial),
        evidence: "the serial counter began anew: a reboot, a rollover, or another host's records",
        offset: event.offset,
      },
      host,
      event.sourceId,
    )
    state.holes = []
    advance(state, event)
  }

  #reportStep(event: AuditEvent, state: HostState, host: string): void {
    this.#report(
      {
        kind: "clock-step",
        what: `the clock went back by ${state.lastSec - event.sec} s`,
        fromNs: toNs([state.lastSec, 0]),
        toNs: toNs([event.sec, event.nsec]),
        toId: String(event.serial),
        evidence: "an event carries an earlier time than the one before it",
        offset: event.offset,
      },
      host,
      event.sourceId,
    )
  }
}

function firstState(event: AuditEvent): HostState {
  return {
    highest: event.serial,
    highestSec: event.sec,
    highestNsec: event.nsec,
    lastSec: event.sec,
    holes: [],
  }
}

function advance(state: HostState, event: AuditEvent): void {
  state.highest = event.serial
  state.highestSec = event.sec
  state.highestNsec = event.nsec
}

function toNs([sec, nsec]: Stamp): bigint {
  return BigInt(sec) * 1_000_000_000n + BigInt(nsec)
}

function fillHole(holes: Hole[], serial: number): void {
  const at = holes.findIndex((hole) => serial >= hole.from && serial <= hole.to)
  const hole = holes[at]
  if (hole === undefined) return
  if (hole.from === hole.to) holes.splice(at, 1)
  else if (serial === hole.from) hole.from++
  else if (serial === hole.to) hole.to--
  else {
    holes.splice(at + 1, 0, { ...hole, from: serial + 1 })
    hole.to = serial - 1
  }
}
