/** One table as CSV in a dialect of the user's choice (delimiter, quotes, line ends, BOM), through csv-stringify. */
import { stringify } from "csv-stringify/sync"
import type { TableSchema } from "../schema/column.ts"
import { type ByteDestination, ByteOutput } from "./byte-output.ts"
import type { CsvOptions } from "./csv-sink.ts"
import { describeValueTable, type RowValue, ValueSink, type ValueTable } from "./value-sink.ts"

const BATCH_ROWS = 1000
const FORMULA = /^ *[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/

/** What differs from RFC 4180; the names say what csv-stringify's options of the same meaning do. */
export interface CsvDialect extends CsvOptions {
  readonly delimiter?: string
  readonly quote?: string
  readonly escape?: string
  readonly lineEnd?: string
  readonly bom?: boolean
  readonly quoteAll?: boolean
}

export class CsvStringifySink extends ValueSink<ValueTable> {
  private readonly schema: TableSchema
  private readonly dialect: CsvDialect
  private readonly out: ByteOutput
  private batch: RowValue[][] = []
  private isFirst = true

  constructor(schema: TableSchema, destination: ByteDestination, dialect: CsvDialect = {}) {
    super()
    this.schema = schema
    this.dialect = dialect
    this.out = new ByteOutput(destination)
    this.register(schema)
  }

  flush(): void {
    this.convert()
    this.out.send()
  }

  close(): void {
    this.flush()
  }

  protected addTable(schema: TableSchema): ValueTable {
    if (schema !== this.schema) {
      throw new Error(`a CSV file of ${this.schema.name} cannot take a row of ${schema.name}`)
    }
    return describeValueTable(schema)
  }

  protected takeRow({ values }: ValueTable): void {
    const isGuarded = this.dialect.escapeFormulas ?? true
    this.batch.push(isGuarded ? values.map(guardFormula) : values.slice())
    if (this.batch.length >= BATCH_ROWS) this.convert()
  }

  private convert(): void {
    const { dialect, isFirst } = this
    const records: unknown[][] = isFirst ? [this.schema.columns.map(({ name }) => name)] : []
    for (const row of this.batch) records.push(row)
    if (records.length === 0) return
    const csv = stringify(records, {
      ...(dialect.delimiter === undefined ? {} : { delimiter: dialect.delimiter }),
      ...(dialect.quote === undefined ? {} : { quote: dialect.quote }),
      ...(dialect.escape === undefined ? {} : { escape: dialect.escape }),
      ...(dialect.lineEnd === undefined ? {} : { record_delimiter: dialect.lineEnd }),
      bom: isFirst && (dialect.bom ?? false),
      quoted: dialect.quoteAll ?? false,
      quote_record_delimiter: true,
      cast: { number: String, bigint: String },
    })
    this.isFirst = false
    this.batch = []
    this.out.put(Buffer.from(csv, "utf8"))
    this.out.endRow()
  }
}

function guardFormula(value: RowValue): RowValue {
  return typeof value === "string" && FORMULA.test(value) ? `'${value}` : value
}
