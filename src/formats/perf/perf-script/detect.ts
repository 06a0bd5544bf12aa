/** Recognises the text of `perf script` and `perf trace` by lines that have their shape. */
import type { Detect } from "../../format.ts"
import { readHeader } from "./header.ts"
import { readTraceLine } from "./trace-line.ts"

const FORMAT = "perf-script"
const LOOKED_AT = 64 * 1024
const MAX_LINES = 200
const MAX_LINE = 4096

/** How a text is known under `Detection.variant`. */
export const VARIANT = { script: "perf-script", trace: "perf-trace" } as const

export const detectPerfScript: Detect = (head) => {
  const sample = head.subarray(0, LOOKED_AT)
  if (sample.indexOf(0) >= 0) return null
  const lines = sample.latin1Slice().split("\n", MAX_LINES)
  let scripts = 0
  let traces = 0
  for (const line of lines) {
    if (line.length > MAX_LINE) continue
    if (readTraceLine(line) !== undefined) traces++
    else if (line.charCodeAt(0) !== 0x09 && readHeader(line) !== undefined) scripts++
    if (scripts + traces > 2) break
  }
  if (scripts + traces === 0) return null
  const isTrace = traces > scripts
  return {
    format: FORMAT,
    variant: isTrace ? VARIANT.trace : VARIANT.script,
    title: isTrace ? "text of perf trace" : "text of perf script",
    confidence: scripts + traces > 1 ? "likely" : "possible",
    why: isTrace ? "lines of calls with their time and task" : "lines of events with their task and time",
    firstTimeMs: Number.NaN,
  }
}
