/** Recognises logs that the case has seen and that have changed in place since: their first bytes are others now. */
import { chainKey } from "../../sources/chain.ts"
import type { SourceFacts } from "../../sources/source.ts"
import type { SourceRow } from "../../store/case-store.ts"
import { FORMATS } from "../reading/formats.ts"
import { type InPlace, type LogMatch, type LogStart, matchLog } from "../reading/in-place.ts"
import { parseSaved } from "./chain.ts"

export interface ChangedSource {
  readonly row: SourceRow
  /** Nothing is left of what was read: the path and the ids say that it is this log. */
  readonly isGuess: boolean
}

/** Finds the row of the log that begins with these bytes, if an earlier run has read it. */
export function findChanged(
  rows: readonly SourceRow[],
  head: Buffer,
  facts: SourceFacts,
): ChangedSource | undefined {
  const written = writtenLog(head)
  if (written === null) return undefined
  const key = chainKey(facts)
  const own = rows.filter((row) => {
    const isKept = (row.state === "reading" || row.state === "done") && row.parserState !== ""
    return isKept && row.format === written.format && row.variant === written.inPlace.variant
  })
  // A log that was renamed goes on under its old name as another one.
  const near = own.filter((row) => chainKey(row) === key)
  const same = near.find((row) => matchRow(row, written) === "same")
  if (same !== undefined) return { row: same, isGuess: false }
  const later = near.findLast(
    (row) => row.path === facts.path && row.member === facts.member && matchRow(row, written) === "later",
  )
  return later === undefined ? undefined : { row: later, isGuess: true }
}

/** Whether these bytes begin a log that is written in place. Two such logs may begin with the same bytes. */
export function isWrittenInPlace(head: Buffer): boolean {
  return FORMATS.some(({ inPlace }) => inPlace?.begins(head) === true)
}

/** Whether these bytes begin another log than the row's, as far as both tell. */
export function isAnotherLog(row: SourceRow, head: Buffer): boolean {
  const written = writtenLog(head)
  return written !== null && row.format === written.format && matchRow(row, written) === "other"
}

interface Written {
  readonly format: string
  readonly inPlace: InPlace
  readonly start: LogStart
}

function writtenLog(head: Buffer): Written | null {
  for (const { name, inPlace } of FORMATS) {
    const start = inPlace?.startOf(head) ?? null
    if (inPlace !== undefined && start !== null) return { format: name, inPlace, start }
  }
  return null
}

/** Empty when the row does not tell. */
function matchRow(row: SourceRow, { inPlace, start }: Written): LogMatch | "" {
  const log = inPlace.knownFrom(parseSaved(row.parserState)?.reader ?? "")
  return log === null ? "" : matchLog(log, start)
}
