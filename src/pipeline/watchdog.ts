/**
 * Stops a capture that needs too much memory for too long, before the system does.
 * Source of truth: osquery osquery/core/watcher.cpp (200 MB in the normal level); here ten seconds above it count.
 */

const LIMIT_SECONDS = 10
const DEFAULT_MEGABYTES = 200
const MEGABYTE = 1024 * 1024

export class Watchdog {
  readonly limitBytes: number
  #aboveSince = Number.NaN

  /** @param megabytes of --watchdog_memory_limit; 0 stands for osquery's default */
  constructor(megabytes: number) {
    this.limitBytes = (megabytes > 0 ? megabytes : DEFAULT_MEGABYTES) * MEGABYTE
  }

  /** True when the memory has been above the limit for ten seconds. */
  isOver(residentBytes: number, nowMs: number): boolean {
    if (residentBytes <= this.limitBytes) {
      this.#aboveSince = Number.NaN
      return false
    }
    if (Number.isNaN(this.#aboveSince)) this.#aboveSince = nowMs
    return nowMs - this.#aboveSince >= LIMIT_SECONDS * 1000
  }
}
