/** What reading evidence ends with, with a case or without one. */
import { EXIT_CODES } from "../exit-codes.ts"
import type { IngestSummary } from "./summary.ts"

export interface IngestResult {
  readonly summary: IngestSummary
  readonly exitCode: number
  /** Stored bytes of the inputs. */
  readonly bytes: number
}

/** Exit code of a run that came to its end. */
export function exitCodeOf(summary: IngestSummary): number {
  if (summary.isInterrupted) return EXIT_CODES.interrupted.code
  const refused = summary.refused.filter(({ severity }) => severity !== "info")
  const isAnyRead = summary.sources + summary.known + summary.empty > 0
  if (!isAnyRead)
    return exitCodeOfNothing(
      summary,
      refused.map(({ code }) => code),
    )
  if (Object.keys(summary.problems).length > 0 || refused.length > 0) return EXIT_CODES.problemsRecorded.code
  const records = summary.formats.reduce((sum, format) => sum + format.records, 0)
  return records === 0 && summary.known === 0 ? EXIT_CODES.nothingFound.code : EXIT_CODES.done.code
}

/** Not one source could be read: says why. */
function exitCodeOfNothing(summary: IngestSummary, refused: readonly string[]): number {
  if (refused.includes("source/permission")) return EXIT_CODES.permission.code
  if (refused.includes("source/missing")) return EXIT_CODES.missingInput.code
  const isUnusable = summary.unrecognised.length > 0 || refused.length > 0
  return isUnusable ? EXIT_CODES.unrecognised.code : EXIT_CODES.nothingFound.code
}
