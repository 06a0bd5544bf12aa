/**
 * Remembers which program each process runs, from the rows that have gone by, to name the parent's program.
 * Nothing is asked of the examiner's machine: what the trail has not shown is unknown.
 */

import { BytePool } from "./byte-pool.ts"
import { bytesOfText } from "./text.ts"

/** Processes remembered per trail; beyond it the one unheard of for longest is forgotten. */
const MAX_PROCESSES = 131_072

/** What a row of process_events tells the tracker. */
export interface TrackedRow {
  readonly host: string
  readonly pid: number | null
  readonly parent: number | null
  readonly eventType: string
  readonly status: number | null
  readonly path: string
  readonly parentPath: string
  /** Seconds since 1970. */
  readonly time: number | null
}

export class ProcessTracker {
  readonly #hosts = new Map<string, Map<number, number>>()
  /** When each was learnt, by host and pid; kept only where that counts. */
  readonly #seconds = new Map<string, Map<number, number>>()
  #maxAge: number
  #paths = new BytePool()
  #size = 0

  /**
   * @param maxAge seconds for which a process counts as running what it was started with: where the end of processes is
   * not recorded, the pid may be another's by then
   */
  constructor(maxAge = Number.POSITIVE_INFINITY) {
    this.#maxAge = maxAge
  }

  /** Where the paths lie that `pathOf` numbers. */
  get paths(): BytePool {
    return this.#paths
  }

  /**
   * Number of the path of a process's program in `paths`, `undefined` when the trail has not shown it.
   * @param second at which it is asked for, where the age of what is known counts
   */
  pathOf(host: string, pid: number, second = Number.NaN): number | undefined {
    const path = this.#hosts.get(host)?.get(pid)
    if (path === undefined || this.#maxAge === Number.POSITIVE_INFINITY) return path
    const age = second - (this.#seconds.get(host)?.get(pid) ?? Number.NaN)
    return age >= 0 && age <= this.#maxAge ? path : undefined
  }

  /** A process is known to run the program whose path is `buffer[start, end)`, since `second`. */
  learn(host: string, pid: number, buffer: Buffer, start: number, end: number, second = Number.NaN): void {
    // A trail with more programs than the pool holds is an attack on it: begin anew.
    if (this.#paths.isFull) {
      this.#hosts.clear()
      this.#seconds.clear()
      this.#paths = new BytePool()
      this.#size = 0
    }
    if (this.#maxAge !== Number.POSITIVE_INFINITY) this.#note(host, pid, second)
    let processes = this.#hosts.get(host)
    if (processes === undefined) {
      processes = new Map()
      this.#hosts.set(host, processes)
    }
    const path = this.#paths.intern(buffer.latin1Slice(start, end), "latin1")
    const known = processes.get(pid)
    if (known === path) return
    if (known === undefined) this.#size++
    processes.set(pid, path)
    if (this.#size > MAX_PROCESSES) this.#forgetOldest()
  }

  /** Takes in a row that was written before: the tracker is then as it was after that row. */
  replay(row: TrackedRow): void {
    const path = bytesOfText(row.path)
    const second = row.time ?? Number.NaN
    if (row.eventType === "fork" && row.parent !== null && row.parentPath === row.path) {
      this.learn(row.host, row.parent, path, 0, path.length, second)
    }
    if (row.pid === null) return
    if (row.eventType === "exit") {
      this.forget(row.host, row.pid)
      return
    }
    const isFailed = row.status !== 0 && row.eventType !== "signal"
    if (!isFailed && path.length > 0) this.learn(row.host, row.pid, path, 0, path.length, second)
  }

  /** The trail shows the end of processes: until then, what is known of one counts, whatever its age. */
  keepUntilEnd(): void {
    this.#maxAge = Number.POSITIVE_INFINITY
  }

  /** Nothing was recorded for a while: pids may be those of others. */
  forgetHost(host: string): void {
    this.#size -= this.#hosts.get(host)?.size ?? 0
    this.#hosts.delete(host)
    this.#seconds.delete(host)
  }

  forget(host: string, pid: number): void {
    if (this.#hosts.get(host)?.delete(pid)) this.#size--
    this.#seconds.get(host)?.delete(pid)
  }

  #note(host: string, pid: number, second: number): void {
    const seconds = this.#seconds.get(host) ?? new Map<number, number>()
    seconds.set(pid, second)
    this.#seconds.set(host, seconds)
  }

  #forgetOldest(): void {
    for (const [host, processes] of this.#hosts) {
      for (const pid of processes.keys()) {
        this.forget(host, pid)
        return
      }
    }
  }
}
