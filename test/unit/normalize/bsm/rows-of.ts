/** Rows that records give, for the tests of this folder. */
import { BsmRecord } from "../../../../src/formats/bsm/record.ts"
import type { BsmPlatform } from "../../../../src/formats/bsm/tables/events.ts"
import { walkFileToken, walkRecord } from "../../../../src/formats/bsm/token-walk.ts"
import { BsmNormalizer } from "../../../../src/normalize/bsm/bsm-normalizer.ts"
import type { NormalizerOptions } from "../../../../src/normalize/bsm/row-context.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import type { RowValue } from "../../../../src/schema/row-value.ts"

export type Row = Readonly<Record<string, RowValue>>

const FILE_TOKEN = 0x11

export class Reading {
  readonly normalizer: BsmNormalizer
  readonly sink = new ObjectSink()
  readonly eids: Map<string, number>
  platform: BsmPlatform
  readonly #record = new BsmRecord()
  #offset = 0

  constructor(platform: BsmPlatform = "macos", options: Partial<NormalizerOptions> = {}) {
    this.platform = platform
    this.eids = options.eids ?? new Map()
    this.normalizer = new BsmNormalizer({ writer: this.sink, host: "", ...options, eids: this.eids })
  }

  /** Records and file tokens, one behind the other, undamaged. */
  read(...pieces: readonly Buffer[]): this {
    const bytes = Buffer.concat([...pieces])
    let at = 0
    while (at < bytes.length) {
      const isFile = bytes[at] === FILE_TOKEN
      const end = at + (isFile ? 11 + bytes.readUInt16BE(at + 9) : bytes.readUInt32BE(at + 1))
      const walk = isFile ? walkFileToken : walkRecord
      walk(this.#record, bytes, at, end, this.#offset + at)
      this.normalizer.record(this.#record, this.platform, 1)
      at = end
    }
    this.#offset += at
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
