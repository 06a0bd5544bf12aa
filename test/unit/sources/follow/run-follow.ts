/** Follows files without waiting, and keeps what comes. */
import type { Problem } from "../../../../src/base/problem.ts"
import type { FollowEvent, FollowedEnd, FollowedFile } from "../../../../src/sources/follow/events.ts"
import { type FollowOptions, follow } from "../../../../src/sources/follow/follow.ts"

export interface KeptFile {
  readonly file: FollowedFile
  text: string
  why: FollowedEnd | null
}

export interface Followed {
  readonly files: KeptFile[]
  readonly problems: { readonly path: string; readonly problem: Problem }[]
  /** Everything in the order in which it came. */
  text: string
}

export interface FollowRun extends FollowOptions {
  /** Called at each event, before the next is asked for; what it does happens between two system calls. */
  readonly onEvent?: (event: FollowEvent, followed: Followed) => void
  /** What happens between two looks, one after another; then the run is stopped. */
  readonly steps?: readonly (() => void)[]
}

/** Stops once all steps were done and everything was read. */
export async function runFollow(paths: readonly string[], run: FollowRun = {}): Promise<Followed> {
  const followed: Followed = { files: [], problems: [], text: "" }
  const controller = new AbortController()
  const steps = [...(run.steps ?? [])]
  const { onEvent, steps: _steps, ...options } = run
  const sleep = async () => {}
  for await (const event of follow(paths, { signal: controller.signal, sleep, watch: false, ...options })) {
    keep(followed, event)
    onEvent?.(event, followed)
    if (event.kind !== "idle" || run.signal !== undefined) continue
    const step = steps.shift()
    if (step === undefined) controller.abort()
    else step()
  }
  return followed
}

function keep(followed: Followed, event: FollowEvent): void {
  if (event.kind === "idle") return
  if (event.kind === "problem") {
    followed.problems.push({ path: event.path, problem: event.problem })
    return
  }
  if (event.kind === "begin") {
    followed.files.push({ file: event.file, text: "", why: null })
    return
  }
  const kept = followed.files.find(({ file }) => file === event.file)
  if (kept === undefined || kept.why !== null) throw new Error("an event of a file that is not open")
  if (event.kind === "end") {
    kept.why = event.why
    return
  }
  if (event.offset !== kept.file.startOffset + kept.text.length) throw new Error("bytes out of order")
  const text = event.bytes.toString("latin1")
  kept.text += text
  followed.text += text
}
