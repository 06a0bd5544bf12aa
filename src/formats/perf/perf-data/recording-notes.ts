/** What is told of a recording: problems of its bytes, each kind once where it would repeat, and its lost samples. */
import type { Gap, Problem, Severity } from "../../../base/problem.ts"
import { CLOCK, KIND, type PerfSample } from "../sample.ts"
import type { Decoded } from "./record-decoder.ts"

const HALF = 0x1_0000_0000
const BILLION = 1_000_000_000n

export class RecordingNotes {
  readonly #problem: (problem: Problem) => void
  readonly #gap: (gap: Gap) => void
  readonly #told = new Set<string>()
  /** Told of by LOST records, and by the kernel's own counts at the recording's end. */
  #lost = 0
  #counted = 0

  constructor(problem: (problem: Problem) => void, gap: (gap: Gap) => void) {
    this.#problem = problem
    this.#gap = gap
  }

  begin(): void {
    this.#told.clear()
  }

  skipped(offset: number, length: number): void {
    this.#tell(
      "perf-data/skipped-bytes",
      "error",
      offset,
      length,
      "These bytes are no record and were passed over.",
    )
  }

  cut(offset: number, length: number): void {
    this.#tell("perf-data/cut-record", "warning", offset, length, "The recording ends within a record.")
  }

  endsEarly(end: number): void {
    const message = `The recording ends before its data does, which should go on to byte ${end}.`
    this.#once("perf-data/cut-recording", "warning", 0, 0, message)
  }

  badHeader(): void {
    this.#once(
      "perf-data/bad-header",
      "error",
      0,
      0,
      "The header of the recording does not say where its data is.",
    )
  }

  killed(): void {
    const message = "The recorder was killed: the recording has no formats of its events, all else was read."
    this.#once("perf-data/killed-recording", "warning", 0, 0, message)
  }

  noFormats(offset = 0): void {
    const message =
      "The recording's formats of events are missing or damaged: its samples are given as raw bytes."
    this.#once("perf-data/no-formats", "warning", offset, 0, message)
  }

  noAttributes(): void {
    const message = "The recording does not say what its samples hold."
    this.#once("perf-data/no-attributes", "error", 0, 0, message)
  }

  estimated(): void {
    const message =
      "The recording holds no moment of Unix time: times were reckoned from the file's, and may be seconds off."
    this.#once("perf-data/estimated-time", "info", 0, 0, message)
  }

  outOfOrder(): void {
    const message =
      "No round of the recording ends for very long: its records may be given out of their order."
    this.#once("perf-data/out-of-order", "info", 0, 0, message)
  }

  badZstd(offset: number, length: number): void {
    const message = "A compressed record is damaged: all compressed ones from here on are lost."
    this.#once("perf-data/bad-zstd", "error", offset, length, message)
  }

  damaged(what: Decoded, offset: number, length: number, name: string): void {
    if (what === "short")
      this.#tell(
        "perf-data/short-sample",
        "warning",
        offset,
        length,
        "A sample is shorter than its event; what it holds was kept.",
      )
    else if (what === "unknown-event")
      this.#once(
        "perf-data/unknown-event",
        "warning",
        offset,
        length,
        "A sample is of no event of the recording.",
      )
    else {
      const message = `There is no format of ${name}: its samples are given as raw bytes.`
      this.#once("perf-data/unknown-format", "info", offset, length, message, name)
    }
  }

  observe(sample: PerfSample): void {
    if (sample.kind !== KIND.lost) return
    const lost = (sample.high(1) >>> 0) * HALF + (sample.low(1) >>> 0)
    this.#lost += lost
    const time = sample.clock === CLOCK.unix || sample.clock === CLOCK.estimated
    const ns = time ? BigInt(sample.second) * BILLION + BigInt(sample.nsec) : null
    this.#gap({
      kind: "lost-samples",
      what: `${lost} ${lost === 1 ? "record" : "records"} lost before this one`,
      ...(ns === null ? {} : { toNs: ns }),
      evidence: `a LOST record of CPU ${Number.isNaN(sample.cpu) ? "unknown" : sample.cpu}: its buffer was full`,
      offset: sample.offset,
    })
  }

  /** The kernel's count of one event, which holds what LOST records have told as well. */
  lostSamples(view: DataView, at: number, size: number, isLittle: boolean): void {
    if (size < 16) return
    const low = view.getUint32(at + (isLittle ? 8 : 12), isLittle)
    this.#counted += view.getUint32(at + (isLittle ? 12 : 8), isLittle) * HALF + low
  }

  end(): void {
    const more = this.#counted - this.#lost
    this.#counted = 0
    this.#lost = 0
    if (more <= 0) return
    this.#gap({
      kind: "lost-samples",
      what: `${more} more ${more === 1 ? "sample" : "samples"} lost, at no known time`,
      evidence: "the kernel's counts of lost samples, less what LOST records tell",
      offset: 0,
    })
  }

  #once(code: string, severity: Severity, offset: number, length: number, message: string, key = ""): void {
    const mark = `${code} ${key}`
    if (this.#told.has(mark)) return
    this.#told.add(mark)
    this.#tell(code, severity, offset, length, message)
  }

  #tell(code: string, severity: Severity, offset: number, length: number, message: string): void {
    this.#problem({ code, severity, offset, length, message })
  }
}
