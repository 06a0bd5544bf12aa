/** Records as a reader gives them, each as a text. */
import type { RecordOutput } from "../src/app/reading/reader.ts"
import { GrowingBytes } from "../src/base/growing-bytes.ts"

export class KeptRecords implements RecordOutput {
  readonly form = "json"
  readonly texts: string[] = []
  readonly #out = new GrowingBytes(1024)

  text(record: string): void {
    this.texts.push(record)
  }

  bytes(buffer: Buffer, start: number, end: number): void {
    this.texts.push(buffer.utf8Slice(start, end))
  }

  begin(): GrowingBytes {
    this.#out.clear()
    return this.#out
  }

  end(): void {
    this.bytes(this.#out.bytes, 0, this.#out.used)
  }
}
