/**
 * What the lines of a thread on a CPU have in common, kept for the threads that were met last. Most samples follow one
 * of their own thread, or of one of the few that share the machine with it.
 */
import { copyShort, type GrowingBytes, viewOf } from "../../../base/growing-bytes.ts"
import { CLOCK } from "../sample.ts"
import type { PlainSample } from "./plain-sample.ts"

const PLACES = 256
/** Of one text; a longer one, which no kernel's name of a thread makes, is not kept. */
export const THREAD_TEXT_BYTES = 256

export class ThreadTexts {
  readonly #compose: (sample: PlainSample, out: GrowingBytes) => void
  readonly #composed: GrowingBytes
  readonly #bytes = Buffer.alloc(PLACES * THREAD_TEXT_BYTES)
  readonly #view = viewOf(this.#bytes)
  /** 0 for a place where nothing is kept. */
  readonly #lengths = new Int32Array(PLACES)
  readonly #pids = new Int32Array(PLACES)
  readonly #tids = new Int32Array(PLACES)
  readonly #cpus = new Int32Array(PLACES)
  readonly #comms: (Buffer | undefined)[] = new Array<Buffer | undefined>(PLACES).fill(undefined)
  #clock: number = CLOCK.none

  /** @param compose writes the text of a sample's thread, CPU and clock */
  constructor(compose: (sample: PlainSample, out: GrowingBytes) => void, composed: GrowingBytes) {
    this.#compose = compose
    this.#composed = composed
  }

  /** The place of the sample's text; -1 for one that is too long. */
  find(sample: PlainSample): number {
    const { pid, tid, cpu, comm, clock } = sample
    const place = (tid + cpu * 31) & (PLACES - 1)
    const isSame = this.#pids[place] === pid && this.#tids[place] === tid && this.#cpus[place] === cpu
    const isKnown = this.#lengths[place] !== 0 && isSame && this.#comms[place] === comm
    return isKnown && this.#clock === clock ? place : this.#learn(sample, place)
  }

  /** Writes the text at a place, and returns its end. */
  write(place: number, target: DataView, at: number): number {
    const length = this.#lengths[place] as number
    copyShort(this.#view, place * THREAD_TEXT_BYTES, target, at, length)
    return at + length
  }

  #learn(sample: PlainSample, place: number): number {
    if (this.#clock !== sample.clock) this.#lengths.fill(0)
    this.#clock = sample.clock
    const out = this.#composed
    out.clear()
    this.#compose(sample, out)
    this.#lengths[place] = 0
    if (out.used > THREAD_TEXT_BYTES) return -1
    out.bytes.copy(this.#bytes, place * THREAD_TEXT_BYTES, 0, out.used)
    this.#lengths[place] = out.used
    this.#pids[place] = sample.pid
    this.#tids[place] = sample.tid
    this.#cpus[place] = sample.cpu
    this.#comms[place] = sample.comm
    return place
  }
}
