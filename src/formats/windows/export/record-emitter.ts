/**
 * Hands the events of JSON records on, in source order. Records with a local time wait until one tells its zone: at the
 * start of a source, and not for long.
 */
import { type EventPlace, EventTape } from "../event-tape.ts"
import { EventMapper } from "./event-mapper.ts"
import { findRecords } from "./find-records.ts"
import type { JsonTree } from "./json-tree.ts"
import type { NameLookup } from "./name-lookup.ts"
import type { JsonShape } from "./shape-of.ts"
import type { TextWindow } from "./text-window.ts"
import type { RecordSink } from "./unit-reader.ts"

/** A record that tells its zone comes among the first, or not at all. */
const HELD_RECORDS = 500
const HELD_BYTES = 4 * 1024 * 1024

interface Place {
  readonly offset: number
  readonly length: number
}

/** A JSON value with events in it, in a copy of its bytes. */
interface Held {
  readonly bytes: Buffer
  readonly places: readonly Place[]
  readonly headerId: number
}

export class RecordEmitter {
  /** Record number that was told for the next event, or NaN. */
  headerId = Number.NaN
  readonly #sink: RecordSink
  readonly #tree: JsonTree
  readonly #tape = new EventTape()
  readonly #mapper: EventMapper
  readonly #place: EventPlace = { offset: 0, length: 0, headerId: Number.NaN, recovered: "" }
  #held: Held[] = []
  #heldBytes = 0
  #hasGuessed = false

  constructor(sink: RecordSink, tree: JsonTree, names: NameLookup) {
    this.#sink = sink
    this.#tree = tree
    this.#mapper = new EventMapper(tree, this.#tape, names)
  }

  /** Offset of the first record that waits, or -1. */
  get heldFrom(): number {
    return this.#held[0]?.places[0]?.offset ?? -1
  }

  /** Hands on the events of the tree, which was read from `window.bytes[start, end)`; returns how many there are. */
  emit(window: TextWindow, start: number, end: number): number {
    const places: Place[] = []
    let needsZone = false
    const count = findRecords(this.#tree, 0, (record, shape) => {
      const from = this.#tree.start(record)
      const offset = window.offsetOf(from)
      places.push({ offset, length: window.offsetOf(this.#tree.end(record)) - offset })
      if (this.#mapper.needsZone(record, shape)) needsZone = true
    })
    const headerId = count > 0 ? this.takeHeaderId() : Number.NaN
    if (count === 0 || (!needsZone && this.#held.length === 0)) {
      this.#hand(places, headerId)
      return count
    }
    this.#held.push({ bytes: Buffer.from(window.bytes.subarray(start, end)), places, headerId })
    this.#heldBytes += end - start
    if (!needsZone || this.#held.length >= HELD_RECORDS || this.#heldBytes >= HELD_BYTES) this.end()
    return count
  }

  /**
   * The same for a record that was made of other text and lies at that place; it does not wait for a zone.
   * @param begin called before the first event is handed on
   */
  emitMade(place: Place, begin?: () => void): number {
    const places: Place[] = []
    const count = findRecords(this.#tree, 0, (record, shape) => {
      places.push(place)
      this.#mapper.needsZone(record, shape)
    })
    if (count > 0) begin?.()
    this.#hand(places, this.takeHeaderId())
    return count
  }

  /** Hands on what waits; if its zone is not known by now, it will not be. */
  end(): void {
    const held = this.#held
    this.#held = []
    this.#heldBytes = 0
    for (const { bytes, places, headerId } of held) {
      this.#tree.parse(bytes, 0, bytes.length)
      this.#hand(places, headerId)
    }
  }

  takeHeaderId(): number {
    const id = this.headerId
    this.headerId = Number.NaN
    return id
  }

  save(): string {
    const { aheadMs } = this.#mapper
    return JSON.stringify({ aheadMs: Number.isNaN(aheadMs) ? null : aheadMs, hasGuessed: this.#hasGuessed })
  }

  restore(state: string): void {
    const match = /"aheadMs":(-?\d{1,9})/.exec(state)
    if (match !== null) this.#mapper.aheadMs = Number(match[1])
    this.#hasGuessed = state.includes('"hasGuessed":true')
  }

  #hand(places: readonly Place[], headerId: number): void {
    let next = 0
    findRecords(this.#tree, 0, (record, shape) => this.#handOne(record, shape, places[next++], headerId))
  }

  #handOne(record: number, shape: JsonShape, at: Place | undefined, headerId: number): void {
    const place = this.#place
    place.offset = at?.offset ?? 0
    place.length = at?.length ?? 0
    const isEvent = this.#mapper.map(record, shape)
    place.recovered = this.#mapper.isHidden ? "hidden" : ""
    place.headerId = Number.isNaN(headerId) ? this.#mapper.headerId : headerId
    if (this.#mapper.hasGuessed && !this.#hasGuessed) this.#tellGuess(place)
    if (isEvent) this.#sink.event(this.#tape, place)
    else this.#tellNone(place)
  }

  #tellGuess({ offset, length }: Place): void {
    this.#hasGuessed = true
    const message = "local times without a zone, and nothing tells it: they are taken as UTC; told once"
    this.#sink.problem({ code: "windows-export/no-time-zone", severity: "warning", offset, length, message })
  }

  #tellNone({ offset, length }: Place): void {
    const message = "a record whose event cannot be read: its XML is damaged, or names no event id"
    this.#sink.lost({ code: "windows-export/not-an-event", severity: "error", offset, length, message })
  }
}
