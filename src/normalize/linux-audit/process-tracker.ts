/**
 * Remembers which program each process runs, from the rows that have gone by, to name the parent's program.
 * Nothing is asked of the examiner's machine: what the trail has not shown is unknown.
 */

/** Processes remembered per trail; beyond it the one unheard of for longest is forgotten. */
const MAX_PROCESSES = 131_072
const MAX_PATHS = 65_536

export class ProcessTracker {
  readonly #hosts = new Map<string, Map<number, Buffer>>()
  #paths = new Map<string, Buffer>()
  #size = 0

  /** The program of a process, `undefined` when the trail has not shown it. */
  pathOf(host: string, pid: number): Buffer | undefined {
    return this.#hosts.get(host)?.get(pid)
  }

  /** A process is known to run the program whose path is `buffer[start, end)`. */
  learn(host: string, pid: number, buffer: Buffer, start: number, end: number): void {
    let processes = this.#hosts.get(host)
    if (processes === undefined) {
      processes = new Map()
      this.#hosts.set(host, processes)
    }
    const path = this.#intern(buffer, start, end)
    const known = processes.get(pid)
    if (known === path) return
    if (known === undefined) this.#size++
    processes.set(pid, path)
    if (this.#size > MAX_PROCESSES) this.#forgetOldest()
  }

  forget(host: string, pid: number): void {
    if (this.#hosts.get(host)?.delete(pid)) this.#size--
  }

  #intern(buffer: Buffer, start: number, end: number): Buffer {
    const key = buffer.latin1Slice(start, end)
    const known = this.#paths.get(key)
    if (known !== undefined) return known
    if (this.#paths.size >= MAX_PATHS) this.#paths = new Map()
    const path = Buffer.from(key, "latin1")
    this.#paths.set(key, path)
    return path
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
