/** The summary of an ingest as lines for a terminal of 80 columns. */
import { cutToWidth, escapeForTerminal } from "../../base/terminal.ts"
import type { FormatSummary, IngestSummary } from "./summary.ts"

const COLUMNS = 80
const LABEL = 17
const SHOWN = 5
const MAX_PATH = 30

export interface RunFacts {
  readonly database: string
  readonly seconds: number
  /** Stored bytes of the inputs. */
  readonly bytes: number
  readonly peakBytes: number
}

/** Escaped, without line ends. */
export function describeSummary(summary: IngestSummary, run: RunFacts): string[] {
  const lines = [headline(summary, run)]
  for (const format of summary.formats) lines.push(...describeFormat(format))
  lines.push(...wrapList("rows", countList(summary.rows)))
  if (summary.hosts.length > 0) lines.push(...wrapList("hosts", summary.hosts.slice(0, SHOWN * 2)))
  if (summary.known > 0) lines.push(entry("known already", plural(summary.known, "source")))
  if (summary.empty > 0) lines.push(entry("empty", plural(summary.empty, "source")))
  lines.push(
    ...describeUnread(
      "not recognised",
      summary.unrecognised.map(
        ({ path, looksLike }) => `${shorten(path)}: ${looksLike.replace(/^starts [0-9a-f ]*: /, "")}`,
      ),
    ),
  )
  const skipped = summary.refused.map(({ path, message }) => `${shorten(path)}: ${message}`)
  lines.push(...describeUnread("not read", skipped))
  if (Object.keys(summary.problems).length > 0) {
    lines.push(...wrapList("problems", countList(summary.problems)))
    lines.push(entry("", "SELECT * FROM _problems tells file, offset and what was found"))
  }
  if (summary.gaps > 0)
    lines.push(entry("gaps", `${number(summary.gaps)} in the evidence itself: SELECT * FROM _gaps`))
  return lines
}

function headline(summary: IngestSummary, run: RunFacts): string {
  const seconds = run.seconds.toFixed(run.seconds < 10 ? 1 : 0)
  if (summary.isInterrupted) return `Interrupted after ${seconds} s; the same command goes on from here`
  const rate =
    run.seconds > 0.05 && run.bytes > 1e6 ? ` (${(run.bytes / run.seconds / 1e6).toFixed(0)} MB/s)` : ""
  const what = `${plural(summary.sources, "source")}, ${size(run.bytes)} in ${seconds} s${rate}, peak ${size(run.peakBytes)}`
  if (summary.sources === 0 && summary.known > 0) return "Nothing new: every source is in the case already"
  return `Ingested ${what}`
}

function describeFormat(format: FormatSummary): string[] {
  const counts = `${plural(format.events, "event")} in ${plural(format.records, "record")}`
  const rejected = format.rejected > 0 ? `, ${number(format.rejected)} rejected` : ""
  const other = format.otherLines > 0 ? `, ${plural(format.otherLines, "other line")}` : ""
  const lines = [entry(format.format, `${counts}${rejected}${other}`)]
  if (format.firstTime !== null && format.lastTime !== null) {
    lines.push(entry("", `${iso(format.firstTime)} to ${iso(format.lastTime)}`))
  }
  return lines
}

function describeUnread(label: string, items: readonly string[]): string[] {
  if (items.length === 0) return []
  const lines = items.slice(0, SHOWN).map((item, at) => entry(at === 0 ? label : "", escapeForTerminal(item)))
  if (items.length > SHOWN)
    lines.push(entry("", `and ${number(items.length - SHOWN)} more: SELECT * FROM _sources`))
  return lines
}

/** Items apart by commas over as many lines as they need. */
function wrapList(label: string, items: readonly string[]): string[] {
  if (items.length === 0) return []
  const lines: string[] = []
  let line = ""
  for (const item of items.map(escapeForTerminal)) {
    const longer = line === "" ? item : `${line}, ${item}`
    if (longer.length > COLUMNS - LABEL - 4 && line !== "") {
      lines.push(`${line},`)
      line = item
    } else line = longer
  }
  lines.push(line)
  return lines.map((text, at) => entry(at === 0 ? label : "", text))
}

/** The end of a path tells more than its beginning. */
function shorten(path: string): string {
  if (path.length <= MAX_PATH) return path
  const tail = path.slice(-MAX_PATH)
  const slash = tail.indexOf("/")
  return `…${slash < 0 ? tail : tail.slice(slash)}`
}

function entry(label: string, text: string): string {
  return cutToWidth(`  ${label.padEnd(LABEL)} ${text}`, COLUMNS)
}

function countList(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).map(([name, count]) => `${name} ${number(count)}`)
}

function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`
}

/** Thousands apart by blanks: no locale decides how a number looks. */
function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ")
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KiB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "")
}
