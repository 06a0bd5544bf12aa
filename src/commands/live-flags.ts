/** Options of every live source, and what is shown of it. */
import { integer, string } from "@oclif/core/flags"
import type { CaptureDisplay, CaptureSummary } from "../app/capture/capture-request.ts"
import { captureText } from "../app/capture/describe-capture.ts"
import { LiveDisplay } from "../app/capture/live-display.ts"
import type { OsqueryFlags } from "../pipeline/flags/osquery-flags.ts"
import { jsonFlag } from "./base-command.ts"

export const liveFlags = {
  db: string({
    char: "d",
    description: "database; made when it does not exist",
    helpValue: "FILE",
    required: true,
  }),
  host: string({ description: "host of events that name none", helpValue: "NAME", default: "" }),
  stall: integer({
    description: "the subscribers wait so long after each turn, to show and tune throttling",
    helpValue: "MS",
    default: 0,
    min: 0,
  }),
  json: jsonFlag,
}

export const configFlag = string({
  description: "config of osquery, for its schedule, packs, decorators and options",
  helpValue: "FILE",
})

/** Reads --config, whose options count as flags. */
export async function takeConfig(path: string | undefined, flags: OsqueryFlags, display: CaptureDisplay) {
  if (path === undefined) return {}
  const { readConfig } = await import("../app/capture/live-schedule.ts")
  return { config: readConfig(path, flags, (message) => display.log(message)) }
}

export function makeLiveDisplay(flags: {
  readonly quiet: boolean
  readonly "no-progress": boolean
}): LiveDisplay {
  return new LiveDisplay({
    write: (text) => process.stderr.write(text),
    columns: () => (process.stderr.isTTY === true ? process.stderr.columns || 80 : null),
    isQuiet: flags.quiet || flags["no-progress"],
  })
}

/** Says how it ended, and sets the exit code. */
export function tellSummary(
  summary: CaptureSummary,
  verb: string,
  flags: { readonly json: boolean; readonly quiet: boolean },
): void {
  if (flags.json) process.stdout.write(`${JSON.stringify(summary)}\n`)
  else if (!flags.quiet) process.stderr.write(captureText(summary, verb))
  process.exitCode = summary.exitCode
}

export function warnAll(display: CaptureDisplay, warnings: readonly string[]): void {
  for (const warning of warnings) display.log(`Warning: ${warning}`)
}
