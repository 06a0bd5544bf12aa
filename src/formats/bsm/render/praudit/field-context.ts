/** What the writers of fields share: where to write, the token at hand, and what the user chose. */
import { GrowingBytes } from "../../../../base/growing-bytes.ts"
import { type BsmPlatform, findEvent } from "../../tables/events.ts"
import { returnTexts } from "./linux-errors.ts"
import type { PrauditOptions } from "./options.ts"
import { put, putSigned32, putUnsigned } from "./put-numbers.ts"
import { putText, type TextForm } from "./put-text.ts"
import { CalendarTime } from "./put-time.ts"

export class FieldContext {
  out = new GrowingBytes(0)
  bytes: Uint8Array = Buffer.alloc(0)
  /** End of the token. */
  to = 0
  /** Bytes of an address, from the type before it. */
  addressWidth = 4
  readonly isXml: boolean
  readonly isRaw: boolean
  readonly delimiter: Buffer
  readonly time = new CalendarTime()
  readonly returns = returnTexts()
  readonly #textForm: TextForm
  readonly #contentForm: TextForm
  readonly #isShort: boolean
  readonly #users: ReadonlyMap<number, Buffer>
  readonly #groups: ReadonlyMap<number, Buffer>
  #platform: BsmPlatform = "unknown"
  #events = new Map<number, Buffer>()

  constructor(options: PrauditOptions) {
    this.isXml = options.isXml
    this.isRaw = options.form === "raw"
    this.#isShort = options.form === "short"
    const textForm = options.isTerminal === true ? "terminal" : "plain"
    this.#textForm = options.isXml ? "attribute" : textForm
    this.#contentForm = options.isXml ? "content" : textForm
    this.delimiter = Buffer.from(options.delimiter, "utf8")
    this.#users = this.#encode(this.isRaw ? undefined : options.users)
    this.#groups = this.#encode(this.isRaw ? undefined : options.groups)
  }

  get platform(): BsmPlatform {
    return this.#platform
  }

  set platform(platform: BsmPlatform) {
    if (platform === this.#platform) return
    this.#platform = platform
    this.#events = new Map()
  }

  /** In XML for an attribute. */
  putText(from: number, to: number): void {
    putText(this.out, this.bytes, from, to, this.#textForm)
  }

  /** In XML between tags. */
  putContent(from: number, to: number): void {
    putText(this.out, this.bytes, from, to, this.#contentForm)
  }

  putUser(id: number): void {
    this.#putAccount(this.#users, id)
  }

  putGroup(id: number): void {
    this.#putAccount(this.#groups, id)
  }

  putEvent(number: number): void {
    if (this.isRaw) putUnsigned(this.out, number)
    else put(this.out, this.#events.get(number) ?? this.#nameEvent(number))
  }

  #putAccount(names: ReadonlyMap<number, Buffer>, id: number): void {
    const name = names.size === 0 ? undefined : names.get(id)
    if (name === undefined) putSigned32(this.out, id)
    else put(this.out, name)
  }

  #nameEvent(number: number): Buffer {
    const event = findEvent(this.#platform, number)
    const name = this.#isShort ? event?.name : event?.description
    const text = this.#encodeText(name === undefined ? String(number) : name)
    this.#events.set(number, text)
    return text
  }

  #encode(names: ReadonlyMap<number, string> = new Map()): Map<number, Buffer> {
    return new Map([...names].map(([id, name]) => [id, this.#encodeText(name)]))
  }

  #encodeText(text: string): Buffer {
    const bytes = Buffer.from(text, "utf8")
    const out = new GrowingBytes(bytes.length)
    putText(out, bytes, 0, bytes.length, this.#textForm)
    return Buffer.from(out.bytes.subarray(0, out.used))
  }
}
