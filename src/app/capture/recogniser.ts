/**
 * Finds out what the bytes of a growing source are. The first of them may be half a line: until their format is
 * certain they are held, up to the head that detection looks at.
 */
import { HEAD_BYTES } from "../../sources/evidence.ts"
import type { Chunk, SourceFacts } from "../../sources/source.ts"
import { type ChosenFormat, chooseFormat } from "../reading/choose-format.ts"

const LF = 0x0a

export class Recogniser {
  readonly #facts: SourceFacts
  readonly #wanted: string | undefined
  #held: Chunk[] = []
  #length = 0
  /** In words, what bytes of no format were passed over; '' while none were. */
  passedOver = ""

  constructor(facts: SourceFacts, wanted: string | undefined) {
    this.#facts = facts
    this.#wanted = wanted
  }

  /** Judges by the first bytes alone. @param isKnown an earlier run has read them: any format will do */
  judgeHead(head: Buffer, isKnown: boolean): ChosenFormat | null {
    return this.#judge(head, isKnown)
  }

  /** Takes the next bytes, copied; null while their format is not certain. */
  take(bytes: Buffer, offset: number): ChosenFormat | null {
    // Behind bytes that were passed over, a log can begin with any line but the one at hand.
    const from = this.passedOver !== "" && this.#length === 0 ? bytes.indexOf(LF) + 1 : 0
    this.#held.push({ bytes: Buffer.from(bytes.subarray(from)), offset: offset + from })
    this.#length += bytes.length - from
    const isFull = this.#length >= HEAD_BYTES
    const choice = this.settle(isFull)
    if (choice === null && isFull) this.#passOver()
    return choice
  }

  /** Judges what there is. @param isLast nothing more can be waited for: any format will do */
  settle(isLast = true): ChosenFormat | null {
    return this.#length === 0 ? null : this.#judge(this.#window(), isLast && this.passedOver === "")
  }

  /** What was held, in order; it is held no longer. */
  release(): readonly Chunk[] {
    const held = this.#held
    this.#held = []
    this.#length = 0
    return held
  }

  /** In words, what the bytes held look like; '' when there are none. */
  describe(): string {
    if (this.#length === 0) return this.passedOver
    const choice = chooseFormat(this.#window(), this.#facts)
    return choice.kind === "unrecognised" ? choice.looksLike : this.passedOver
  }

  #judge(head: Buffer, isLast: boolean): ChosenFormat | null {
    const choice = chooseFormat(head.subarray(0, HEAD_BYTES), this.#facts, this.#wanted)
    if (choice.kind !== "format") return null
    return isLast || choice.detection.confidence === "certain" ? choice : null
  }

  #window(): Buffer {
    const [only] = this.#held
    return this.#held.length === 1 && only !== undefined
      ? only.bytes
      : Buffer.concat(this.#held.map(({ bytes }) => bytes))
  }

  #passOver(): void {
    this.passedOver = this.describe() || "bytes of no known format"
    this.release()
  }
}
