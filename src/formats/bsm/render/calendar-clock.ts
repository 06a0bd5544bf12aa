/** Seconds as texts of a calendar: within a day only the time of day is printed anew. */

const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3600
const COLON = 0x3a
/** Of this day JavaScript's calendar has the first second only. */
const LAST_DAY = 100_000_000

/** The second by name: its first colon stands between the hour and the minute; none where no calendar reaches. */
export type NameSecond = (second: number) => string

export class CalendarClock {
  readonly #nameSecond: NameSecond
  #second = Number.NaN
  #day = Number.NaN
  #text = Buffer.alloc(0)
  /** Of the hour in `#text`. */
  #clockAt = 0

  constructor(nameSecond: NameSecond) {
    this.#nameSecond = nameSecond
  }

  /** Latin-1, written over for the next second. @param second a whole one since 1970 */
  textOf(second: number): Buffer {
    if (second === this.#second) return this.#text
    this.#second = second
    const day = Math.floor(second / DAY_SECONDS)
    if (day === this.#day) this.#putClock(second - day * DAY_SECONDS)
    else this.#name(second, day)
    return this.#text
  }

  #name(second: number, day: number): void {
    this.#text = Buffer.from(this.#nameSecond(second), "latin1")
    const colon = this.#text.indexOf(COLON)
    this.#day = colon < 0 || day === LAST_DAY ? Number.NaN : day
    this.#clockAt = colon - 2
  }

  #putClock(seconds: number): void {
    const text = this.#text
    const at = this.#clockAt
    const hours = (seconds / HOUR_SECONDS) | 0
    const rest = seconds - hours * HOUR_SECONDS
    const minutes = (rest / 60) | 0
    putTwo(text, at, hours)
    putTwo(text, at + 3, minutes)
    putTwo(text, at + 6, rest - minutes * 60)
  }
}

function putTwo(text: Buffer, at: number, value: number): void {
  const tens = (value / 10) | 0
  text[at] = 0x30 + tens
  text[at + 1] = 0x30 + value - tens * 10
}
