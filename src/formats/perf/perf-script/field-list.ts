/** The fields that a line of text gives, on their way into a sample. */
import type { PerfSample } from "../sample.ts"
import { FieldNames } from "../sample.ts"

type Value =
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "text" | "bytes"; readonly bytes: Buffer }

/** Shapes of lines are few; a file that has more is no text of perf. */
const MAX_SHAPES = 4096

export class FieldList {
  readonly #names: string[] = []
  readonly #values: Value[] = []
  readonly #shapes = new Map<string, FieldNames>()

  clear(): void {
    this.#names.length = 0
    this.#values.length = 0
  }

  get count(): number {
    return this.#names.length
  }

  int(name: string, value: number | bigint): void {
    this.#add(name, { kind: "int", value: BigInt.asIntN(64, BigInt(value)) })
  }

  /** @param latin1 a character a byte */
  text(name: string, latin1: string): void {
    this.#add(name, { kind: "text", bytes: Buffer.from(latin1, "latin1") })
  }

  bytes(name: string, bytes: Buffer): void {
    this.#add(name, { kind: "bytes", bytes })
  }

  /** Puts the fields into a sample whose other parts are set. */
  fill(sample: PerfSample): void {
    const key = this.#names.join("\n")
    let names = this.#shapes.get(key)
    if (names === undefined) {
      if (this.#shapes.size >= MAX_SHAPES) this.#shapes.clear()
      names = new FieldNames([...this.#names])
      this.#shapes.set(key, names)
    }
    sample.beginFields(names)
    sample.bytes = Buffer.concat(
      this.#values.map((value) => (value.kind === "int" ? Buffer.alloc(0) : value.bytes)),
    )
    let at = 0
    for (const value of this.#values) {
      if (value.kind === "int") {
        sample.addInt(Number(BigInt.asIntN(32, value.value)), Number(BigInt.asIntN(32, value.value >> 32n)))
        continue
      }
      const end = at + value.bytes.length
      if (value.kind === "text") sample.addText(at, end)
      else sample.addBytes(at, end, 1)
      at = end
    }
  }

  #add(name: string, value: Value): void {
    this.#names.push(name)
    this.#values.push(value)
  }
}
