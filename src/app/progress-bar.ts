/** A progress line on a terminal: what is read, how far, how fast, how long still. */
import { cutToWidth, displayWidth, escapeForTerminal } from "../base/terminal.ts"
import type { Source, SourceFacts } from "../sources/source.ts"
import type { Progress } from "./progress.ts"

const REDRAW_MS = 100
const BAR_CELLS = 16
const MEBIBYTE = 1024 * 1024
/** The rate shown is that of the last seconds, so that a slow start is soon forgotten. */
const RATE_WINDOW_MS = 5000

export interface ProgressBarOptions {
  readonly write: (text: string) => void
  readonly columns: () => number
  readonly nowMs: () => number
}

export class ProgressBar implements Progress {
  readonly #options: ProgressBarOptions
  #total = 0
  /** Stored bytes of the sources before the current one. */
  #before = 0
  #source: Source | null = null
  #name = ""
  #drawnMs = 0
  #marks: { ms: number; bytes: number }[] = []
  #isDrawn = false

  constructor(options: ProgressBarOptions) {
    this.#options = options
  }

  begin(total: number): void {
    this.#total = total
    this.#marks = [{ ms: this.#options.nowMs(), bytes: 0 }]
  }

  beginSource(facts: SourceFacts, source: Source): void {
    this.#before += this.#source?.storedRead ?? 0
    this.#source = source
    this.#name = escapeForTerminal(lastPart(facts.member === "" ? facts.path : facts.member))
    this.#draw(false)
  }

  advance(done?: number): void {
    if (done !== undefined) this.#before = done
    this.#draw(false)
  }

  end(): void {
    if (!this.#isDrawn) return
    this.#options.write("\r\x1b[K")
  }

  #draw(isForced: boolean): void {
    const now = this.#options.nowMs()
    if (!isForced && now - this.#drawnMs < REDRAW_MS) return
    this.#drawnMs = now
    this.#isDrawn = true
    const done = this.#before + (this.#source?.storedRead ?? 0)
    const rate = this.#rate(now, done)
    this.#options.write(`\r${renderLine(this.#name, done, this.#total, rate, this.#options.columns())}\x1b[K`)
  }

  /** Bytes a second over the last seconds. */
  #rate(now: number, done: number): number {
    this.#marks.push({ ms: now, bytes: done })
    while (this.#marks.length > 2 && now - (this.#marks[1]?.ms ?? now) > RATE_WINDOW_MS) this.#marks.shift()
    const first = this.#marks[0]
    return first === undefined || now <= first.ms ? 0 : ((done - first.bytes) * 1000) / (now - first.ms)
  }
}

/** One line of at most `columns` cells: name, bar, amount, rate, time left. */
export function renderLine(name: string, done: number, total: number, rate: number, columns: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 0
  const cells = Math.round(share * BAR_CELLS)
  const bar =
    total > 0
      ? `${"█".repeat(cells)}${"░".repeat(BAR_CELLS - cells)} ${String(Math.floor(share * 100)).padStart(3)}%`
      : ""
  const amount = total > 0 ? `${mebibytes(done)}/${mebibytes(total)} MiB` : `${mebibytes(done)} MiB`
  const left = rate > 0 && total > done ? `  ETA ${clock((total - done) / rate)}` : ""
  const facts = `${bar}  ${amount}  ${rate > 0 ? `${(rate / 1e6).toFixed(0)} MB/s` : ""}${left}`
  const room = columns - 1 - displayWidth(facts) - 3
  if (room < 8) return cutToWidth(`  ${facts}`, columns - 1)
  const shown = cutToWidth(name, Math.min(room, 30))
  return `  ${shown}${" ".repeat(Math.max(1, Math.min(room, 30) - displayWidth(shown)))} ${facts}`
}

function mebibytes(bytes: number): string {
  return (bytes / MEBIBYTE).toFixed(1)
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds)
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${String(whole % 60).padStart(2, "0")}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1)
}
