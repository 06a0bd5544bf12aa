/** The events of one recording: attributes, ids and formats joined to what a sample needs. */
import { EventNames, NO_EVENT } from "../events.ts"
import { type Attribute, defaultName, TYPE_TRACEPOINT } from "./attribute.ts"
import type { EventFormat } from "./event-format.ts"
import type { Features } from "./features.ts"
import { layoutOf, type SampleLayout } from "./sample-layout.ts"

export interface RecordingEvent {
  readonly attribute: Attribute
  readonly layout: SampleLayout
  /** Number in the recording's `EventNames`. */
  number: number
  /** As perf prints it, which `perf record -e NAME/name=LABEL/` may have changed. */
  label: string
  /** null where the recording does not hold it. */
  format: EventFormat | null
}

export class RecordingEvents {
  readonly names = new EventNames()
  readonly #events: RecordingEvent[] = []
  readonly #byId = new Map<number, RecordingEvent>()
  readonly #firstId = new Map<RecordingEvent, number>()
  readonly #formats = new Map<number, EventFormat>()
  readonly #labels = new Map<number, string>()
  #labelWidth = 0
  #isUniform = true
  /** The recent sample's id and event: most follow one of their own kind. */
  #lastId = Number.NaN
  #last: RecordingEvent | undefined
  /** Another number whenever names, formats or events have changed. */
  lesson = 0

  clear(): void {
    this.lesson++
    this.#events.length = 0
    this.#byId.clear()
    this.#firstId.clear()
    this.#labelWidth = 0
    this.#isUniform = true
    this.#lastId = Number.NaN
    this.#last = undefined
  }

  get count(): number {
    return this.#events.length
  }

  get all(): readonly RecordingEvent[] {
    return this.#events
  }

  /** Events by the ids that samples tell them by. */
  get ids(): ReadonlyMap<number, RecordingEvent> {
    return this.#byId
  }

  /** Whether the samples of all events hold the same parts. */
  get isUniform(): boolean {
    return this.#isUniform
  }

  /** Characters of the longest label. */
  get labelWidth(): number {
    return this.#labelWidth
  }

  add(attribute: Attribute, ids: readonly number[]): void {
    const event: RecordingEvent = {
      attribute,
      layout: layoutOf(attribute),
      number: NO_EVENT,
      label: "",
      format: null,
    }
    this.lesson++
    this.#events.push(event)
    this.#isUniform &&= attribute.sampleType === this.#events[0]?.attribute.sampleType
    for (const id of ids) this.#byId.set(id, event)
    if (ids[0] !== undefined) this.#firstId.set(event, ids[0])
  }

  /** The layout that all records share as far as times and ids go; undefined without events. */
  get first(): RecordingEvent | undefined {
    return this.#events[0]
  }

  /** @param id NaN when the samples hold none */
  find(id: number): RecordingEvent | undefined {
    if (id === this.#lastId) return this.#last
    const event = Number.isNaN(id) || this.#events.length === 1 ? this.#events[0] : this.#byId.get(id)
    this.#lastId = id
    this.#last = event
    return event
  }

  formatOf(event: number): EventFormat | undefined {
    return this.#formats.get(event)
  }

  labelOf(event: number): string {
    return this.#labels.get(event) ?? this.names.nameOf(event)
  }

  /** Gives the events the names and formats that are known by now. */
  resolve(features: Features): void {
    this.lesson++
    this.#labelWidth = 0
    for (const [place, event] of this.#events.entries()) {
      const { attribute } = event
      const isTracepoint = attribute.type === TYPE_TRACEPOINT
      event.format = (isTracepoint ? features.tracing?.formats.get(attribute.config) : undefined) ?? null
      const byId = features.nameById.get(this.#firstId.get(event) ?? Number.NaN)
      const told = byId ?? features.names[place] ?? ""
      const { format } = event
      const name = format === null ? told || defaultName(attribute) : `${format.system}:${format.name}`
      event.number = this.names.numberOf(name)
      event.label = told || name
      this.#labels.set(event.number, event.label)
      if (format !== null) this.#formats.set(event.number, format)
      this.#labelWidth = Math.max(this.#labelWidth, event.label.length)
    }
    this.#lastId = Number.NaN
  }
}
