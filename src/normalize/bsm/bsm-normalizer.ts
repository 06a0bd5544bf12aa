/** Turns BSM records into rows of every table that they fill. */

import type { TrackedRow } from "../../base/process-tracker.ts"
import { bytesOfText } from "../../base/text.ts"
import type { BsmRecord } from "../../formats/bsm/record.ts"
import type { BsmPlatform } from "../../formats/bsm/tables/events.ts"
import { AuditCoverage, type CoverageCounts } from "./audit-coverage.ts"
import { type EventRole, EventRoles } from "./event-roles.ts"
import { FileRows } from "./file-rows.ts"
import { ProcessRows } from "./process-rows.ts"
import type { SavedDirectory } from "./process-tree.ts"
import { type NormalizerOptions, RowContext } from "./row-context.ts"
import { SocketRows } from "./socket-rows.ts"
import { USER_KINDS } from "./user-kinds.ts"
import { UserRows } from "./user-rows.ts"

export interface BsmNormalizerState {
  readonly coverage: CoverageCounts
  readonly directories: readonly SavedDirectory[]
  /** Second from which on processes are known, by host: auditing began then. */
  readonly startups: readonly (readonly [host: string, second: number])[]
}

/** Hosts whose last startup is remembered. */
const MOST_HOSTS = 64

export class BsmNormalizer {
  readonly #row: RowContext
  readonly #roles = new EventRoles()
  readonly #coverage = new AuditCoverage()
  readonly #process: ProcessRows
  readonly #socket: SocketRows
  readonly #user: UserRows
  readonly #file: FileRows
  readonly #startups = new Map<string, number>()

  constructor(options: NormalizerOptions) {
    this.#row = new RowContext(options)
    this.#process = new ProcessRows(this.#row)
    this.#socket = new SocketRows(this.#row)
    this.#user = new UserRows(this.#row)
    this.#file = new FileRows(this.#row)
  }

  /** What the records so far hold, those of all sources. */
  get coverage(): Readonly<CoverageCounts> {
    return this.#coverage.counts
  }

  /** The host that a record's header names, else the one given for the run. */
  hostOf(record: BsmRecord): string {
    this.#row.record = record
    return this.#row.hostOf(record)
  }

  /** File tokens, which stand between records, give no rows. */
  record(record: BsmRecord, platform: BsmPlatform, sourceId: number): void {
    if (record.kind !== "record" || record.count === 0) return
    const { event } = record
    this.#coverage.countRecord(platform, event)
    const role = this.#roles.find(platform, event)
    const isUser = USER_KINDS.has(event)
    if (role === undefined && !isUser) return
    this.#row.begin(record, platform, sourceId)
    if (isUser && this.#row.hasSubject) this.#user.write(event)
    else if (role !== undefined) this.#writeRole(role)
  }

  saveState(): BsmNormalizerState {
    const directories = this.#row.tree.saveDirectories()
    return { coverage: this.coverage, directories, startups: [...this.#startups] }
  }

  restoreState({ coverage, directories, startups }: BsmNormalizerState): void {
    this.#coverage.restore(coverage)
    this.#row.tree.restoreDirectories(directories)
    for (const [host, second] of startups) this.#startups.set(host, second)
  }

  /** Takes in a row of process_events that was written before; the processes are then known as after that row. */
  replay(row: TrackedRow): void {
    const { tracker, tree } = this.#row
    const { host, pid, parent, eventType, status, time } = row
    if (eventType === "exit") tracker.keepUntilEnd()
    const startup = this.#startups.get(host)
    if (pid === null || (startup !== undefined && time !== null && time < startup)) return
    if (eventType === "exit") {
      tracker.forget(host, pid)
      tree.ended(host, pid)
      return
    }
    if (status !== 0) return
    if (parent !== null) tree.adopted(host, pid, parent)
    const path = bytesOfText(row.path)
    if (path.length === 0) tracker.forget(host, pid)
    else tracker.learn(host, pid, path, 0, path.length, time ?? Number.NaN)
  }

  #writeRole(role: EventRole): void {
    this.#coverage.countCall(this.#row, role)
    switch (role.kind) {
      case "exec":
      case "spawn":
        this.#process.exec(role)
        return
      case "fork":
        this.#process.fork(role)
        return
      case "exit":
        this.#process.exit(role)
        return
      case "chdir":
      case "chroot":
        this.#process.move(role)
        return
      case "socket":
        this.#socket.write(role)
        return
      case "file":
        this.#file.write(role)
        return
      case "startup":
        this.#forgetProcesses()
    }
  }

  /** What happened while nothing was recorded is not known. */
  #forgetProcesses(): void {
    const { host, tracker, tree, sec } = this.#row
    tracker.forgetHost(host)
    tree.forget(host)
    if (this.#startups.size >= MOST_HOSTS) this.#startups.clear()
    this.#startups.set(host, sec)
  }
}
