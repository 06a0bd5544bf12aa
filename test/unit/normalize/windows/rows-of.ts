/** Rows and problems that events give, for the tests of this folder. */
import type { Problem } from "../../../../src/base/problem.ts"
import { type EventPlace, EventTape } from "../../../../src/formats/windows/event-tape.ts"
import type { NormalizerOptions } from "../../../../src/normalize/windows/row-context.ts"
import { WindowsNormalizer } from "../../../../src/normalize/windows/windows-normalizer.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import type { RowValue } from "../../../../src/schema/row-value.ts"
import { tapeOfXml } from "../../formats/windows/tape-of-xml.ts"

export type Row = Readonly<Record<string, RowValue>>

export class Reading {
  readonly problems: Problem[] = []
  readonly normalizer: WindowsNormalizer
  readonly sink = new ObjectSink()
  readonly eids: Map<string, number>
  readonly #tape = new EventTape()
  #offset = 0

  constructor(options: Partial<NormalizerOptions> = {}) {
    const problem = (one: Problem) => void this.problems.push(one)
    this.eids = options.eids ?? new Map()
    const { eids, sink: writer } = this
    this.normalizer = new WindowsNormalizer({ writer, host: "", problem, ...options, eids })
  }

  event(xml: string, place: Partial<EventPlace> = {}): this {
    const whole: EventPlace = {
      offset: this.#offset,
      length: xml.length,
      headerId: Number.NaN,
      recovered: "",
      ...place,
    }
    this.normalizer.event(tapeOfXml(xml, this.#tape), whole, 1)
    this.#offset += xml.length
    return this
  }

  rows(table: string): Row[] {
    return this.sink.rows.filter((row) => row.table === table).map(({ values }) => values)
  }

  row(table: string): Row {
    const [first, ...more] = this.rows(table)
    if (first === undefined || more.length > 0) throw new Error(`${more.length + 1} or no rows of ${table}`)
    return first
  }
}

export interface Made {
  readonly provider: string
  readonly id: number
  readonly data?: Readonly<Record<string, string>>
  readonly time?: string
  readonly computer?: string
  readonly record?: string
  readonly keywords?: string
  /** Instead of `data`. */
  readonly content?: string
}

export const SECURITY = "Microsoft-Windows-Security-Auditing"
export const SYSMON = "Microsoft-Windows-Sysmon"

/** One event as XML. */
export function made({ provider, id, data = {}, ...rest }: Made): string {
  const fields = Object.entries(data).map(([name, value]) => `<Data Name="${name}">${encode(value)}</Data>`)
  return `<Event xmlns="u"><System><Provider Name="${provider}"/><EventID>${id}</EventID><Level>0</Level><Task>1</Task>
    <Keywords>${rest.keywords ?? "0x8020000000000000"}</Keywords>
    <TimeCreated SystemTime="${rest.time ?? "2024-01-02T03:04:05.1234567Z"}"/>
    <EventRecordID>${rest.record ?? "7"}</EventRecordID><Execution ProcessID="4" ThreadID="8"/>
    <Channel>Security</Channel><Computer>${rest.computer ?? "web-1"}</Computer><Security/></System>
    ${rest.content ?? `<EventData>${fields.join("")}</EventData>`}</Event>`
}

const encode = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
