/** Joins a parser of Windows events to the normalizer and the renderers. */

import type { Gap, Problem } from "../../base/problem.ts"
import type { EventPlace, EventTape } from "../../formats/windows/event-tape.ts"
import { EvtxParser } from "../../formats/windows/evtx/evtx-parser.ts"
import { ExportParser } from "../../formats/windows/export/export-parser.ts"
import type { WindowsEventConsumer, WindowsParser } from "../../formats/windows/parser.ts"
import { XmlRenderer } from "../../formats/windows/render/xml.ts"
import { type Shape, ShapeTable } from "../../formats/windows/shape.ts"
import { SystemFields } from "../../formats/windows/system-fields.ts"
import { WindowsNormalizer, type WindowsNormalizerState } from "../../normalize/windows/windows-normalizer.ts"
import { RecentTexts } from "../../rows/recent-texts.ts"
import type { ProcessRow } from "../../store/case-store.ts"
import { countOf } from "../output/amounts.ts"
import type { ChainReader, ReaderOptions, RecordOutput, SourceBegin } from "./reader.ts"
import { hasHostRoom, Tallies } from "./tallies.ts"
import { WindowsRecordWriter } from "./windows-record.ts"

/** How a record that is no live one was found. */
const RECOVERED: Readonly<Record<EventPlace["recovered"], string>> = {
  "": "",
  slack: "found behind the live records of its chunk, with a verified template",
  loose: "found where no chunk is, with a verified template",
  hidden: "found inside the record before it",
  torn: "found in its chunk behind bytes that are damaged",
}

interface SavedState {
  readonly parser: string
  readonly normalizer: WindowsNormalizerState
}

export interface WindowsParserOptions {
  readonly consumer: WindowsEventConsumer
  readonly recover: boolean
}

export class WindowsReader implements ChainReader, WindowsEventConsumer {
  readonly #options: ReaderOptions
  readonly #recordWriter: WindowsRecordWriter
  readonly #parser: WindowsParser
  readonly #normalizer: WindowsNormalizer
  readonly #shapes = new ShapeTable()
  readonly #system = new SystemFields()
  readonly #xml = new XmlRenderer()
  readonly #eventIds: ReadonlySet<number> | undefined
  readonly #start: number
  readonly #end: number
  /** One computer writes most of a log. */
  readonly #computers = new RecentTexts(1)
  readonly #tallies = new Tallies()
  #startedBefore = 0
  #toldBefore = 0

  constructor(
    options: ReaderOptions,
    format: string,
    createParser: (options: WindowsParserOptions) => WindowsParser,
  ) {
    this.#options = options
    this.#recordWriter = new WindowsRecordWriter(format)
    this.#start = options.start ?? Number.NEGATIVE_INFINITY
    this.#end = options.end ?? Number.POSITIVE_INFINITY
    const { eventIds = [], recovers = false } = options.windows ?? {}
    if (eventIds.length > 0) this.#eventIds = new Set(eventIds)
    this.#normalizer = new WindowsNormalizer(options)
    this.#parser = createParser({ consumer: this, recover: recovers })
  }

  get consumedTo(): number {
    return this.#parser.consumedTo
  }

  beginSource({ sourceId, detection, modifiedMs, tally, isInPlace = false }: SourceBegin): void {
    this.#countRecords()
    this.#tallies.begin(sourceId, tally)
    this.#parser.beginSource({ sourceId, variant: detection.variant, modifiedMs, isFollowed: isInPlace })
  }

  push(bytes: Buffer, offset: number): void {
    this.#parser.push(bytes, offset)
    this.#countRecords()
  }

  passOver(bytes: Buffer, offset: number): void {
    this.#parser.passOver?.(bytes, offset)
  }

  settle(): void {
    this.#parser.settle?.()
    this.#countRecords()
  }

  endSource(): void {
    this.#parser.endSource()
    this.#countRecords()
    this.#remarkSilence()
  }

  end(): void {
    this.#normalizer.end()
  }

  saveState(): string {
    const state: SavedState = { parser: this.#parser.saveState(), normalizer: this.#normalizer.saveState() }
    return JSON.stringify(state)
  }

  restoreState(text: string): boolean {
    try {
      const state = JSON.parse(text) as SavedState
      this.#parser.restoreState(state.parser)
      this.#normalizer.restoreState(state.normalizer)
      return true
    } catch {
      return false
    }
  }

  replay(row: ProcessRow): void {
    this.#normalizer.tracker.replay(row)
  }

  wants(eventId: number, second: number): boolean {
    if (second < this.#start || second > this.#end) return false
    return this.#eventIds === undefined || Number.isNaN(eventId) || this.#eventIds.has(eventId)
  }

  event(tape: EventTape, place: EventPlace, sourceId: number): void {
    const system = this.#system
    const shape = this.#shapes.find(tape)
    system.read(tape, shape)
    this.#count(tape, sourceId)
    if (!this.wants(system.eventId, system.second)) return
    if (place.recovered !== "") this.#tellRecovered(tape, place, sourceId)
    const { records } = this.#options
    if (records === undefined) this.#normalizer.event(tape, place, sourceId)
    else if (records.form === "xml") this.#giveXml(tape, shape, records)
    else this.#giveJson(tape, shape, place, records)
  }

  problem(problem: Problem, sourceId: number): void {
    this.#tallies.problem(problem, sourceId)
    this.#options.problem(problem, sourceId)
  }

  gap(gap: Gap, host: string, sourceId: number): void {
    this.#options.gap(gap, host === "" ? this.#options.host : host, sourceId)
  }

  #count(tape: EventTape, sourceId: number): void {
    const tally = this.#tallies.event(sourceId, this.#system.second)
    if (this.#system.computerAt >= 0 && hasHostRoom(tally)) tally.hosts.add(this.#computer(tape))
  }

  /** Windows writes command lines only where a policy says so. */
  #remarkSilence(): void {
    const { processCreations, withCommandLine } = this.#normalizer
    const started = processCreations - this.#startedBefore
    const told = withCommandLine - this.#toldBefore
    this.#startedBefore = processCreations
    this.#toldBefore = withCommandLine
    if (started === 0 || told > 0) return
    const creations = countOf(started, "process creation")
    const remark = `no command line in ${creations} (4688): docs/windows.md says how to switch them on`
    this.#tallies.current.remarks.push(remark)
  }

  #computer(tape: EventTape): string {
    const at = this.#system.computerAt
    return at < 0 ? "" : this.#computers.textOf(0, tape.bytes, tape.start(at), tape.end(at))
  }

  /** The typed rows cannot say that their record is no live one; the gap at the same place does. */
  #tellRecovered(tape: EventTape, { offset, recovered }: EventPlace, sourceId: number): void {
    const what = "an event whose record is no live one"
    this.gap(
      { kind: "recovered-record", what, evidence: RECOVERED[recovered], offset },
      this.#computer(tape),
      sourceId,
    )
  }

  #giveXml(tape: EventTape, shape: Shape | null, records: RecordOutput): void {
    this.#xml.render(tape, shape, records.begin())
    records.end()
  }

  #giveJson(tape: EventTape, shape: Shape | null, place: EventPlace, records: RecordOutput): void {
    this.#recordWriter.write({ tape, shape, system: this.#system, place }, records.begin())
    records.end()
  }

  #countRecords(): void {
    this.#tallies.countRecords(this.#parser.records)
  }
}

export function createExportReader(options: ReaderOptions): ChainReader {
  return new WindowsReader(options, "windows-export", ({ consumer }) => new ExportParser(consumer))
}

export function createEvtxReader(options: ReaderOptions): ChainReader {
  return new WindowsReader(options, "evtx", (parser) => new EvtxParser(parser))
}
