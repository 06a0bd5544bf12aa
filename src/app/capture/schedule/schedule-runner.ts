/** Runs what is due, one query at a time; what goes wrong with one is a warning, said once, and stops no other. */
import type { ResultsLog } from "../../../pipeline/results/results-log.ts"
import type { ScheduledQuery } from "../../../pipeline/schedule/config.ts"
import { Scheduler } from "../../../pipeline/schedule/scheduler.ts"
import { tablesOf } from "../../../pipeline/schedule/tables-of.ts"
import type { ScheduleStore } from "../../../store/sqlite/schedule-store.ts"
import { Decorations } from "./decorations.ts"
import { logsNewOnly, runQuery } from "./query-run.ts"
import { RunWriter, recoverLog } from "./run-writer.ts"
import type { ScheduleMessage, ScheduleRequest } from "./schedule-messages.ts"

export interface RunnerParts {
  readonly request: ScheduleRequest
  readonly store: ScheduleStore
  readonly log: ResultsLog | null
  /** Unix time. */
  readonly nowMs: () => number
  readonly send: (message: ScheduleMessage) => void
}

interface Task {
  readonly intervalS: number
  readonly run: () => void
}

/** Different warnings that are said at most; a hostile config could make ever new ones. */
const MOST_WARNINGS = 1000

export class ScheduleRunner {
  readonly #parts: RunnerParts
  readonly #decorations: Decorations
  readonly #scheduler: Scheduler<Task>
  readonly #said = new Set<string>()
  readonly #packs = new Map<string, { readonly isActive: boolean; readonly untilMs: number }>()

  constructor(parts: RunnerParts) {
    const { request, store, log, nowMs } = parts
    this.#parts = parts
    const warn = (message: string) => this.#warnOnce(message)
    this.#decorations = new Decorations(request.decorators, store, request.lines.nullText, warn)
    recoverLog(log, store.state)
    this.#decorations.load()
    const decorators = request.decorators.interval.map(({ everyS, queries }) => {
      return { intervalS: everyS, run: () => this.#decorations.run(queries) }
    })
    const queries = request.queries.map((query) => ({
      intervalS: query.intervalS,
      run: () => this.#run(query),
    }))
    this.#scheduler = new Scheduler<Task>([...queries, ...decorators], nowMs())
  }

  /** What has become due; each to be called in turn. */
  due(): (() => void)[] {
    return this.#scheduler.due(this.#parts.nowMs()).map(({ run }) => run)
  }

  msUntilDue(): number {
    return this.#scheduler.msUntilDue(this.#parts.nowMs())
  }

  /** Queries that log each event once: a last run of them gives what came since the one before. */
  lastRound(): (() => void)[] {
    const { queries, optimizes } = this.#parts.request
    return queries.filter((query) => logsNewOnly(query, optimizes)).map((query) => () => this.#run(query))
  }

  #run(query: ScheduledQuery): void {
    if (!this.#isPackActive(query.pack)) return
    const { request, store, log, nowMs, send } = this.#parts
    const { name, intervalS } = query
    this.#decorations.always()
    const startedMs = nowMs()
    const startedAt = Math.floor(startedMs / 1000)
    send({ kind: "started", name, startedAt, intervalS })
    const kind = query.isSnapshot ? "snapshots" : "results"
    const writer = new RunWriter(log, store.state, kind, (message) => this.#warnOnce(message))
    let rows = 0
    let hasFailed = false
    try {
      rows = runQuery(query, { ...request, store }, writer, startedAt, this.#decorations.values)
    } catch (error) {
      hasFailed = true
      writer.takeBack()
      this.#warnOnce(`${name}: ${messageOf(error)}`)
    }
    if (nowMs() - startedMs > intervalS * 1000) {
      this.#warnOnce(`${name} takes longer than its interval of ${intervalS} s`)
    }
    send({ kind: "run", name, tables: tablesOf(query.sql).eventTables, startedAt, rows, hasFailed })
  }

  /** Every discovery query has to give a row; the answer holds for a while. */
  #isPackActive(pack: string): boolean {
    const { request, nowMs } = this.#parts
    const queries = request.discovery.find((one) => one.pack === pack)?.queries ?? []
    if (queries.length === 0) return true
    const known = this.#packs.get(pack)
    if (known !== undefined && nowMs() < known.untilMs) return known.isActive
    const isActive = queries.every((sql) => this.#givesRows(sql, pack))
    this.#packs.set(pack, { isActive, untilMs: nowMs() + request.discoveryS * 1000 })
    return isActive
  }

  #givesRows(sql: string, pack: string): boolean {
    try {
      return this.#parts.store.query(sql, null, ({ rows }) => {
        for (const _ of rows) return true
        return false
      })
    } catch (error) {
      this.#warnOnce(`pack ${pack} is off: its discovery query fails: ${messageOf(error)}`)
      return false
    }
  }

  #warnOnce(message: string): void {
    if (this.#said.has(message) || this.#said.size >= MOST_WARNINGS) return
    this.#said.add(message)
    this.#parts.send({ kind: "warning", message })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
