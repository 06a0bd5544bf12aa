/**
 * Rows as a SQLite database file, its pages written straight from bytes: the staging file of bulk loads, several
 * times faster than inserts. Source: sqlite.org/fileformat2.html.
 */
import type { TableSchema } from "../schema/column.ts"
import { PageFile } from "./page-file.ts"
import { RecordEncoder } from "./record-encoder.ts"
import { describeTable, requireInteger, type SinkTable, TableSink } from "./table-sink.ts"
import { TableTree } from "./table-tree.ts"
import { RawBytes, StringBytes } from "./text-source.ts"

const FILE_HEADER_BYTES = 100
/** 3.45.0, the release whose format this follows; readers only show it. */
const SQLITE_VERSION = 3_045_000
const SCHEMA_COLUMNS = 5

export interface StagingTable {
  readonly schema: TableSchema
  /**
   * Its `CREATE TABLE`: the same text as the destination's, for SQLite's transfer optimisation. No primary key and
   * no UNIQUE: both would need an index, which is not written.
   */
  readonly sql: string
}

export interface PageFileOptions {
  readonly tables: readonly StagingTable[]
  /** A power of two, 512 to 65536; 16384 unless told otherwise. */
  readonly pageSize?: number
}

interface PageTable extends SinkTable {
  readonly sql: string
  readonly tree: TableTree
}

/** The file is a database only after `close()`; its rowids count from 1. It is never synced. */
export class PageFileSink extends TableSink<PageTable> {
  private readonly file: PageFile
  private readonly master: TableTree
  private readonly record = new RecordEncoder()
  private readonly raw = new RawBytes()
  private readonly string = new StringBytes()

  /** Makes the file (0600, must not exist) with all `tables`, of which some may stay empty. */
  constructor(path: string, { tables, pageSize = 16_384 }: PageFileOptions) {
    super()
    if (!isPageSize(pageSize)) throw new RangeError(`${pageSize} is no page size`)
    this.file = new PageFile(pageSize)
    this.master = new TableTree(this.file, FILE_HEADER_BYTES)
    for (const { schema, sql } of tables) {
      this.tables.set(schema, { ...describeTable(schema), sql, tree: new TableTree(this.file) })
    }
    this.file.open(path)
  }

  /** Pages of the file so far, those not yet handed to the system included; open leaves are not. */
  get pagesWritten(): number {
    return this.file.pages
  }

  get bytesWritten(): number {
    return this.file.pages * this.file.pageSize
  }

  /** After `close()` or `abandon()`: starts another file with the same tables and buffers; counts begin at 0 again. */
  reset(path: string): void {
    if (this.file.isOpen) throw new Error("the page file is still open")
    this.file.open(path)
    this.master.reset()
    for (const table of this.tables.values()) {
      table.rows = 0
      table.tree.reset()
    }
    this.dropRow()
  }

  override begin(schema: TableSchema): void {
    this.beginRow(schema)
    this.record.begin(schema.columns.length)
  }

  null(): void {
    this.numberColumn()
    this.record.null()
  }

  empty(): void {
    this.textColumn()
    this.record.empty()
  }

  int(value: number): void {
    if ((value | 0) !== value) requireInteger(value)
    this.numberColumn()
    this.record.int(value)
  }

  int64(high: number, low: number): void {
    this.numberColumn()
    this.record.int64(high, low)
  }

  bytes(buffer: Uint8Array, start: number, end: number): void {
    this.textColumn()
    this.raw.load(buffer)
    this.record.text(this.raw, start, end)
  }

  text(value: string): void {
    this.textColumn()
    this.string.load(value)
    this.record.text(this.string, 0, this.string.length)
  }

  end(): void {
    const { tree } = this.endRow()
    this.record.finish()
    tree.add(this.record)
  }

  /** Hands full pages to the system; rows in open leaves wait for `close()`. */
  flush(): void {
    this.file.writeBatch()
    this.raw.clear()
    this.string.clear()
  }

  /** Completes the database and closes the file; after an error the file is closed all the same, and is useless. */
  close(): void {
    if (!this.file.isOpen) return
    try {
      this.file.finish(this.writeSchema())
    } finally {
      this.file.abandon()
    }
  }

  /** Closes the file without completing it; who made the path removes it. */
  abandon(): void {
    this.file.abandon()
  }

  protected addTable(schema: TableSchema): PageTable {
    throw new Error(`the page file has no table ${schema.name}`)
  }

  /** Finishes all trees and returns page 1: the file header and the root of sqlite_schema. */
  private writeSchema(): Buffer {
    const { record, string } = this
    for (const { schema, sql, tree } of this.tables.values()) {
      const root = tree.finish()
      record.begin(SCHEMA_COLUMNS)
      for (const value of ["table", schema.name, schema.name]) {
        string.load(value)
        record.text(string, 0, string.length)
      }
      record.int(root)
      string.load(sql)
      record.text(string, 0, string.length)
      record.finish()
      this.master.add(record)
    }
    const page = Buffer.alloc(this.file.pageSize)
    this.master.finishOnFirstPage(page)
    writeFileHeader(page, this.file.pageSize, this.file.pages)
    return page
  }
}

function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0
}

/** Section 1.3 of the format; all that is not written is zero, the freelist among it. */
function writeFileHeader(page: Buffer, pageSize: number, pages: number): void {
  page.latin1Write("SQLite format 3\0", 0)
  page.writeUInt16BE(pageSize === 65_536 ? 1 : pageSize, 16)
  // Rollback journal for writing and reading, nothing reserved in a page, payload fractions.
  page.set([1, 1, 0, 64, 32, 32], 18)
  // Change counter; the same number at 92 makes the page count valid.
  page.writeUInt32BE(1, 24)
  page.writeUInt32BE(pages, 28)
  // Schema cookie, schema format, and text encoding UTF-8.
  page.writeUInt32BE(1, 40)
  page.writeUInt32BE(4, 44)
  page.writeUInt32BE(1, 56)
  page.writeUInt32BE(1, 92)
  page.writeUInt32BE(SQLITE_VERSION, 96)
}
