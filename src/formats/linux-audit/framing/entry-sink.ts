/** Hands on what one entry of a wrapping holds: an object, a frame, a journal entry, a line. */
import type { Problem, Severity } from "../../../base/problem.ts"
import type { RecordConsumer } from "../framing.ts"
import { AuditRecord } from "../record.ts"

const EMPTY: Buffer = Buffer.alloc(0)
/** Of what was found, this much is quoted in a problem. */
const QUOTED_BYTES = 60

/** Whatever is emitted between two calls of `begin` lies at that entry's offset and has its length. */
export class EntrySink {
  /** Filled by the readers, then handed on with `emit`. */
  readonly record = new AuditRecord()
  /** Records of this entry so far. */
  emitted = 0
  readonly #consumer: RecordConsumer
  #offset = 0
  #length = 0

  constructor(consumer: RecordConsumer) {
    this.#consumer = consumer
  }

  begin(offset: number, length: number): void {
    this.#offset = offset
    this.#length = length
    this.emitted = 0
    const { record } = this
    record.type = -1
    record.typeName = ""
    record.node = ""
    record.sec = Number.NaN
    record.nsec = 0
    record.serial = 0
    record.hasSerial = true
    this.setBody(EMPTY, 0, 0)
  }

  setBody(buffer: Buffer, start: number, end: number): void {
    this.record.buffer = buffer
    this.record.start = start
    this.record.end = end
  }

  emit(): void {
    this.record.offset = this.#offset
    this.record.length = this.#length
    this.emitted++
    this.#consumer.record(this.record)
  }

  problem(
    code: string,
    severity: Severity,
    message: string,
    more: Pick<Problem, "expected" | "found"> = {},
  ): void {
    const { found, ...rest } = more
    const quoted = found === undefined ? {} : { found: found.slice(0, QUOTED_BYTES) }
    this.#consumer.problem({
      code: `linux-audit/${code}`,
      severity,
      offset: this.#offset,
      length: this.#length,
      message,
      ...rest,
      ...quoted,
    })
  }

  foreign(): void {
    this.#consumer.foreign(this.#offset, this.#length)
  }
}
