/** What a reader has met of each source of its chain: records, events with their times and hosts, what was rejected. */
import type { Problem } from "../../base/problem.ts"
import { newTally, type Tally } from "./reader.ts"

/** Hosts that are kept of a source. */
const MAX_HOSTS = 100

export class Tallies {
  readonly #bySource = new Map<number, Tally>()
  #recordsBefore = 0
  /** Of the source that is being read. */
  current = newTally()

  begin(sourceId: number, tally: Tally): void {
    this.current = tally
    this.#bySource.set(sourceId, tally)
  }

  of(sourceId: number): Tally {
    return this.#bySource.get(sourceId) ?? this.current
  }

  /** Counts an event. @param second since 1970, NaN without one */
  event(sourceId: number, second: number): Tally {
    const tally = this.of(sourceId)
    tally.events++
    if (Number.isNaN(second)) return tally
    if (!(second >= tally.firstTime)) tally.firstTime = second
    if (!(second <= tally.lastTime)) tally.lastTime = second
    return tally
  }

  /** Counts for the current source what has come since the last call. @param total records of the parser so far */
  countRecords(total: number): void {
    this.current.records += total - this.#recordsBefore
    this.#recordsBefore = total
  }

  problem({ severity }: Problem, sourceId: number): void {
    if (severity === "error") this.of(sourceId).rejected++
  }
}

/** Whether a source has room for the name of another host. */
export function hasHostRoom({ hosts }: Tally): boolean {
  return hosts.size < MAX_HOSTS
}

export function addHost(tally: Tally, host: string): void {
  if (host !== "" && hasHostRoom(tally)) tally.hosts.add(host)
}
