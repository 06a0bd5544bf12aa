/** How convert writes perf script's text. */
import type { ScriptOptions } from "../../formats/perf/perf-data/script-renderer.ts"
import { UsageError } from "../errors.ts"

const AS_PERF_SCRIPT: ScriptOptions = { hasNanoseconds: false, hasPid: false }

/** undefined for another format. @throws UsageError for its options with such a format */
export function scriptOptions(to: string, choice: ScriptOptions | undefined): ScriptOptions | undefined {
  if (to === "perf-script") return choice ?? AS_PERF_SCRIPT
  if (choice === undefined) return undefined
  throw new UsageError("--ns and --show-pid are of perf script's text", "Give -t perf-script with them.")
}
