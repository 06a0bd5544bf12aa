/**
 * Whose child a process is and where it works, from the trail's own forks, spawns and changes of directory. A working
 * directory is known from the first chdir of a process or of one that it was forked from; the class that records
 * chdir records fork and exit too, so that what is known stays known. A spawned process may have been given another.
 */

/** Processes of a host of which something is remembered; beyond it the one unheard of for longest is forgotten. */
const MAX_PROCESSES = 131_072
/** A trail is of one host, joined ones of a few: more are made up. */
const MAX_HOSTS = 64

export type SavedDirectory = readonly [host: string, pid: number, directory: string]

export class ProcessTree {
  readonly #parents = new Map<string, Map<number, number>>()
  /** Bytes as latin1. */
  readonly #directories = new Map<string, Map<number, string>>()

  /** NaN for a process that the trail has not shown the start of. */
  parentOf(host: string, pid: number): number {
    return this.#parents.get(host)?.get(pid) ?? Number.NaN
  }

  /** Bytes as latin1; '' when it is not known. */
  directoryOf(host: string, pid: number): string {
    return this.#directories.get(host)?.get(pid) ?? ""
  }

  /** @param keepsDirectory whether the child certainly begins where the parent was */
  started(host: string, pid: number, parent: number, keepsDirectory: boolean): void {
    put(this.#parents, host, pid, parent)
    this.moved(host, pid, keepsDirectory ? this.directoryOf(host, parent) : "")
  }

  /** The same from a row that was written before; its directory is not in it. */
  adopted(host: string, pid: number, parent: number): void {
    put(this.#parents, host, pid, parent)
  }

  /** @param directory bytes as latin1, '' for one that is not known */
  moved(host: string, pid: number, directory: string): void {
    if (directory === "") this.#directories.get(host)?.delete(pid)
    else put(this.#directories, host, pid, directory)
  }

  ended(host: string, pid: number): void {
    this.#parents.get(host)?.delete(pid)
    this.#directories.get(host)?.delete(pid)
  }

  /** Nothing was recorded for a while: pids may be those of others. */
  forget(host: string): void {
    this.#parents.delete(host)
    this.#directories.delete(host)
  }

  saveDirectories(): SavedDirectory[] {
    return [...this.#directories].flatMap(([host, known]) =>
      [...known].map(([pid, directory]): SavedDirectory => [host, pid, directory]),
    )
  }

  restoreDirectories(saved: readonly SavedDirectory[]): void {
    for (const [host, pid, directory] of saved) this.moved(host, pid, directory)
  }
}

function put<Value>(hosts: Map<string, Map<number, Value>>, host: string, pid: number, value: Value): void {
  let known = hosts.get(host)
  if (known === undefined) {
    if (hosts.size >= MAX_HOSTS) hosts.clear()
    known = new Map()
    hosts.set(host, known)
  }
  known.delete(pid)
  known.set(pid, value)
  if (known.size <= MAX_PROCESSES) return
  for (const oldest of known.keys()) {
    known.delete(oldest)
    return
  }
}
