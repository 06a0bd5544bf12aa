/**
 * What is known of running processes and their descriptors, from what the recording has shown.
 *
 * DEVIATION(osquery): state-of-the-recording: osquery fills the table from /proc of the machine it runs on, and again
 * every ten minutes; a recording is read elsewhere and later, so that what it does not show stays unknown.
 * DEVIATION(osquery): descriptor-reuse: osquery keeps the old file of a descriptor number that is opened anew, and the
 * old process of a pid that is used anew; here the newer one counts.
 */

/** Processes remembered; beyond it the one unheard of for longest is forgotten. */
const MAX_PROCESSES = 65_536
/** As osquery has it. */
const MAX_DESCRIPTORS = 512

/** What a descriptor number stands for. */
export interface Descriptor {
  readonly family: number
  readonly type: number
  readonly protocol: number
  readonly localAddress: string
  readonly localPort: number
  readonly path: Buffer | undefined
  readonly closesOnExec: boolean
}

export interface Process {
  /** NaN where it is not known. */
  parent: number
  path: Buffer | undefined
  cwd: Buffer | undefined
  descriptors: Map<number, Descriptor>
  /** The map belongs to a forked process too, and is copied before it changes. */
  isShared: boolean
  hasEnded: boolean
  /** When its fork was told, in seconds of the recording's own clock; NaN when it was not. */
  forkedAt: number
  /** An exec of it gave a row, and has not returned yet. */
  isExecTold: boolean
  /** Executable mapping that an exec made, until the exec is told. */
  image: Image | undefined
}

/** The first executable mapping of a new program. */
export interface Image {
  readonly path: Buffer
  readonly second: number
  readonly nsec: number
  readonly timeLow: number
  readonly timeHigh: number
  readonly hasTime: boolean
  readonly offset: number
}

export class ProcessTable {
  readonly #processes = new Map<number, Process>()
  /** Process of each thread that is not its first one. */
  readonly #threads = new Map<number, number>()

  /** Process of a thread: itself unless it is known to be another's. */
  processOf(tid: number): number {
    return this.#threads.get(tid) ?? tid
  }

  addThread(tid: number, pid: number): void {
    if (tid === pid) {
      this.#threads.delete(tid)
      return
    }
    if (this.#threads.size >= MAX_PROCESSES) this.#threads.clear()
    this.#threads.set(tid, pid)
  }

  find(pid: number): Process | undefined {
    return this.#processes.get(pid)
  }

  get(pid: number): Process {
    const known = this.#processes.get(pid)
    if (known !== undefined) return known
    return this.#add(pid, newProcess(Number.NaN))
  }

  /** A process begins as a copy of another. */
  fork(child: number, parent: number): Process {
    const process = newProcess(parent)
    const origin = this.#processes.get(parent)
    this.#threads.delete(child)
    if (origin !== undefined) {
      process.path = origin.path
      process.cwd = origin.cwd
      process.descriptors = origin.descriptors
      process.isShared = origin.isShared = origin.descriptors.size > 0
    }
    return this.#add(child, process)
  }

  setDescriptor(process: Process, fd: number, descriptor: Descriptor): void {
    const descriptors = ownDescriptors(process)
    if (descriptors.size >= MAX_DESCRIPTORS && !descriptors.has(fd)) return
    descriptors.set(fd, descriptor)
  }

  closeDescriptor(process: Process, fd: number): void {
    if (process.descriptors.has(fd)) ownDescriptors(process).delete(fd)
  }

  /** What an exec does to descriptors. */
  exec(process: Process): void {
    for (const [fd, { closesOnExec }] of [...process.descriptors]) {
      if (closesOnExec) ownDescriptors(process).delete(fd)
    }
  }

  *entries(): Iterable<[number, Process]> {
    yield* this.#processes
  }

  #add(pid: number, process: Process): Process {
    this.#processes.delete(pid)
    this.#processes.set(pid, process)
    if (this.#processes.size > MAX_PROCESSES) {
      for (const oldest of this.#processes.keys()) {
        this.#processes.delete(oldest)
        break
      }
    }
    return process
  }
}

function newProcess(parent: number): Process {
  return {
    parent,
    path: undefined,
    cwd: undefined,
    descriptors: new Map(),
    isShared: false,
    hasEnded: false,
    forkedAt: Number.NaN,
    isExecTold: false,
    image: undefined,
  }
}

function ownDescriptors(process: Process): Map<number, Descriptor> {
  if (process.isShared) {
    process.descriptors = new Map(process.descriptors)
    process.isShared = false
  }
  return process.descriptors
}
