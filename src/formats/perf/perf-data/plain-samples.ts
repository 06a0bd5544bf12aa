/**
 * The short way of a recording's plain samples, from its bytes to who takes them: those of a little endian machine whose
 * parts all have fixed places. Whatever is not as its plan says is left to the general way, which tells what is wrong.
 */
import type { RecordingClock } from "./clock.ts"
import { PlainSample } from "./plain-sample.ts"
import { RECORD } from "./record-types.ts"
import type { RecordingEvent, RecordingEvents } from "./recording-events.ts"
import { type PlainPlaces, placesOf, planOf, type SamplePlan } from "./sample-plan.ts"
import type { Threads } from "./threads.ts"
import type { WaitingRecords } from "./waiting-records.ts"

const HALF = 0x1_0000_0000
/** High half of 2^53. */
const UNSAFE_HIGH = 0x20_0000
const MOST_SLOTS = 65_536
/** Words of this machine are read in its own order. */
const IS_HOST_LITTLE = new Int8Array(new Int32Array([1]).buffer)[0] === 1

/** A plan under one of the ids of its event. */
interface Slot {
  readonly low: number
  readonly high: number
  readonly plan: SamplePlan
}

export class PlainSamples {
  readonly #events: RecordingEvents
  readonly #clock: RecordingClock
  readonly #threads: Threads
  #isLittle = false
  #lesson = -1
  #places: PlainPlaces | null = null
  #slots: (Slot | undefined)[] = []
  /** Of all samples, where there is one event. */
  #only: SamplePlan | null = null
  /** Undefined until there is an event with a plan. */
  sample: PlainSample | undefined

  constructor(events: RecordingEvents, clock: RecordingClock, threads: Threads) {
    this.#events = events
    this.#clock = clock
    this.#threads = threads
  }

  /** @param isLittle whether the recording is, its raw data too */
  begin(isLittle: boolean): void {
    this.#isLittle = isLittle && IS_HOST_LITTLE
    this.#lesson = -1
  }

  /** Where the samples have their times; null where they are not all alike. */
  get places(): PlainPlaces | null {
    if (this.#lesson !== this.#events.lesson) this.#learn()
    return this.#places
  }

  /** Reads a sample into `sample`; false for a record that is none, or none that is plain. */
  read(records: WaitingRecords, place: number): boolean {
    const { places, sample } = this
    if (places === null || sample === undefined) return false
    const { words } = records
    const at = records.starts[place] as number
    const word = at >> 2
    const length = records.sizes[place] as number
    if (words[word] !== RECORD.sample || length < places.leastBytes) return false
    const plan = this.#planOf(words, word, places.idWord)
    if (plan === null) return false
    const raw = (words[word + places.rawWord] as number) >>> 0
    if (raw < plan.leastRaw || plan.rawAt + raw > length) return false
    if (plan.located.length > 0 && !holdsLocated(plan, words, at, plan.rawAt + raw)) return false
    sample.plan = plan
    sample.event = plan.event
    sample.bytes = records.bytes
    sample.words = words
    sample.at = at
    sample.length = length
    sample.offset = records.offsets[place] as number
    sample.pid = words[word + places.tidWord] as number
    sample.tid = words[word + places.tidWord + 1] as number
    sample.cpu = words[word + places.cpuWord] as number
    sample.comm = this.#threads.commOf(sample.tid)
    return this.#stamp(sample, records.highs[place] as number, records.lows[place] as number)
  }

  #stamp(sample: PlainSample, high: number, low: number): boolean {
    const clock = this.#clock
    if (high === 0 && low === 0) return false
    clock.split(high, low)
    sample.clock = clock.kind
    sample.ownSecond = clock.ownSecond
    sample.ownNsec = clock.ownNsec
    sample.second = clock.second
    sample.nsec = clock.nsec
    sample.isBeyondDouble = high >= UNSAFE_HIGH
    return true
  }

  #planOf(words: Int32Array, word: number, idWord: number): SamplePlan | null {
    if (this.#only !== null) return this.#only
    const low = words[word + idWord] as number
    const slot = this.#slots[low & (this.#slots.length - 1)]
    if (slot === undefined || slot.low !== low || slot.high !== words[word + idWord + 1]) return null
    return slot.plan
  }

  #learn(): void {
    const events = this.#events
    this.#lesson = events.lesson
    this.#places = null
    this.#only = null
    this.#slots = []
    const { first } = events
    if (!this.#isLittle || first === undefined || !events.all.every((event) => isAlike(event, first))) return
    const plans = new Map<RecordingEvent, SamplePlan>()
    let places: PlainPlaces | null = null
    for (const event of events.all) {
      const own = placesOf(event.layout)
      if (own === null || (places !== null && !haveSamePlaces(own, places))) continue
      const plan = planOf(event, own, plans.size)
      if (plan === null) continue
      places = own
      plans.set(event, plan)
    }
    const [some] = plans.values()
    if (some === undefined || places === null) return
    this.sample ??= new PlainSample(some)
    this.#places = places
    if (events.count === 1 || places.idWord < 0) this.#only = plans.get(first) ?? null
    else this.#fillSlots(plans)
  }

  /** Ids of events follow one another: their lower bits are places of their own. */
  #fillSlots(plans: ReadonlyMap<RecordingEvent, SamplePlan>): void {
    const { ids } = this.#events
    let length = 1
    while (length < ids.size * 2 && length < MOST_SLOTS) length *= 2
    const slots = new Array<Slot | undefined>(length).fill(undefined)
    for (const [id, event] of ids) {
      const plan = plans.get(event)
      const low = id | 0
      if (plan !== undefined) slots[low & (length - 1)] = { low, high: Math.floor(id / HALF) | 0, plan }
    }
    this.#slots = slots
  }
}

/** Whether what lies elsewhere in the raw data lies before its end. */
function holdsLocated({ located }: SamplePlan, words: Int32Array, at: number, end: number): boolean {
  for (let next = 0; next < located.length; next++) {
    const field = located[next]
    if (field === undefined) return false
    const loc = words[(at + field.at) >> 2] as number
    if (field.base + (loc & 0xffff) + (loc >>> 16) > end) return false
  }
  return true
}

/** Whether samples of both hold what tells events and times apart at the same places; all else may differ. */
function isAlike({ layout }: RecordingEvent, { layout: other }: RecordingEvent): boolean {
  return layout.identifier === other.identifier && layout.id === other.id && layout.time === other.time
}

function haveSamePlaces(one: PlainPlaces, other: PlainPlaces): boolean {
  const { tidWord, cpuWord, rawWord } = one
  return tidWord === other.tidWord && cpuWord === other.cpuWord && rawWord === other.rawWord
}
