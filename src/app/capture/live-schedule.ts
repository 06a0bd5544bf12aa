/**
 * The schedule of a live run: its config read, its process started, its runs told to those who keep the events.
 * Source of truth: osquery osquery/config/config.cpp (options over flags), osquery/events/eventfactory.cpp (expiry).
 */
import { hostname } from "node:os"
import type { OsqueryFlags } from "../../pipeline/flags/osquery-flags.ts"
import { allQueries, type OsqueryConfig, type ScheduledQuery } from "../../pipeline/schedule/config.ts"
import { loadConfig } from "../../pipeline/schedule/config-file.ts"
import { scheduleMinimums, tablesOf } from "../../pipeline/schedule/tables-of.ts"
import type { RowChoice } from "../../schema/row-choice.ts"
import type { ScheduledReads } from "../../store/events-expiry.ts"
import { UsageError } from "../errors.ts"
import { hostIdentifier } from "./schedule/host-identifier.ts"
import { type RunningSchedule, startSchedule } from "./schedule/run-schedule.ts"
import type { Account, ScheduleMessage } from "./schedule/schedule-messages.ts"
import { scheduleRequest } from "./schedule/schedule-request.ts"

/** Reads --config and takes its `options` for flags. @throws UsageError when it cannot be used */
export function readConfig(
  path: string,
  flags: OsqueryFlags,
  warn: (message: string) => void,
): OsqueryConfig {
  const result = loadConfig(path, {
    platform: process.platform,
    host: hostname(),
    packDelimiter: flags.text("pack_delimiter"),
    defaultIntervalS: flags.int("schedule_default_interval"),
  })
  if (!result.ok) throw new UsageError(result.message, "--config takes a config of osquery, as JSON.")
  for (const warning of result.warnings) warn(`Warning: ${path}: ${warning}`)
  for (const [name, value] of result.config.options) {
    const taken = flags.set(name, value, "config")
    if (!taken.ok) warn(`Warning: ${path}: ${taken.message}`)
  }
  return result.config
}

/** `events` of a config: what it disables wins. */
export function chooseSubscribers(choice: RowChoice, config: OsqueryConfig | undefined): RowChoice {
  if (config === undefined) return choice
  const { enabledSubscribers, disabledSubscribers } = config
  const isOn = (table: string, standard: boolean) =>
    !disabledSubscribers.includes(table) && (standard || enabledSubscribers.includes(table))
  return {
    ...choice,
    processes: isOn("process_events", choice.processes),
    sockets: isOn("socket_events", choice.sockets),
    users: isOn("user_events", choice.users),
    selinux: isOn("selinux_events", choice.selinux),
    apparmor: isOn("apparmor_events", choice.apparmor),
    seccomp: isOn("seccomp_events", choice.seccomp),
    files: isOn("process_file_events", choice.files),
  }
}

export interface LiveScheduleOptions {
  readonly config: OsqueryConfig
  readonly flags: OsqueryFlags
  readonly database: string
  readonly account: Account | undefined
  readonly warn: (message: string) => void
  /** Rows of a table were selected; all that its queries have seen may go. */
  readonly selected: (table: string, reads: ScheduledReads) => void
}

export class LiveSchedule {
  readonly #options: LiveScheduleOptions
  readonly #queries: readonly ScheduledQuery[]
  readonly #running: RunningSchedule
  /** Of each table: when each query over it began last. */
  readonly #executed = new Map<string, Map<string, number>>()
  #isStopping = false

  /** Starts its process, which opens the database and the log while it may. */
  constructor(options: LiveScheduleOptions) {
    this.#options = options
    const { config, flags, database, account } = options
    this.#queries = allQueries(config)
    const request = scheduleRequest(flags, config, {
      database,
      hostIdentifier: hostIdentifier(flags),
      ...(account === undefined ? {} : { dropTo: { uid: account.uid, gid: account.gid } }),
    })
    this.#running = startSchedule(request, (message) => this.#hear(message))
    void this.#running.ended.then(({ reason }) => {
      if (reason !== "" && !this.#isStopping) options.warn(`Warning: scheduled queries ended: ${reason}`)
    })
  }

  /** Resolves when its process has opened what it needs. */
  get ready(): Promise<void> {
    return this.#running.ready
  }

  /** Logs what came since the last runs, and ends. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#running.stop()
  }

  #hear(message: ScheduleMessage): void {
    if (message.kind === "warning") this.#options.warn(`Warning: ${message.message}`)
    if (message.kind !== "run" || message.hasFailed) return
    for (const table of message.tables) {
      const executed = this.#executed.get(table) ?? new Map<string, number>()
      this.#executed.set(table, executed)
      executed.set(message.name, message.startedAt)
      this.#options.selected(table, { queryCount: this.#queriesOver(table), executed })
    }
  }

  #queriesOver(table: string): number {
    return this.#queries.filter(({ sql }) => tablesOf(sql).eventTables.includes(table)).length
  }
}

/** Seconds that the rows of each table are kept at least. */
export function minimumsOf(config: OsqueryConfig | undefined): ReadonlyMap<string, number> {
  return config === undefined ? new Map() : scheduleMinimums(allQueries(config))
}
