/** CLOCK_MONOTONIC to Unix time, by two clocks that were read together. */
import type { ClockPair } from "./raw-file.ts"

const BILLION = 1_000_000_000
const TWO_32 = 0x1_0000_0000n
/** About two years. */
const MOST_HIGH = 0xff_ffff

export class ClockOffset {
  second = Number.NaN
  nsec = 0
  #offsetSecond = Number.NaN
  #offsetNsec = 0

  set({ monotonicNs, realtimeNs }: ClockPair): void {
    const offset = realtimeNs - monotonicNs
    const rest = ((offset % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
    this.#offsetNsec = Number(rest)
    this.#offsetSecond = Number((offset - rest) / 1_000_000_000n)
  }

  /** No pair is known: times stay since boot. */
  clear(): void {
    this.#offsetSecond = Number.NaN
  }

  saveState(): readonly [second: number, nsec: number] | null {
    return this.isKnown ? [this.#offsetSecond, this.#offsetNsec] : null
  }

  restoreState(state: readonly [second: number, nsec: number] | null): void {
    this.#offsetSecond = state?.[0] ?? Number.NaN
    this.#offsetNsec = state?.[1] ?? 0
  }

  get isKnown(): boolean {
    return !Number.isNaN(this.#offsetSecond)
  }

  /** Puts a time of the monotonic clock into `second` and `nsec`, exactly. */
  convert(high: number, low: number): void {
    if (high > MOST_HIGH) {
      this.#convertLate(high, low)
      return
    }
    // 2^32 ns are 4 s and 294,967,296 ns: no step leaves 2^53.
    const lowSecond = Math.floor(low / BILLION)
    const nsec = high * 294_967_296 + (low - lowSecond * BILLION) + this.#offsetNsec
    const carry = Math.floor(nsec / BILLION)
    this.second = high * 4 + lowSecond + carry + this.#offsetSecond
    this.nsec = nsec - carry * BILLION
  }

  /** Nanoseconds since 1970 of a time of the monotonic clock; undefined when that is not known. */
  unixNs(high: number, low: number): bigint | undefined {
    if (!this.isKnown) return undefined
    this.convert(high, low)
    return BigInt(this.second) * 1_000_000_000n + BigInt(this.nsec)
  }

  /** After years of uptime, or in a damaged record. */
  #convertLate(high: number, low: number): void {
    const ns = BigInt(high) * TWO_32 + BigInt(low + this.#offsetNsec)
    this.second = Number(ns / 1_000_000_000n) + this.#offsetSecond
    this.nsec = Number(ns % 1_000_000_000n)
  }
}
