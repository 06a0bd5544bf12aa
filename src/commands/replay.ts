/** retrail replay: saved records through the live pipeline. */
import { string as stringArgument } from "@oclif/core/args"
import { string } from "@oclif/core/flags"
import { UsageError } from "../app/errors.ts"
import { SYSTEM_CLOCK } from "../base/clock.ts"
import { BaseCommand } from "./base-command.ts"
import { liveFlags, makeLiveDisplay, tellSummary, warnAll } from "./live-flags.ts"
import { stopOnSignal } from "./make-progress.ts"
import { takeOsqueryFlags } from "./osquery-arguments.ts"
import { readingChoice, readingFlags } from "./reading-flags.ts"

export default class Replay extends BaseCommand {
  static override description =
    "Send saved records through the live pipeline: its queues, its throttling, osquery's flags.\n\nTakes every saved format that ingest takes. " +
    "At full speed the rows are those of ingest with the same options; --stall slows the subscribers, so that throttling " +
    "shows. osquery's flags are taken by their own names (docs/osquery-flags.md); what none of them switches off is " +
    "kept. --events_expiry and --events_max count by the records' own time, and only when they are given."
  static override usage = "replay PATH… -d FILE [--speed max|1x|10x]"
  static override examples = [
    "<%= config.bin %> replay audit.log -d out.db",
    "<%= config.bin %> replay audit.log -d out.db --speed 10x",
    "<%= config.bin %> replay audit.log -d out.db --stall 2000 --verbose",
  ]
  static override strict = false
  static override args = {
    path: stringArgument({
      description: "file, folder or glob; - is stdin",
      required: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    ...liveFlags,
    speed: string({
      description: "max, or times faster than it happened: 1x, 10x",
      default: "max",
      helpValue: "SPEED",
    }),
    start: readingFlags.start,
    end: readingFlags.end,
    passwd: readingFlags.passwd,
    group: readingFlags.group,
    format: readingFlags.format,
  }

  async run(): Promise<void> {
    const taken = takeOsqueryFlags(this.argv)
    const { argv, flags } = await this.parse(Replay, taken.argv)
    const { signal, release } = stopOnSignal()
    const display = makeLiveDisplay(flags)
    warnAll(display, taken.warnings)
    const { replay } = await import("../app/replay/run-replay.ts")
    const summary = await replay({
      ...readingChoice(flags),
      paths: argv as string[],
      database: flags.db,
      version: this.config.version,
      argv: ["replay", ...this.argv],
      flags: taken.flags,
      stallMs: flags.stall,
      clock: SYSTEM_CLOCK,
      display,
      signal,
      speed: parseSpeed(flags.speed),
      stdin: process.stdin,
    })
    tellSummary(summary, "Replayed", flags)
    release()
  }
}

/** Times; Infinity for `max`. */
function parseSpeed(text: string): number {
  if (text === "max") return Number.POSITIVE_INFINITY
  const times = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1])
  if (times > 0) return times
  throw new UsageError(`--speed ${text} is no speed`, "Write max, 1x or 10x.")
}
