/** Options of captures whose live source gives bytes: an audit pipe, eslogger. */
import { boolean, string } from "@oclif/core/flags"
import { parseDuration } from "../../app/query/parse-duration.ts"
import { SYSTEM_CLOCK } from "../../base/clock.ts"
import { configFlag, liveFlags, makeLiveDisplay, takeConfig, warnAll } from "../live-flags.ts"
import { stopOnSignal } from "../make-progress.ts"
import type { TakenArguments } from "../osquery-arguments.ts"
import { readingChoice, readingFlags } from "../reading-flags.ts"

export const streamFlags = {
  ...liveFlags,
  duration: string({ description: "stop after this time: 30s, 10m, 2h", default: "0", helpValue: "TIME" }),
  raw: string({
    description: "also write what comes in, as it comes, into a new file",
    helpValue: "FILE",
    exclusive: ["from"],
  }),
  from: string({
    description: "read a FIFO, a file that grows, or stdin (-) instead",
    helpValue: "PATH",
  }),
  follow: boolean({
    description: "with --from FIFO: wait for the next writer when one has gone",
    dependsOn: ["from"],
  }),
  passwd: readingFlags.passwd,
  group: readingFlags.group,
  config: configFlag,
}

interface StreamFlagValues {
  readonly db: string
  readonly host: string
  readonly stall: number
  readonly duration: string
  readonly raw: string | undefined
  readonly passwd: string | undefined
  readonly group: string | undefined
  readonly config: string | undefined
  readonly quiet: boolean
  readonly "no-progress": boolean
}

/** What these captures are asked for alike; `release` lets go of the signals. */
export async function streamRequest(
  { flags: osquery, warnings }: TakenArguments,
  flags: StreamFlagValues,
  run: { readonly version: string; readonly argv: readonly string[] },
) {
  const duration = parseDuration(flags.duration, "--duration")
  const display = makeLiveDisplay(flags)
  warnAll(display, warnings)
  const config = await takeConfig(flags.config, osquery, display)
  const { signal, release } = stopOnSignal()
  const request = {
    ...run,
    ...config,
    ...(flags.raw === undefined ? {} : { rawPath: flags.raw }),
    database: flags.db,
    flags: osquery,
    stallMs: flags.stall,
    clock: SYSTEM_CLOCK,
    display,
    signal,
    durationMs: Number.isFinite(duration) ? duration : 0,
  }
  return { request: { ...request, ...readingChoice({ format: undefined, ...flags }) }, release }
}
