/**
 * A sample that lies where its plan says: the parts that all samples have, read out, and its bytes for the rest. Used
 * again for the next one. What PerfSample is to any record, this is to those that come by the million.
 */
import { CLOCK, type Clock } from "../sample.ts"
import type { PlainField, SamplePlan } from "./sample-plan.ts"

const NO_BYTES = Buffer.alloc(0)

export class PlainSample {
  plan: SamplePlan
  /** The record is `bytes[at, at + length)`; `words` is the same memory. */
  bytes: Buffer = NO_BYTES
  words: Int32Array = new Int32Array(0)
  at = 0
  length = 0
  /** In the uncompressed source. */
  offset = 0
  /** Number of the event. */
  event = 0
  pid = 0
  tid = 0
  cpu = 0
  /** The thread's name as known at that time, empty where it is not known; the same object while it keeps it. */
  comm: Buffer = NO_BYTES
  clock: Clock = CLOCK.none
  second = 0
  nsec = 0
  /** Time of the recording's own clock, and whether its nanoseconds are 2^53 or more. */
  ownSecond = 0
  ownNsec = 0
  isBeyondDouble = false

  constructor(plan: SamplePlan) {
    this.plan = plan
  }

  /** First byte of a text or an array in `bytes`. */
  fromOf({ at, base }: PlainField): number {
    return this.at + (base < 0 ? at : base + ((this.words[(this.at + at) >> 2] as number) & 0xffff))
  }

  /** Its end; of a text the first NUL may come before. */
  toOf(field: PlainField): number {
    const from = this.fromOf(field)
    if (field.base < 0) return from + field.size
    return from + ((this.words[(this.at + field.at) >> 2] as number) >>> 16)
  }
}
