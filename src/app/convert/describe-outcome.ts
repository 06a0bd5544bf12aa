/** What a conversion says of its problems, for people. */
import { escapeForTerminal } from "../../base/terminal.ts"
import { wrapText } from "../output/wrap-text.ts"
import type { ConvertOutcome } from "./outcome.ts"

/** Lines for stderr; none when all was well. */
export function describeOutcome({ problems, examples, unrecognised }: ConvertOutcome): string[] {
  const lines = examples.map((example) => wrapText(escapeForTerminal(example), undefined, "  "))
  const counts = [...problems].map(([code, count]) => `${code} ${count}`).join(", ")
  if (counts !== "") lines.push(wrapText(`problems: ${counts}`, undefined, "  "))
  if (unrecognised > 0) lines.push(`not recognised: ${unrecognised}; see retrail inspect`)
  return lines
}
