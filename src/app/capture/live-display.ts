/** How a capture stands: one line that is redrawn on a terminal, one line a minute elsewhere. */
import { cutToWidth, escapeForTerminal } from "../../base/terminal.ts"
import { countText, sizeText } from "../output/amounts.ts"
import type { CaptureDisplay, LiveState } from "./capture-request.ts"

const LINE_MS = 60_000
/** The rate shown is that of the last seconds. */
const RATE_WINDOW_MS = 5000
const SHORT_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^process_file_events$/, "file"],
  [/_events$/, ""],
]

export interface LiveDisplayOptions {
  readonly write: (text: string) => void
  /** Columns of the terminal; null when there is none. */
  readonly columns: () => number | null
  /** Nothing but messages. */
  readonly isQuiet: boolean
}

export class LiveDisplay implements CaptureDisplay {
  readonly #options: LiveDisplayOptions
  #marks: { readonly ms: number; readonly records: number }[] = []
  #shownMs = Number.NaN
  #isDrawn = false
  #last = ""

  constructor(options: LiveDisplayOptions) {
    this.#options = options
  }

  log(message: string): void {
    // In one piece: who looks for osquery's words finds them.
    this.#erase()
    this.#options.write(`${escapeForTerminal(message)}\n`)
    this.#draw(this.#last)
  }

  note(message: string): void {
    if (!this.#options.isQuiet) this.log(message)
  }

  update(state: LiveState): void {
    if (this.#options.isQuiet) return
    const line = stateLine(state, this.#rate(state))
    if (this.#options.columns() !== null) this.#draw(line)
    else this.#print(state.nowMs, line)
  }

  end(): void {
    this.#erase()
    this.#last = ""
  }

  #draw(line: string): void {
    const columns = this.#options.columns()
    if (columns === null || line === "") return
    this.#last = line
    this.#isDrawn = true
    this.#options.write(`\r${cutToWidth(line, columns - 1)}\x1b[K`)
  }

  #erase(): void {
    if (this.#isDrawn) this.#options.write("\r\x1b[K")
    this.#isDrawn = false
  }

  #print(nowMs: number, line: string): void {
    if (Number.isNaN(this.#shownMs)) this.#shownMs = nowMs
    if (nowMs - this.#shownMs < LINE_MS) return
    this.#shownMs = nowMs
    this.#options.write(`${new Date(nowMs).toISOString().slice(0, 19)}Z ${line.trim()}\n`)
  }

  #rate({ nowMs, records }: LiveState): number {
    this.#marks.push({ ms: nowMs, records })
    while (this.#marks.length > 2 && nowMs - (this.#marks[1]?.ms ?? nowMs) > RATE_WINDOW_MS)
      this.#marks.shift()
    const first = this.#marks[0]
    return first === undefined || nowMs <= first.ms
      ? 0
      : ((records - first.records) * 1000) / (nowMs - first.ms)
  }
}

/** `  1 204 records/s  queues 3/0  lost 0  backlog 12/4096  process 12 040  socket 81  96.0 MiB` */
export function stateLine(state: LiveState, rate: number): string {
  const { depths, kernel, rows, residentBytes } = state
  const parts = [`${countText(Math.round(rate))} records/s`, `queues ${depths[0]}/${depths[1]}`]
  if (kernel !== null) parts.push(`lost ${kernel.lost}`, `backlog ${kernel.backlog}/${kernel.backlogLimit}`)
  for (const [table, count] of rows) parts.push(`${shortName(table)} ${countText(count)}`)
  parts.push(sizeText(residentBytes))
  return `  ${parts.join("  ")}`
}

function shortName(table: string): string {
  const [, short = ""] = SHORT_NAMES.find(([pattern]) => pattern.test(table)) ?? []
  const pattern = SHORT_NAMES.find(([one]) => one.test(table))?.[0]
  return pattern === undefined ? table : table.replace(pattern, short)
}
