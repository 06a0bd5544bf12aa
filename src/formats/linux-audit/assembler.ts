/**
 * Puts records together to events: one state machine for every way in which records arrive.
 *
 * An event is one (node, time, serial). It ends with EOE or PROCTITLE, at once for types that stand alone, when
 * its time lies more than `QUIET_SECONDS` before a record that is at least `QUIET_EVENTS` events younger, when
 * `PASSED_EVENTS` have begun since, when too many are open, or with the input. auditd's log holds no EOE, and
 * PROCTITLE can be lost or excluded. An event that begins with PROCTITLE ends with the next event's record: ausearch
 * prints events whole, but backwards.
 *
 * Source of truth: kernel/auditsc.c audit_log_exit (PROCTITLE last, then EOE), audit-userspace
 * common/common.c audit_is_last_record, auparse/auparse.c (2 s of event time).
 */
import { LIMITS } from "../../base/limits.ts"
import type { Problem } from "../../base/problem.ts"
import { AuditEvent } from "./event.ts"
import type { RecordConsumer } from "./framing.ts"
import type { AuditRecord } from "./record.ts"

/** auparse's end_of_event_timeout: event time, not wall clock. */
const QUIET_SECONDS = 2
/** A clock step looks like age; that many younger events do not. */
const QUIET_EVENTS = 50
/** So many younger events end an event whatever the time: a busy host begins hundreds within the two seconds. */
const PASSED_EVENTS = 256
/** Events between two looks for quiet ones. */
const QUIET_STRIDE = 16
/** Keys of ended events that are remembered to tell a late record; a power of two. */
const REMEMBERED = 1024
/** Records of all open events together may hold this much before the oldest is ended. */
const OPEN_BYTES = 2 * LIMITS.eventBytes.value

const LOGIN = 1006
const SYSCALL = 1300
const EOE = 1320
const PROCTITLE = 1327

export interface EventConsumer {
  /** A complete event; valid until the call returns. */
  event(event: AuditEvent): void
  problem(problem: Problem, sourceId: number): void
  foreign(offset: number, length: number): void
  /** An event's first record has come: events in the order in which the trail begins them. */
  opened?(event: AuditEvent): void
  /** Each record as it comes, before assembly; valid until the call returns. */
  record?(record: AuditRecord, sourceId: number): void
}

/** What of an assembler must outlive the process: see `saveState`. */
export interface AssemblerState {
  readonly sequence: number
  readonly open: readonly SavedEvent[]
  readonly ended: readonly (readonly [serial: number, sec: number, nsec: number, node: string])[]
}

interface SavedEvent {
  readonly node: string
  readonly sec: number | null
  readonly nsec: number
  readonly serial: number
  readonly hasSerial: boolean
  readonly sourceId: number
  readonly sequence: number
  readonly records: readonly SavedRecord[]
}

type SavedRecord = readonly [type: number, typeName: string, body: string, offset: number, length: number]

export class Assembler implements RecordConsumer {
  readonly #consumer: EventConsumer
  readonly #wantsRecords: boolean
  readonly #pool: AuditEvent[] = []
  /** The event that the last record belonged to. */
  #current: AuditEvent | null = null
  /** Open events but the current one, by serial; equal serials of different events form a list. Oldest activity first. */
  readonly #suspended = new Map<number, AuditEvent[]>()
  #suspendedCount = 0
  #suspendedBytes = 0
  #sequence = 0
  #sourceId = 0
  readonly #endedSerial = new Float64Array(REMEMBERED).fill(-1)
  readonly #endedSec = new Float64Array(REMEMBERED)
  readonly #endedNsec = new Float64Array(REMEMBERED)
  readonly #endedNode: string[] = new Array<string>(REMEMBERED).fill("")
  /** Records taken so far. */
  records = 0
  /** Events handed out so far. */
  events = 0

  constructor(consumer: EventConsumer) {
    this.#consumer = consumer
    this.#wantsRecords = consumer.record !== undefined
  }

  /** Records from now on come from this source; open events stay open, a rotated log goes on in the next file. */
  beginSource(sourceId: number): void {
    this.#sourceId = sourceId
  }

  problem(problem: Problem): void {
    this.#consumer.problem(problem, this.#sourceId)
  }

  foreign(offset: number, length: number): void {
    this.#consumer.foreign(offset, length)
  }

  record(record: AuditRecord): void {
    this.records++
    if (this.#wantsRecords) this.#consumer.record?.(record, this.#sourceId)
    let event = this.#current
    if (event === null || !event.matches(record)) {
      event = this.#switchTo(record)
      if (event === null) return
    }
    if (record.type === SYSCALL) {
      if (event.hasSyscall) {
        if (event.holds(record)) {
          this.#reportDuplicate(record)
          return
        }
        event = this.#restart(event, record)
      }
      event.hasSyscall = true
    }
    if (record.type === EOE) {
      this.#complete(event)
      return
    }
    event.add(record)
    if (event.count === 1 ? standsAlone(record.type) : record.type === PROCTITLE) this.#complete(event)
    else if (event.count >= LIMITS.eventRecords.value || event.bytes > LIMITS.eventBytes.value)
      this.#cut(event)
  }

  /** Copies what open events still hold of the framing's buffers: call before they are used again. */
  own(): void {
    this.#current?.own()
    for (const events of this.#suspended.values()) for (const event of events) event.own()
  }

  /**
   * Ends every open event, oldest first.
   * DEVIATION(osquery): end-of-input: osquery drops what no EOE has ended, and auditd's log holds none.
   */
  end(): void {
    const open = this.#openEvents()
    this.#suspended.clear()
    this.#suspendedCount = 0
    this.#suspendedBytes = 0
    this.#current = null
    for (const event of open) this.#emit(event)
  }

  /** Ends the open events of two seconds before `second` and earlier, oldest first. */
  endOlderThan(second: number): void {
    for (const event of this.#openEvents()) {
      if (event.sec + QUIET_SECONDS > second) continue
      if (event === this.#current) {
        this.#complete(event)
        continue
      }
      const same = this.#suspended.get(event.serial) ?? []
      this.#emit(this.#unsuspend(event.serial, same, same.indexOf(event)))
    }
  }

  /** Everything that the events still to come depend on. */
  saveState(): AssemblerState {
    const ended: [number, number, number, string][] = []
    for (let at = 0; at < REMEMBERED; at++) {
      const serial = this.#endedSerial[at] as number
      if (serial < 0) continue
      ended.push([
        serial,
        this.#endedSec[at] as number,
        this.#endedNsec[at] as number,
        this.#endedNode[at] as string,
      ])
    }
    return { sequence: this.#sequence, open: this.#openEvents().map(saveEvent), ended }
  }

  restoreState(state: AssemblerState): void {
    this.#sequence = state.sequence
    for (const saved of state.open) {
      const event = restoreEvent(saved)
      // Only the current event can begin with PROCTITLE: another event's record ends it, and would not find it.
      if (event.records[0]?.type === PROCTITLE) this.#current = event
      else this.#suspend(event)
    }
    for (const [serial, sec, nsec, node] of state.ended) this.#remember(serial, sec, nsec, node)
  }

  #openEvents(): AuditEvent[] {
    const open = [...this.#suspended.values()].flat()
    if (this.#current !== null) open.push(this.#current)
    return open.sort((a, b) => a.sequence - b.sequence)
  }

  /** Makes the record's event the current one: a suspended one, or a new one; null for an EOE of no open event. */
  #switchTo(record: AuditRecord): AuditEvent | null {
    if (this.#current !== null) {
      if (this.#current.records[0]?.type === PROCTITLE) this.#complete(this.#current)
      else this.#suspend(this.#current)
      this.#current = null
    }
    const resumed = this.#suspendedCount > 0 ? this.#resume(record) : null
    if (resumed !== null) {
      this.#current = resumed
      return resumed
    }
    if (record.type === EOE) return null
    if (this.#hasEnded(record)) this.#reportLate(record)
    const event = this.#open(record)
    if (this.#suspendedCount > 0 && this.#sequence % QUIET_STRIDE === 0) this.#endQuiet(record)
    return event
  }

  #suspend(event: AuditEvent): void {
    const same = this.#suspended.get(event.serial)
    if (same === undefined) this.#suspended.set(event.serial, [event])
    else same.push(event)
    this.#suspendedCount++
    this.#suspendedBytes += event.bytes
  }

  #resume(record: AuditRecord): AuditEvent | null {
    const same = this.#suspended.get(record.serial)
    if (same === undefined) return null
    const at = same.findIndex((event) => event.matches(record))
    return at < 0 ? null : this.#unsuspend(record.serial, same, at)
  }

  #unsuspend(serial: number, same: AuditEvent[], at: number): AuditEvent {
    const [event] = same.splice(at, 1) as [AuditEvent]
    if (same.length === 0) this.#suspended.delete(serial)
    this.#suspendedCount--
    this.#suspendedBytes -= event.bytes
    return event
  }

  /** Ends suspended events that nothing will come for any more, and the oldest while too many are open. */
  #endQuiet(record: AuditRecord): void {
    for (const [serial, same] of this.#suspended) {
      const event = same[0] as AuditEvent
      const younger = this.#sequence - event.sequence
      const isOld = event.sec + QUIET_SECONDS < record.sec
      const isQuiet = younger > PASSED_EVENTS || (younger > QUIET_EVENTS && isOld)
      const isCrowded = this.#suspendedCount >= LIMITS.openEvents.value || this.#suspendedBytes > OPEN_BYTES
      if (!isQuiet && !isCrowded) return
      this.#emit(this.#unsuspend(serial, same, 0))
    }
  }

  #complete(event: AuditEvent): void {
    this.#current = null
    if (event.count > 0) this.#emit(event)
  }

  #emit(event: AuditEvent): void {
    this.events++
    if (event.hasSerial) this.#remember(event.serial, event.sec, event.nsec, event.node)
    this.#consumer.event(event)
    event.release()
    if (this.#pool.length < 64) this.#pool.push(event)
  }

  /** A second SYSCALL under one key: another event that shares it (two hosts without node=). */
  #restart(event: AuditEvent, record: AuditRecord): AuditEvent {
    this.#complete(event)
    return this.#open(record)
  }

  #open(record: AuditRecord): AuditEvent {
    const event = this.#pool.pop() ?? new AuditEvent()
    event.begin(record, this.#sourceId, this.#sequence++)
    this.#current = event
    this.#consumer.opened?.(event)
    return event
  }

  #cut(event: AuditEvent): void {
    this.problem({
      code: "linux-audit/event-too-large",
      severity: "warning",
      offset: event.offset,
      length: event.bytes,
      message: `event ${event.serial} is cut after ${event.count} records and ${event.bytes} bytes`,
      expected: `at most ${LIMITS.eventRecords.value} records and ${LIMITS.eventBytes.value} bytes`,
    })
    this.#complete(event)
  }

  #remember(serial: number, sec: number, nsec: number, node: string): void {
    const slot = serial & (REMEMBERED - 1)
    this.#endedSerial[slot] = serial
    this.#endedSec[slot] = sec
    this.#endedNsec[slot] = nsec
    this.#endedNode[slot] = node
  }

  #hasEnded(record: AuditRecord): boolean {
    const slot = record.serial & (REMEMBERED - 1)
    return (
      record.hasSerial &&
      this.#endedSerial[slot] === record.serial &&
      this.#endedSec[slot] === record.sec &&
      this.#endedNsec[slot] === record.nsec &&
      this.#endedNode[slot] === record.node
    )
  }

  #reportDuplicate(record: AuditRecord): void {
    this.problem({
      code: "linux-audit/duplicate-record",
      severity: "warning",
      offset: record.offset,
      length: record.length,
      message: `the SYSCALL of event ${record.serial} is there twice, byte for byte; one is used`,
    })
  }

  #reportLate(record: AuditRecord): void {
    this.problem({
      code: "linux-audit/late-record",
      severity: "warning",
      offset: record.offset,
      length: record.length,
      message: `a record of event ${record.serial} came after the event had ended; it is kept as an event of its own`,
    })
  }
}

/**
 * True for types of which one record is the whole event: user messages, daemon records, and the kernel's own
 * notes; not for LOGIN (1006), which precedes a SYSCALL.
 */
function standsAlone(type: number): boolean {
  if (type < SYSCALL) return type !== LOGIN && type > 0
  return type >= 2100 || type === 2000 || (type >= 1406 && type <= 1419)
}

function saveEvent(event: AuditEvent): SavedEvent {
  const { node, sec, nsec, serial, hasSerial, sourceId, sequence } = event
  const records = event.records
    .slice(0, event.count)
    .map(
      (r): SavedRecord => [
        r.type,
        r.typeName,
        r.buffer.toString("base64", r.start, r.end),
        r.offset,
        r.length,
      ],
    )
  return { node, sec: Number.isNaN(sec) ? null : sec, nsec, serial, hasSerial, sourceId, sequence, records }
}

function restoreEvent(saved: SavedEvent): AuditEvent {
  const event = new AuditEvent()
  const offset = saved.records[0]?.[3] ?? 0
  const key = { ...saved, sec: saved.sec ?? Number.NaN, offset }
  for (const [type, typeName, body, recordOffset, length] of saved.records) {
    const buffer = Buffer.from(body, "base64")
    const record = {
      ...key,
      type,
      typeName,
      buffer,
      start: 0,
      end: buffer.length,
      offset: recordOffset,
      length,
    }
    if (event.count === 0) event.begin(record, saved.sourceId, saved.sequence)
    event.add(record)
    event.records[event.count - 1]?.own()
    if (type === SYSCALL) event.hasSyscall = true
  }
  return event
}
