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
}

export class ProcessTracker {
  readonly #hosts = new Map<string, Map<number, number>>()
  #paths = new BytePool()
  #size = 0

  /** Where the paths lie that `pathOf` numbers. */
  get paths(): BytePool {
    return this.#paths
  }

  /** Number of the path of a process's program in `paths`, `undefined` when the trail has not shown it. */
  pathOf(host: string, pid: number): number | undefined {
    return this.#hosts.get(host)?.get(pid)
  }

  /** A process is known to run the program whose path is `buffer[start, end)`. */
  learn(host: string, pid: number, buffer: Buffer, start: number, end: number): void {
    // A trail with more programs than the pool holds is an attack on it: begin anew.
    if (this.#paths.isFull) {
      this.#hosts.clear()
      this.#paths = new BytePool()
      this.#size = 0
    }
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
    if (row.eventType === "fork" && row.parent !== null && row.parentPath === row.path) {
      this.learn(row.host, row.parent, path, 0, path.length)
    }
    if (row.pid === null) return
    if (row.eventType === "exit") {
      this.forget(row.host, row.pid)
      return
    }
    const isFailed = row.status !== 0 && row.eventType !== "signal"
    if (!isFailed && path.length > 0) this.learn(row.host, row.pid, path, 0, path.length)
  }

  forget(host: string, pid: number): void {
    if (this.#hosts.get(host)?.delete(pid)) this.#size--
  }

  #forgetOldest(): void {
    for (const processes of this.#hosts.values()) {
      for (const pid of processes.keys()) {
        processes.delete(pid)
        this.#size--
        return
      }
    }
  }
}
