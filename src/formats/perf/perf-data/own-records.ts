/** Records that perf itself writes between those of the kernel: what a pipe tells of its events, and what is compressed. */
import { ByteCursor } from "./byte-cursor.ts"
import type { CompressedRecords } from "./compressed-records.ts"
import { FEATURE } from "./file-header.ts"
import { RECORD } from "./record-types.ts"
import type { RecordingFacts } from "./recording-facts.ts"

const HEADER_BYTES = 8
/** Behind a first u64: the size of what is compressed, the number of a feature. */
const BODY_AT = 16

export class OwnRecords {
  readonly #facts: RecordingFacts
  readonly #packed: CompressedRecords
  isBigEndian = false

  constructor(facts: RecordingFacts, packed: CompressedRecords) {
    this.#facts = facts
    this.#packed = packed
  }

  /** The record is `bytes[from, to)`, with what it carries behind it. */
  read(type: number, bytes: Buffer, from: number, to: number, offset: number): void {
    const first = () => new ByteCursor(bytes, this.isBigEndian, from + HEADER_BYTES, to).u64()
    switch (type) {
      case RECORD.compressed:
        this.#packed.unpack(bytes, from + HEADER_BYTES, to, offset)
        return
      case RECORD.compressed2:
        this.#packed.unpack(bytes, from + BODY_AT, Math.min(to, from + BODY_AT + first()), offset)
        return
      case RECORD.headerAttr:
        this.#facts.addAttribute(bytes.subarray(from + HEADER_BYTES, to))
        return
      case RECORD.tracingData: {
        // They begin behind the record proper.
        const size = this.isBigEndian ? bytes.readUInt16BE(from + 6) : bytes.readUInt16LE(from + 6)
        this.#facts.addFeature(FEATURE.tracingData, bytes.subarray(from + size, to), offset)
        return
      }
      case RECORD.headerFeature:
        this.#facts.addFeature(first(), bytes.subarray(from + BODY_AT, to), offset)
        return
      case RECORD.eventUpdate:
        this.#facts.updateName(bytes.subarray(from + HEADER_BYTES, to))
    }
  }
}
