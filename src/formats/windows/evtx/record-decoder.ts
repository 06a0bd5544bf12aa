/** All that it takes to make events of the records of one chunk after another. */
import { EventTape } from "../event-tape.ts"
import { ChunkNames } from "./chunk-names.ts"
import { EventFacts } from "./event-facts.ts"
import { Instances } from "./instances.ts"
import { RECORD } from "./layout.ts"
import type { LearntTemplates } from "./learnt-templates.ts"
import { RecordWriter } from "./record-writer.ts"
import type { TemplateCache } from "./template-cache.ts"

export interface DecoderOptions {
  readonly learnt: LearntTemplates
  readonly cache: TemplateCache
  /** Nothing is taken from the chunk that does not prove itself. */
  readonly isRecovering: boolean
}

export class RecordDecoder {
  readonly tape = new EventTape()
  readonly facts = new EventFacts()
  readonly #names = new ChunkNames()
  readonly #instances: Instances
  readonly #writer: RecordWriter
  #bytes: Buffer = Buffer.alloc(0)

  constructor(options: DecoderOptions) {
    this.#instances = new Instances(this.#names, options)
    this.#writer = new RecordWriter(this.#instances, this.tape)
  }

  /** @param length what is there of the chunk */
  begin(bytes: Buffer, length: number): void {
    this.#bytes = bytes
    this.#names.begin(bytes, length)
    this.#instances.begin(bytes, length)
    this.#writer.begin(bytes)
  }

  /** Why the last record gave nothing, or what of it was left out; "" when it is whole. */
  get failure(): string {
    return this.#writer.failure
  }

  /** True when a name in the last record or its templates was not as its hash says. */
  get isDoubtful(): boolean {
    return this.#writer.isDoubtful
  }

  /** True when a template of the last record was damaged, and the same of another chunk was used. */
  get isBorrowed(): boolean {
    return this.#instances.isBorrowed
  }

  /** True when nothing in the last record is damaged. */
  get isSound(): boolean {
    return this.failure === "" && !this.isBorrowed && !this.isDoubtful
  }

  /** Where the BinXML of the last record ended. */
  get end(): number {
    return this.#writer.end
  }

  /** True when the template of the last record could not be found. */
  get lacksTemplate(): boolean {
    return this.#instances.lacksTemplate
  }

  /** Looks at a record without decoding it: `facts` holds what its values tell. False with a `failure`. */
  prepare(at: number, size: number): boolean {
    this.#instances.isBorrowed = false
    if (!this.#writer.prepare(at + RECORD.binXmlAt, at + size - 4)) return false
    this.facts.readSlots(this.#writer, this.#bytes)
    return true
  }

  /** Writes the record that was prepared to `tape`, and completes `facts`. */
  write(at: number, size: number): boolean {
    if (!this.#writer.write(at + size - 4)) return false
    this.facts.readTape(this.tape)
    return true
  }
}
