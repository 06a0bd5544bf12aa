/**
 * Rows of event tables as lines of osquery's results log: `name` is the table, host and time are those of the row, and
 * the columns are those that osquery shows.
 */
import { type ByteDestination, ByteOutput } from "../../rows/byte-output.ts"
import { describeValueTable, type RowValue, ValueSink, type ValueTable } from "../../rows/value-sink.ts"
import type { TableSchema } from "../../schema/column.ts"
import { calendarTime, eventLine, type RowJson, rowWriter } from "./result-line.ts"
import type { ResultValue } from "./result-value.ts"
import { isShown } from "./shown-columns.ts"

export interface OsquerySinkOptions {
  readonly numerics: boolean
  /** hostIdentifier of rows that name no host. */
  readonly host: string
  /** Unix time of rows that have none. */
  readonly nowS: number
}

interface OsqueryTable extends ValueTable {
  readonly places: readonly number[]
  readonly isDouble: readonly boolean[]
  readonly write: (values: readonly ResultValue[]) => RowJson
  readonly hostAt: number
  readonly timeAt: number
}

/** Whole lines reach the destination, in batches or on `flush()`. */
export class OsquerySink extends ValueSink<OsqueryTable> {
  readonly #out: ByteOutput
  readonly #options: OsquerySinkOptions

  constructor(destination: ByteDestination, options: OsquerySinkOptions) {
    super()
    this.#out = new ByteOutput(destination)
    this.#options = options
  }

  flush(): void {
    this.#out.send()
  }

  close(): void {
    this.flush()
  }

  protected addTable(schema: TableSchema): OsqueryTable {
    const { columns } = schema
    const places = columns.flatMap((column, at) => (isShown(column) ? [at] : []))
    const names = places.map((at) => columns[at]?.name ?? "")
    return {
      ...describeValueTable(schema),
      places,
      isDouble: columns.map(({ type }) => type === "DOUBLE"),
      write: rowWriter(names, { numerics: this.#options.numerics, nullText: "", escapes: true }),
      hostAt: columns.findIndex(({ name }) => name === "host"),
      timeAt: columns.findIndex(({ name }) => name === "time"),
    }
  }

  protected takeRow({ schema, values, places, isDouble, write, hostAt, timeAt }: OsqueryTable): void {
    const { numerics, host, nowS } = this.#options
    const named = values[hostAt]
    const time = values[timeAt]
    const unixTime = typeof time === "number" || typeof time === "bigint" ? time : nowS
    const head = {
      name: schema.name,
      hostIdentifier: typeof named === "string" && named !== "" ? named : host,
      calendarTime: calendarTime(unixTime),
      unixTime,
      epoch: 0,
      counter: 0,
      numerics,
      decorations: NO_DECORATIONS,
      decorationsTopLevel: false,
    }
    const row = write(places.map((at) => resultValue(values[at] ?? null, isDouble[at] === true)))
    this.#out.put(Buffer.from(`${eventLine(head, row, "added")}\n`, "utf8"))
    this.#out.endRow()
  }
}

const NO_DECORATIONS: ReadonlyMap<string, string> = new Map()

/** Sinks get integers as numbers where they fit; only a DOUBLE is written with a point. */
function resultValue(value: RowValue, isDouble: boolean): ResultValue {
  return typeof value === "number" && !isDouble ? BigInt(value) : value
}
