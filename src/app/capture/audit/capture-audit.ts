/** Use case: record this host's audit events into a database, from the kernel itself, and say what was missed. */
import type { Clock } from "../../../base/clock.ts"
import { Completeness } from "../../../formats/linux-audit/completeness.ts"
import { recordTypeName } from "../../../formats/linux-audit/tables/record-types.ts"
import { type LossFigures, LossLedger } from "../../../pipeline/loss-ledger.ts"
import { BATCH_RECORDS, PAUSE_MS, QUEUE_RECORDS } from "../../../pipeline/throttle.ts"
import type { RowChoice } from "../../../schema/row-choice.ts"
import { describeProcess } from "../../../sources/audit/owner.ts"
import { AuditReader } from "../../../sources/audit/reader/audit-reader.ts"
import { SLOT } from "../../../sources/audit/reader/message-ring.ts"
import { systemError } from "../../../sources/native/native-error.ts"
import type { LiveSession } from "../live-session.ts"
import type { RawLog } from "../raw-log.ts"
import { AuditFeed } from "./audit-feed.ts"
import type { KernelSession } from "./kernel-session.ts"
import type { RecordPlaces } from "./record-places.ts"

/** The kernel's counters and the owner are looked at so often. */
const LOOK_MS = 1000
/** After the rules are gone, what is under way is waited for: until nothing has come for so long. */
const QUIET_MS = 100
/** Nothing comes, and the kernel still holds records: so long at most. Records go on coming: so long at most. */
const STUCK_MS = 3000
const DRAIN_MS = 30_000
const DRAIN_STEP_MS = 20
/** AUDIT_REPLACE: another process asked for the socket. */
const REPLACE = 1329

export interface AuditCaptureOptions {
  readonly session: LiveSession
  readonly kernel: KernelSession
  readonly places: RecordPlaces
  readonly raw: RawLog | undefined
  readonly clock: Clock
  readonly host: string
  readonly isMulticast: boolean
  /** audit_persist */
  readonly persists: boolean
  readonly choice: RowChoice
  readonly say: (message: string, isVerbose: boolean) => void
  /** Each record as text, under --audit_debug. */
  readonly debug?: (text: string) => void
  /** Called once a second. */
  readonly onLook: (look: KernelLook) => void
}

export interface KernelLook {
  /** Since the capture began. */
  readonly lost: number
  readonly backlog: number
  readonly backlogLimit: number
}

export class AuditCapture {
  readonly #options: AuditCaptureOptions
  readonly #ledger: LossLedger
  readonly #completeness = new Completeness()
  readonly #feed: AuditFeed
  readonly #reader: AuditReader
  #ownerPid = process.pid
  #isStopping = false
  #looking: NodeJS.Timeout | undefined

  /** Starts the reader's thread; the kernel is set up already. */
  constructor(options: AuditCaptureOptions) {
    this.#options = options
    const { session, kernel, clock, host, choice } = options
    this.#ledger = new LossLedger(kernel.status().lost, clock.nowMs())
    this.#feed = new AuditFeed({
      session,
      clock,
      readerOptions: {
        writer: session.writer,
        host,
        rows: choice,
        eids: session.eids,
        problem: session.problem,
        gap: session.gap,
      },
      taps: {
        place: (type, buffer, start, end, place) => {
          options.places.place(type, buffer, start, end, place)
          options.debug?.(`${recordTypeName(type)}, ${buffer.latin1Slice(start, end)}`)
        },
        control: (type, payload) => this.#noteControl(type, payload),
        note: (record) => this.#completeness.note(record),
      },
    })
    this.#reader = new AuditReader({
      descriptor: kernel.descriptor,
      bound: QUEUE_RECORDS,
      pauseMs: PAUSE_MS,
      slack: BATCH_RECORDS,
    })
  }

  /** Resolves when nothing more has to be loaded: privileges can go. */
  ready(): Promise<void> {
    return this.#reader.ready()
  }

  /** To be called after the process has changed its user. */
  dropPrivileges(): void {
    this.#reader.dropPrivileges()
  }

  get depths(): readonly [number, number] {
    const [waiting, processed] = this.#options.session.pipeline.depths
    return [Math.max(waiting, this.#reader.ring.waiting), processed]
  }

  get highest(): readonly [number, number] {
    const [, processed] = this.#options.session.pipeline.highest
    return [this.#reader.ring.get(SLOT.highest), processed]
  }

  get longestGapMs(): number {
    return this.#reader.ring.get(SLOT.longestGapMs)
  }

  /** Records until `stop` was called and everything that had come is stored. */
  async run(): Promise<void> {
    const { session, kernel, places } = this.#options
    places.begin(this.#options.raw, (sourceId, tally) => this.#feed.beginSource(sourceId, tally))
    this.#feed.pushEarly(kernel.early.splice(0))
    this.#looking = setInterval(() => this.#lookOrFail(), LOOK_MS)
    try {
      await session.run(() => this.#feed.publish(this.#reader))
      this.#checkReader()
    } finally {
      clearInterval(this.#looking)
      await this.#reader.close()
    }
  }

  /** Takes the rules out, lets what is under way come in, and ends the reader. */
  async stop(): Promise<void> {
    if (this.#isStopping) return
    this.#isStopping = true
    this.#options.session.isStalling = false
    this.#options.kernel.removeRules()
    await this.#drain()
    this.#reader.stop("when empty")
  }

  async #drain(): Promise<void> {
    const { kernel, clock } = this.#options
    const began = clock.nowMs()
    let taken = -1
    let changedMs = began
    while (clock.nowMs() - began < DRAIN_MS) {
      const now = this.#reader.ring.get(SLOT.taken)
      if (now !== taken) changedMs = clock.nowMs()
      taken = now
      const quietMs = clock.nowMs() - changedMs
      if (quietMs >= STUCK_MS || (quietMs >= QUIET_MS && kernel.status().backlog === 0)) return
      await clock.sleep(DRAIN_STEP_MS)
    }
  }

  /** The books, when all is over; the gaps that are left go into the session. */
  close(): LossFigures {
    const { kernel, clock, session } = this.#options
    this.#completeness.end()
    this.#account(kernel.status().lost)
    const back = this.#ledger.socketBack(clock.nowMs())
    if (back !== undefined) this.#gap(back)
    const figures = this.figures()
    for (const gap of endGaps(figures, session.pipeline.reading.seconds)) this.#gap(gap)
    session.flush()
    return figures
  }

  figures(): LossFigures {
    const { events, records } = this.#completeness.missing
    return this.#ledger.figures({ incompleteEvents: events, missingRecords: records })
  }

  /** What fails here ends the run in order, as a stage of the pipeline does that fails. */
  #lookOrFail(): void {
    try {
      this.#look()
    } catch (error) {
      clearInterval(this.#looking)
      this.#options.session.fail(error)
    }
  }

  #look(): void {
    if (this.#isStopping) return
    const { kernel, onLook } = this.#options
    const { lost, backlog, backlogLimit, pid } = kernel.status()
    this.#account(lost)
    if (!this.#options.isMulticast) this.#watchOwner(pid)
    this.#feed.tick(this.#reader)
    onLook({ lost: this.figures().kernelLost, backlog, backlogLimit })
  }

  #account(lost: number): void {
    const overruns = this.#reader.ring.get(SLOT.overruns)
    for (const gap of this.#ledger.look(lost, overruns, this.#options.clock.nowMs())) this.#gap(gap)
  }

  #gap(gap: Parameters<LiveSession["gap"]>[0]): void {
    this.#options.session.gap(gap, this.#options.host, this.#options.places.sourceId)
  }

  /** osquery's words; DEVIATION(osquery): owner-watch: it looks every thousand turns, which can take half an hour. */
  #watchOwner(pid: number): void {
    const { clock, say, persists, kernel } = this.#options
    if (pid === process.pid) return
    if (pid !== this.#ownerPid) {
      this.#ownerPid = pid
      const name = pid === 0 ? "" : ` (${describeProcess(pid).name})`
      say(`Audit control lost to pid: ${pid}${name}`, false)
      if (persists) say("Attempting to reacquire control of the audit service", false)
    }
    this.#ledger.socketLost(clock.nowMs())
    if (!persists) return
    const descriptor = kernel.reacquire()
    if (descriptor === undefined) return
    this.#ownerPid = process.pid
    this.#reader.switchTo(descriptor)
    this.#feed.pushEarly(kernel.early.splice(0))
    const back = this.#ledger.socketBack(clock.nowMs())
    if (back !== undefined) this.#gap(back)
    say("Audit control is back", false)
  }

  #noteControl(type: number, payload: Buffer): void {
    if (type !== REPLACE || payload.length < 4) return
    const pid = payload.readInt32LE(0)
    if (pid === process.pid) return
    const { name } = describeProcess(pid)
    this.#options.say(`pid ${pid} (${name}) asked for the audit socket; the kernel leaves it here`, true)
  }

  #checkReader(): void {
    const failure = this.#reader.ring.get(SLOT.failure)
    if (failure !== 0) throw systemError("reading the audit socket", failure)
  }
}

/** What only the end can tell. */
function endGaps(figures: LossFigures, throttledSeconds: number) {
  const gaps: { kind: string; what: string; evidence: string; offset: number }[] = []
  if (figures.missingRecords > 0) {
    gaps.push({
      kind: "incomplete-events",
      what: `${figures.missingRecords} records missing from ${figures.incompleteEvents} events that were stored`,
      evidence: "what the other records of an event announce: items, the call, the end of the event",
      offset: 0,
    })
  }
  if (throttledSeconds > 0) {
    gaps.push({
      kind: "throttled",
      what: `reading was held back for ${throttledSeconds} s: no loss by itself`,
      evidence: "the pauses of the reader while more than 4096 records waited",
      offset: 0,
    })
  }
  return gaps
}
