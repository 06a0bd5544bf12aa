/** What is to be said of paths, each thing once: a look that fails is repeated for ever. */
import type { Problem } from "../../base/problem.ts"
import type { FollowEvent, FollowedFile } from "./events.ts"

export class Remarks {
  readonly #said = new Set<string>()

  /** The problem as an event; nothing when the same was said of the path before. */
  say(problem: Problem, path: string, file: FollowedFile | null = null): FollowEvent[] {
    const key = `${problem.code}\0${path}`
    if (this.#said.has(key)) return []
    this.#said.add(key)
    return [{ kind: "problem", path, file, problem }]
  }
}
