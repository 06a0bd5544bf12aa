/** What a live run is, whatever its source: the database opened, the run noted, its end decided and told. */
import type { rowChoice } from "../../pipeline/flags/row-choice.ts"
import type { LossFigures } from "../../pipeline/loss-ledger.ts"
import type { OsqueryConfig } from "../../pipeline/schedule/config.ts"
import type { RowChoice } from "../../schema/row-choice.ts"
import type { QueuedRow } from "../../schema/row-value.ts"
import type { ProcessRow, RowRange, SourceRow } from "../../store/case-store.ts"
import { EventsRetention } from "../../store/events-retention.ts"
import type { LiveStore } from "../../store/live-store.ts"
import { openLiveCase } from "../../store/sqlite/live-case.ts"
import { describeCaseError } from "../case-errors.ts"
import { EXIT_CODES } from "../exit-codes.ts"
import type { CaptureSummary, LiveRequest, LiveState, StreamLoss } from "./capture-request.ts"
import { LiveSchedule, minimumsOf } from "./live-schedule.ts"
import { LiveSession } from "./live-session.ts"
import type { Account } from "./schedule/schedule-messages.ts"
import { Subscribers } from "./subscribers.ts"

export interface LiveRunOptions {
  /** As osquery names it. */
  readonly publisher: string
  readonly choice: RowChoice
  /** By events_expiry and events_max rows go again, reckoned from this time; without it all stay. */
  readonly retainSince?: () => number
  readonly config?: OsqueryConfig
  /** Tables of the publisher that the choice does not name. */
  readonly tables?: readonly string[]
  /** Rows that go no further. */
  readonly keeps?: (row: QueuedRow) => boolean
  /** Kinds of gaps by which the run counts as one that lost records. */
  readonly losses?: ReadonlySet<string>
}

/** Why a run ends. */
export type Ending = "running" | "source ended" | "source failed" | "stopped" | "time is up" | "watchdog"

export class LiveRun {
  readonly session: LiveSession
  readonly say: (message: string, isVerbose: boolean) => void
  readonly #request: LiveRequest
  readonly #options: LiveRunOptions
  readonly #store: LiveStore
  readonly #runId: number
  readonly #subscribers: Subscribers
  readonly #retention: EventsRetention | undefined
  readonly #beganMs: number
  #schedule: LiveSchedule | undefined
  #timer: NodeJS.Timeout | undefined
  #stopping: (() => Promise<void>) | undefined
  #exitCode: number = EXIT_CODES.failed.code
  ended: Ending = "running"

  /** Opens the database. @throws RetrailError */
  constructor(request: LiveRequest, options: LiveRunOptions) {
    const { flags, clock, display, database, version, argv, stallMs } = request
    this.#request = request
    this.#options = options
    this.#store = openStore(database)
    this.#runId = this.#store.beginRun({ version, args: argv, started: new Date().toISOString() })
    this.#beganMs = clock.nowMs()
    const isVerbose = flags.bool("verbose")
    this.say = (message, onlyVerbose) => {
      if (isVerbose || !onlyVerbose) display.log(message)
    }
    const tables = [...tablesOf(options.choice), ...(options.tables ?? [])]
    if (options.retainSince !== undefined) {
      this.#retention = new EventsRetention({
        store: this.#store,
        expirySeconds: flags.int("events_expiry"),
        max: flags.int("events_max"),
        publishers: new Map(tables.map((table) => [table, options.publisher])),
        scheduleMinimums: minimumsOf(options.config),
        nowSeconds: options.retainSince,
      })
    }
    this.#subscribers = new Subscribers({
      publisher: options.publisher,
      tables,
      retention: this.#retention,
      warn: (warning) => display.log(`Warning: ${warning}`),
    })
    this.session = new LiveSession({
      store: this.#store,
      runId: this.#runId,
      clock,
      subscribers: this.#subscribers,
      say: this.say,
      stallMs,
      ...(options.keeps === undefined ? {} : { keeps: options.keeps }),
    })
    this.#store.setFlags(
      flags.rows().map((row) => ({ ...row, defaultValue: row.default_value, isShellOnly: false })),
    )
    this.#store.setEvents(this.#subscribers.events(0, true))
    this.#retention?.atStart()
  }

  /** Rows of process_events of these sources that are stored, in their order. */
  processRows(sourceIds: readonly number[]): Iterable<ProcessRow> {
    return this.#store.processRows(sourceIds, Number.MAX_SAFE_INTEGER)
  }

  /** Rows of an earlier run go that were written for events which go on. */
  retract(ranges: readonly RowRange[], source: SourceRow): void {
    if (ranges.length > 0) this.#store.retract(ranges, source)
  }

  /** Starts the config's queries; their process opens what it needs before this resolves. */
  async startSchedule(account: Account | undefined): Promise<void> {
    const { flags, database, display } = this.#request
    const { config } = this.#options
    if (config === undefined) return
    this.#schedule = new LiveSchedule({
      config,
      flags,
      database,
      account,
      warn: (message) => display.log(message),
      selected: (table, reads) => this.#retention?.afterSelect(table, reads),
    })
    await this.#schedule.ready
  }

  /** Lets scheduled queries log what came last, and ends them. */
  async stopSchedule(): Promise<void> {
    await this.#schedule?.stop()
  }

  /** The account that the process is going to be owns the database from now on. */
  handOver(account: { readonly uid: number; readonly gid: number }): void {
    this.#store.handOver(account.uid, account.gid)
  }

  /** `stop` is called once: by the signal, when the time is up, or by `stop()`. */
  onStop(stop: () => Promise<void>, durationMs: number): void {
    const { signal } = this.#request
    this.#stopping = stop
    if (durationMs > 0) this.#timer = setTimeout(() => this.stop("time is up"), durationMs)
    if (signal.aborted) this.stop("stopped")
    else signal.addEventListener("abort", () => this.stop("stopped"), { once: true })
  }

  stop(why: Ending): void {
    if (this.ended !== "running") return
    this.ended = why
    // A failure to stop shows in the run itself, which then ends with it.
    this.#stopping?.().catch((error) => this.session.fail(error))
  }

  /** Once a second: what the person sees, and what osquery_events says. */
  show(depths: readonly [number, number], kernel: LiveState["kernel"]): void {
    const { clock, display } = this.#request
    this.#store.setEvents(this.#subscribers.events(this.session.pipeline.refreshes, true))
    display.update({
      nowMs: clock.nowMs(),
      records: this.session.records,
      rows: this.#subscribers.rows,
      depths,
      kernel,
      residentBytes: process.memoryUsage.rss(),
    })
  }

  summarise(
    loss: LossFigures | null,
    highestDepths: readonly [number, number],
    own: StreamLoss = {},
  ): CaptureSummary {
    const { session } = this
    if (this.ended === "running") this.ended = "source ended"
    this.#store.setEvents(this.#subscribers.events(session.pipeline.refreshes, false))
    this.#exitCode = this.#exitCodeOf([loss, own.pipe, own.bpf].every((one) => one?.isNone !== false))
    return {
      database: this.#request.database,
      seconds: (this.#request.clock.nowMs() - this.#beganMs) / 1000,
      records: session.records,
      rows: Object.fromEntries(this.#subscribers.rows),
      expired: this.#expired(),
      problems: Object.fromEntries(session.problems),
      gaps: Object.fromEntries(session.gaps),
      highestDepths,
      throttled: {
        readingSeconds: session.pipeline.reading.seconds,
        processingSeconds: session.pipeline.processing.seconds,
      },
      loss,
      ...own,
      ended: this.ended,
      exitCode: this.#exitCode,
    }
  }

  describeError(error: unknown): unknown {
    return describeCaseError(error, this.#request.database)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#request.display.end()
    try {
      this.#store.endRun(this.#runId, new Date().toISOString(), this.#exitCode)
    } catch (error) {
      // What was thrown before gives way to this: on a full disk both say the same.
      throw this.describeError(error)
    } finally {
      this.#store.close()
    }
  }

  #exitCodeOf(isComplete: boolean): number {
    if (this.ended === "source failed") return EXIT_CODES.failed.code
    const { problems, gaps } = this.session
    const hasGap = [...gaps.keys()].some((kind) => this.#options.losses?.has(kind) === true)
    if (hasGap || !isComplete) return EXIT_CODES.recordsLost.code
    return problems.size > 0 ? EXIT_CODES.problemsRecorded.code : EXIT_CODES.done.code
  }

  #expired(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const [table, rows] of this.#retention?.expired ?? []) counts[table] = rows
    for (const [table, rows] of this.#retention?.overflowed ?? []) counts[table] = (counts[table] ?? 0) + rows
    return counts
  }
}

function openStore(database: string): LiveStore {
  try {
    return openLiveCase(database)
  } catch (error) {
    throw describeCaseError(error, database)
  }
}

function tablesOf(choice: ReturnType<typeof rowChoice>): string[] {
  const tables: [boolean, string][] = [
    [choice.processes, "process_events"],
    [choice.sockets, "socket_events"],
    [choice.users, "user_events"],
    [choice.files, "process_file_events"],
    [choice.selinux, "selinux_events"],
    [choice.apparmor, "apparmor_events"],
    [choice.seccomp, "seccomp_events"],
  ]
  return tables.filter(([isChosen]) => isChosen).map(([, table]) => table)
}
