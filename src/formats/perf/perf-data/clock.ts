/**
 * From the clock of a recording to Unix time. Nanoseconds come as two halves and stay exact; a double would not hold
 * Unix time in nanoseconds. Source: perf-record(1), --clockid; perf.data-file-format.txt, HEADER_CLOCK_DATA.
 */
import { CLOCK, type Clock, type PerfSample } from "../sample.ts"

const BILLION = 1_000_000_000
const HALF = 0x1_0000_0000

export class RecordingClock {
  kind: Clock = CLOCK.boot
  #second = 0
  #nsec = 0
  /** What `split` has found: by the recording's own clock, and with the offset to Unix time. */
  ownSecond = 0
  ownNsec = 0
  second = 0
  nsec = 0

  /** Times are the kernel's own: no moment is known. */
  reset(): void {
    this.kind = CLOCK.boot
    this.#second = 0
    this.#nsec = 0
  }

  /** @param offsetNs what has to be added to get Unix time */
  set(kind: Clock, offsetNs: bigint): void {
    const billion = BigInt(BILLION)
    const nsec = ((offsetNs % billion) + billion) % billion
    this.kind = kind
    this.#nsec = Number(nsec)
    this.#second = Number((offsetNs - nsec) / billion)
  }

  /** Sets the sample's time to nanoseconds of two halves without sign. */
  stamp(sample: PerfSample, high: number, low: number): void {
    this.split(high, low)
    sample.timeHigh = high
    sample.timeLow = low
    sample.clock = this.kind
    sample.second = this.second
    sample.nsec = this.nsec
  }

  /** Puts nanoseconds of two halves without sign into `second`, `nsec` and their own. */
  split(high: number, low: number): void {
    let second = Math.floor((high * HALF + low) / BILLION)
    // The double may be 1,024 ns off, the lower half of the product is exact.
    let nsec = (low - Math.imul(second, BILLION)) >>> 0
    if (nsec >= 0xffff_0000) {
      second--
      nsec = (nsec + BILLION) >>> 0
    } else if (nsec >= BILLION) {
      second++
      nsec -= BILLION
    }
    this.ownSecond = second
    this.ownNsec = nsec
    nsec += this.#nsec
    if (nsec >= BILLION) {
      nsec -= BILLION
      second++
    }
    this.second = second + this.#second
    this.nsec = nsec
  }
}
