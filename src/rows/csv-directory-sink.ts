/** Several tables as CSV: `<directory>/<table>.csv`, each made when its first row comes. */
import { closeSync, mkdirSync, openSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { TableSchema } from "../schema/column.ts"
import type { RowSink } from "../schema/row-writer.ts"
import { CsvSink } from "./csv-sink.ts"
import { type CsvDialect, CsvStringifySink } from "./csv-stringify-sink.ts"

export interface CsvDirectoryOptions extends CsvDialect {
  /** Replace files that exist. Without it they are refused with EEXIST. Links are never followed. */
  readonly force?: boolean
}

interface CsvFile {
  readonly descriptor: number
  readonly sink: RowSink
}

/** Files are readable by their owner only; `close()` closes them. */
export class CsvDirectorySink implements RowSink {
  private readonly directory: string
  private readonly options: CsvDirectoryOptions
  private readonly files = new Map<TableSchema, CsvFile>()
  private current: RowSink | undefined

  constructor(directory: string, options: CsvDirectoryOptions = {}) {
    this.directory = directory
    this.options = options
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  }

  get counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const { sink } of this.files.values()) {
      for (const [table, rows] of sink.counts) counts.set(table, rows)
    }
    return counts
  }

  begin(schema: TableSchema): void {
    if (this.current !== undefined) throw new Error(`a row of ${schema.name} begins within another row`)
    const { sink } = this.files.get(schema) ?? this.openFile(schema)
    sink.begin(schema)
    this.current = sink
  }

  null(): void {
    this.row().null()
  }

  empty(): void {
    this.row().empty()
  }

  int(value: number): void {
    this.row().int(value)
  }

  int64(high: number, low: number): void {
    this.row().int64(high, low)
  }

  bytes(buffer: Uint8Array, start: number, end: number): void {
    this.row().bytes(buffer, start, end)
  }

  text(value: string): void {
    this.row().text(value)
  }

  end(): void {
    this.row().end()
    this.current = undefined
  }

  flush(): void {
    for (const { sink } of this.files.values()) sink.flush()
  }

  close(): void {
    try {
      for (const { sink } of this.files.values()) sink.close()
    } finally {
      for (const { descriptor } of this.files.values()) closeSync(descriptor)
    }
  }

  private row(): RowSink {
    if (this.current === undefined) throw new Error("a column outside of a row")
    return this.current
  }

  private openFile(schema: TableSchema): CsvFile {
    const { force, ...dialect } = this.options
    const path = join(this.directory, `${schema.name}.csv`)
    if (force === true) rmSync(path, { force: true })
    const descriptor = openSync(path, "wx", 0o600)
    const file = { descriptor, sink: openSink(schema, descriptor, dialect) }
    this.files.set(schema, file)
    return file
  }
}

/** The fast writer where it can be used, csv-stringify where the dialect asks for it. */
function openSink(schema: TableSchema, descriptor: number, dialect: CsvDialect): RowSink {
  const { escapeFormulas, ...rest } = dialect
  if (Object.keys(rest).length > 0) return new CsvStringifySink(schema, descriptor, dialect)
  return new CsvSink(schema, descriptor, escapeFormulas === undefined ? {} : { escapeFormulas })
}
