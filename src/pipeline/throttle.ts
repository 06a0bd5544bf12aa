/**
 * The two places where the live pipeline slows down, and what it says of it.
 * Source of truth: osquery osquery/events/linux/auditdnetlink.cpp (since 5.5.0): the limits, the pause, the words.
 */

/** A stage waits while the queue behind it holds more records than this. */
export const QUEUE_RECORDS = 4096
/** How long it waits before it looks again. */
export const PAUSE_MS = 100
/** Records that are handed on at once, so what a queue may hold beyond its bound. */
export const BATCH_RECORDS = 1024
/** Time between two messages of one place. */
const MESSAGE_SECONDS = 60

export type ThrottlePlace = "reading" | "processing"

const WORDS: Readonly<Record<ThrottlePlace, readonly [before: string, after: string]>> = {
  reading: [
    "The Audit publisher has throttled reading records from Netlink for ",
    "Some events may have been lost.",
  ],
  processing: [
    "The Audit publisher has throttled record processing for ",
    "This may cause further throttling and loss of events.",
  ],
}

/** Counts the pauses of one place, and words the message that is due. */
export class Throttle {
  readonly #place: ThrottlePlace
  /** Pauses since the last message. */
  #pauses = 0
  #lastSecond = 0
  #all = 0

  constructor(place: ThrottlePlace) {
    this.#place = place
  }

  /** Seconds of all pauses so far. */
  get seconds(): number {
    return (this.#all * PAUSE_MS) / 1000
  }

  paused(times = 1): void {
    this.#pauses += times
    this.#all += times
  }

  /** The message that is due now, if any: it covers the time since the one before it. */
  takeMessage(nowMs: number): string | undefined {
    const second = Math.floor(nowMs / 1000)
    if (this.#pauses === 0 || this.#lastSecond + MESSAGE_SECONDS > second) return undefined
    const [before, after] = WORDS[this.#place]
    const text = `${before}${floatText(this.#pauses / 10)} seconds. ${after}`
    this.#pauses = 0
    this.#lastSecond = second
    return text
  }
}

/** A number as a C++ stream prints a float: six significant digits, no zeros at the end. */
function floatText(value: number): string {
  const single = Math.fround(value)
  const exponent = Math.floor(Math.log10(single))
  if (exponent < 6) return String(Number(single.toPrecision(6)))
  const [digits = "", power = ""] = single.toExponential(5).split("e+")
  return `${digits.replace(/\.?0+$/, "")}e+${power.padStart(2, "0")}`
}
