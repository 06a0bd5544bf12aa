/** What is noted of a source that could not be read as any format. */
import type { Problem } from "../../base/problem.ts"
import type { Choice, ChosenFormat } from "../reading/choose-format.ts"

export function unreadProblem(choice: Exclude<Choice, ChosenFormat>): Problem {
  const place = { severity: "info", offset: 0, length: 0 } as const
  if (choice.kind === "empty") return { code: "source/empty", message: "the source is empty", ...place }
  return {
    code: "source/unrecognised",
    message: "no format that can be read",
    found: choice.looksLike,
    ...place,
  }
}
