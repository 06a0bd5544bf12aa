/**
 * What threads are called at a moment: a COMM record names one, a FORK hands the parent's name on.
 * Source: tools/perf/util/machine.c, thread.c.
 */
const MOST_THREADS = 4_000_000
const NO_NAME = Buffer.alloc(0)

interface Thread {
  pid: number
  /** Empty where no record has told. */
  comm: Buffer
}

export class Threads {
  readonly #threads = new Map<number, Thread>()

  constructor() {
    this.clear()
  }

  clear(): void {
    this.#threads.clear()
    this.#threads.set(0, { pid: 0, comm: Buffer.from("swapper") })
  }

  /** Empty for a thread that no record has named. */
  commOf(tid: number): Buffer {
    return this.#threads.get(tid)?.comm ?? NO_NAME
  }

  /** @param comm copied */
  name(pid: number, tid: number, comm: Buffer): void {
    const known = this.#threads.get(tid)
    if (known !== undefined) {
      known.pid = pid
      known.comm = Buffer.from(comm)
    } else if (this.#threads.size < MOST_THREADS) this.#threads.set(tid, { pid, comm: Buffer.from(comm) })
  }

  fork(pid: number, tid: number, ppid: number, ptid: number): void {
    const parent = this.#threads.get(ptid)
    // The number was given to another process since, whose beginning was lost.
    const isParent = parent !== undefined && parent.pid === ppid
    if (parent !== undefined && !isParent) this.#threads.delete(ptid)
    const comm = isParent ? parent.comm : NO_NAME
    if (this.#threads.size < MOST_THREADS || this.#threads.has(tid)) this.#threads.set(tid, { pid, comm })
  }
}
