/** The end of a capture in words, for stderr. */

import { escapeForTerminal } from "../../base/terminal.ts"
import type { BpfFigures } from "../../pipeline/bpf-figures.ts"
import type { LossFigures } from "../../pipeline/loss-ledger.ts"
import type { PipeFigures } from "../../pipeline/pipe-ledger.ts"
import { countOf } from "../output/amounts.ts"
import { MESSAGE_WIDTH, wrapText } from "../output/wrap-text.ts"
import type { CaptureSummary } from "./capture-request.ts"

const NAME_WIDTH = 18
const INDENT = `\n${" ".repeat(NAME_WIDTH)}`

/** @param verb what was done: Captured, Replayed */
export function captureText(summary: CaptureSummary, verb: string): string {
  const { seconds, records, database, ended } = summary
  const what = `${verb} ${countOf(records, "record")} in ${seconds.toFixed(1)} s into ${database} (${ended})`
  const lines = [
    wrapText(escapeForTerminal(what)),
    line("rows", countsText(summary.rows) || "none"),
    expiredLine(summary),
    line("queues", `at most ${summary.highestDepths[0]} and ${summary.highestDepths[1]} records`),
    throttledLine(summary),
    summary.loss === null ? "" : line("lost", lossText(summary.loss)),
    summary.pipe === undefined ? "" : line("lost", pipeText(summary.pipe)),
    summary.bpf === undefined ? "" : line("lost", bpfText(summary.bpf)),
    Object.keys(summary.gaps).length === 0 ? "" : line("gaps", countsText(summary.gaps)),
    Object.keys(summary.problems).length === 0 ? "" : line("problems", countsText(summary.problems)),
  ]
  return lines
    .filter((one) => one !== "")
    .join("\n")
    .concat("\n")
}

function expiredLine({ expired }: CaptureSummary): string {
  const text = countsText(expired)
  if (text === "") return ""
  return line(
    "expired",
    `${text}: older than --events_expiry, or more than --events_max; not in the database any more`,
  )
}

/** `none`, or what is known of it. */
export function lossText(loss: LossFigures): string {
  if (loss.isNone) return "none (kernel lost 0, socket overruns 0, incomplete events 0)"
  const incomplete = `${countOf(loss.missingRecords, "record")} of ${countOf(loss.incompleteEvents, "stored event")}`
  const parts = [`kernel lost ${loss.kernelLost}`]
  if (loss.lostEvents === null) {
    parts.push("events lost: unknown", ...unknownReasons(loss))
    if (loss.missingRecords > 0) parts.push(`missing: ${incomplete}`)
  } else parts.push(`${countOf(loss.lostEvents, "whole event")}`, incomplete)
  return parts.join("; ")
}

function pipeText({ drops, truncates, isNone }: PipeFigures): string {
  if (isNone) return "none (pipe drops 0, truncates 0)"
  return `${countOf(drops, "record")} dropped by the audit pipe, ${countOf(truncates, "record")} cut`
}

/** The sum always holds: attempted = emitted + lost. */
function bpfText({ attempted, emitted, lost, unread, unpaired, isNone }: BpfFigures): string {
  const sum = `${attempted} attempted = ${emitted} written + ${lost} lost`
  if (isNone) return `none (${sum})`
  const parts = [sum]
  if (unread > 0) parts.push(`${countOf(unread, "record")} not read any more`)
  if (unpaired > 0) parts.push(`${countOf(unpaired, "call")} whose beginning was not noted`)
  return parts.join("; ")
}

function unknownReasons({ socketOverruns, secondsWithoutSocket }: LossFigures): string[] {
  const reasons: string[] = []
  if (socketOverruns > 0) reasons.push(`the socket overflowed ${countOf(socketOverruns, "time")} (ENOBUFS)`)
  if (secondsWithoutSocket > 0) {
    reasons.push(`another process had the socket for ${secondsWithoutSocket.toFixed(1)} s`)
  }
  return reasons
}

function throttledLine({ throttled: { readingSeconds, processingSeconds } }: CaptureSummary): string {
  const parts: string[] = []
  if (readingSeconds > 0) parts.push(`reading ${readingSeconds.toFixed(1)} s`)
  if (processingSeconds > 0) parts.push(`processing ${processingSeconds.toFixed(1)} s`)
  return parts.length === 0 ? "" : line("throttled", parts.join(", "))
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ")
}

function line(name: string, text: string): string {
  const wrapped = wrapText(text, MESSAGE_WIDTH - NAME_WIDTH).replaceAll("\n", INDENT)
  return `  ${name}`.padEnd(NAME_WIDTH) + wrapped
}
