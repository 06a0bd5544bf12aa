/**
 * Writes plain samples as script-renderer.ts does, by a plan for each event:
 *
 *             dd  1027/1027  [000]  36573.622829966 :  syscalls:sys_enter_read: fd: 0x 00000003 , buf: 0x …
 *   of a thread on a CPU                            of an event
 */
import { ConstantPool } from "../../../base/constant-pool.ts"
import { INTEGER_BYTES, writeInteger, writeNineDigits } from "../../../base/decimal.ts"
import { GrowingBytes } from "../../../base/growing-bytes.ts"
import { padLeft } from "../print/plain-number.ts"
import { compilePlainPrint, type PlainPrint } from "../print/plain-print.ts"
import type { PlainSample } from "./plain-sample.ts"
import type { SamplePlan } from "./sample-plan.ts"
import { putThread, type ScriptEvents, type ScriptOptions } from "./script-renderer.ts"
import { THREAD_TEXT_BYTES, ThreadTexts } from "./thread-texts.ts"

const SECOND_WIDTH = 5
const NSEC_DIGITS = 9
const USEC_DIGITS = 6
const POINT = 0x2e

interface EventPrint {
  readonly plan: SamplePlan
  /** null for an event whose print format needs the general way. */
  readonly print: PlainPrint | null
}

export class PlainScript {
  readonly #events: ScriptEvents
  readonly #digits: number
  readonly #pool = new ConstantPool()
  readonly #threads: ThreadTexts
  /** By the plan's index. */
  #prints: (EventPrint | undefined)[] = []
  #print: PlainPrint | null = null
  #thread = -1

  constructor(options: ScriptOptions, events: ScriptEvents) {
    this.#events = events
    this.#digits = options.hasNanoseconds ? NSEC_DIGITS : USEC_DIGITS
    const compose = (sample: PlainSample, out: GrowingBytes) => putThread(sample, options, out)
    this.#threads = new ThreadTexts(compose, new GrowingBytes(THREAD_TEXT_BYTES))
  }

  /** Whether `write` can write the sample; false for one that is left to the general way. */
  takes(sample: PlainSample): boolean {
    const { plan } = sample
    const known = this.#prints[plan.index]
    this.#print = known?.plan === plan ? known.print : this.#learn(plan)
    if (this.#print === null) return false
    this.#thread = this.#threads.find(sample)
    return this.#thread >= 0
  }

  /** Appends the line of the sample that `takes` was asked of. */
  write(sample: PlainSample, out: GrowingBytes): void {
    const print = this.#print
    if (print === null) return
    out.reserve(THREAD_TEXT_BYTES + INTEGER_BYTES * 2 + print.roomFor(sample.length))
    const target = out.view
    const start = this.#threads.write(this.#thread, target, out.used)
    const end = writeInteger(target, start, sample.ownSecond)
    const point = end - start < SECOND_WIDTH ? padLeft(target, start, end, SECOND_WIDTH, false) : end
    target.setInt8(point, POINT)
    writeNineDigits(target, point + 1, sample.ownNsec)
    out.used = print.write(sample, out, point + 1 + this.#digits)
  }

  #learn(plan: SamplePlan): PlainPrint | null {
    const events = this.#events
    const isOwn = events.formatOf(plan.event) === plan.format
    const label = events.labelOf(plan.event).padStart(events.labelWidth)
    const machine = { longBytes: events.longBytes }
    const print = isOwn ? compilePlainPrint(plan, machine, this.#pool, `: ${label}: `, "\n") : null
    this.#prints[plan.index] = { plan, print }
    return print
  }
}
