/** Inspections for people: one line a source, as file(1) writes them, and a last line with the totals. */
import { escapeForTerminal } from "../../base/terminal.ts"
import { countOf, countText, sizeText, timeText } from "../output/amounts.ts"
import { MESSAGE_WIDTH, wrapText } from "../output/wrap-text.ts"
import type { Inspection } from "./inspect.ts"

const SHOWN_HOSTS = 5

/**
 * Every line escaped, so that one source is one line whatever its name holds.
 * @param width columns of the terminal, where a line is broken; null for a file or a pipe
 */
export function inspectionLine(inspection: Inspection, width: number | null): string {
  const name = inspection.member === "" ? inspection.path : `${inspection.path}!${inspection.member}`
  const line = `${escapeForTerminal(name)}: ${escapeForTerminal(describe(inspection))}`
  return `${width === null ? line : wrapText(line, width, "  ")}\n`
}

/** `3 sources: 2 recognised, 1 unrecognised; 12 events`. */
export function inspectionTotals(inspections: readonly Inspection[]): string {
  const counts = new Map<string, number>()
  for (const { state } of inspections) counts.set(state, (counts.get(state) ?? 0) + 1)
  const states = [...counts].map(([state, count]) => `${countText(count)} ${state}`).join(", ")
  const events = inspections.reduce((sum, inspection) => sum + inspection.events, 0)
  return wrapText(
    `${countOf(inspections.length, "source")}: ${states}; ${countOf(events, "event")}`,
    MESSAGE_WIDTH,
    "  ",
  )
}

function describe(inspection: Inspection): string {
  const { state, title, confidence, why, size, packing } = inspection
  const packed = packing === "" ? "" : ` in ${packing}`
  const bytes = size === null ? [] : [`${sizeText(size)}${packed}`]
  switch (state) {
    case "recognised": {
      const contents = [...bytes, ...contentsOf(inspection)]
      return `${title}, ${confidence} (${why}); ${contents.join("; ")}`
    }
    case "unrecognised":
      return [`unrecognised, ${why}`, ...bytes].join("; ")
    case "archive":
      return ["an archive", ...bytes, ...tallyText("problems", inspection.problems)].join("; ")
    case "empty":
      return "empty"
    case "refused":
      return `not read: ${why}`
  }
}

function contentsOf(inspection: Inspection): string[] {
  const { events, records, rejected, otherLines, firstTime, lastTime, hosts } = inspection
  const counts = [countOf(events, "event"), countOf(records, "record"), `${countText(rejected)} rejected`]
  if (otherLines > 0) counts.push(countOf(otherLines, "other line"))
  const contents = [counts.join(", ")]
  if (firstTime !== null && lastTime !== null) {
    contents.push(
      firstTime === lastTime ? timeText(firstTime) : `${timeText(firstTime)} to ${timeText(lastTime)}`,
    )
  }
  if (hosts.length > 0) contents.push(hostsText(hosts))
  const problems = tallyText("problems", inspection.problems)
  return [...contents, ...problems, ...tallyText("gaps", inspection.gaps), ...inspection.remarks]
}

function hostsText(hosts: readonly string[]): string {
  const shown = hosts.slice(0, SHOWN_HOSTS).join(", ")
  const more = hosts.length - SHOWN_HOSTS
  return `hosts: ${shown}${more > 0 ? ` and ${more} more` : ""}`
}

function tallyText(what: string, counts: Readonly<Record<string, number>>): string[] {
  const parts = Object.entries(counts).map(([name, count]) => `${countText(count)} ${name}`)
  return parts.length === 0 ? [] : [`${what}: ${parts.join(", ")}`]
}
