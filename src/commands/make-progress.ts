/** The progress bar where a person watches, nothing elsewhere. */
import { NO_PROGRESS, type Progress } from "../app/progress.ts"
import { ProgressBar } from "../app/progress-bar.ts"

export function makeProgress(flags: { readonly quiet: boolean; readonly "no-progress": boolean }): Progress {
  if (flags.quiet || flags["no-progress"] || process.stderr.isTTY !== true) return NO_PROGRESS
  return new ProgressBar({
    write: (text) => process.stderr.write(text),
    columns: () => process.stderr.columns || 80,
    nowMs: () => Date.now(),
  })
}

/** Aborted by the first Ctrl+C or SIGTERM; the second ends the process at once. */
export function stopOnSignal(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController()
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(name === "SIGINT" ? 130 : 143)
    controller.abort(name)
  }
  process.on("SIGINT", stop)
  process.on("SIGTERM", stop)
  const release = () => {
    process.off("SIGINT", stop)
    process.off("SIGTERM", stop)
  }
  return { signal: controller.signal, release }
}
