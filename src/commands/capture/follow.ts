/** retrail capture follow: growing files into a database, while they grow. */
import { string as stringArgument } from "@oclif/core/args"
import { boolean, string } from "@oclif/core/flags"
import { parseDuration } from "../../app/query/parse-duration.ts"
import { SYSTEM_CLOCK } from "../../base/clock.ts"
import { BaseCommand } from "../base-command.ts"
import { configFlag, liveFlags, makeLiveDisplay, takeConfig, tellSummary, warnAll } from "../live-flags.ts"
import { stopOnSignal } from "../make-progress.ts"
import { takeOsqueryFlags } from "../osquery-arguments.ts"
import { readingChoice, readingFlags } from "../reading-flags.ts"

export default class CaptureFollow extends BaseCommand {
  static override description =
    "Follow growing logs into a SQLite database, like tail -F, so that their writer can keep its source.\n\nAny saved format. What is there is read " +
    "first, then what comes; rotated, truncated and packed files are followed, and files waited for that do not exist " +
    "yet. Run it again with the same database, and it goes on where it stopped. - is stdin. Everything is kept, but for " +
    "what one of osquery's flags switches off (docs/osquery-flags.md)."
  static override usage = "capture follow PATH… -d FILE"
  static override examples = [
    "<%= config.bin %> capture follow /var/log/audit/audit.log -d live.db",
    "<%= config.bin %> capture follow /var/log/audit/audit.log -d live.db --from-end --events_expiry=86400",
    "ssh web-1 tail -F /var/log/audit/audit.log | <%= config.bin %> capture follow - -d live.db --host web-1",
  ]
  static override strict = false
  static override args = {
    path: stringArgument({ description: "file or glob; - is stdin", required: true, ignoreStdin: true }),
  }
  static override flags = {
    ...liveFlags,
    duration: string({ description: "stop after this time: 30s, 10m, 2h", default: "0", helpValue: "TIME" }),
    "from-end": boolean({ description: "only what comes from now on" }),
    passwd: readingFlags.passwd,
    group: readingFlags.group,
    format: readingFlags.format,
    config: configFlag,
  }

  async run(): Promise<void> {
    const taken = takeOsqueryFlags(this.argv)
    const { argv, flags } = await this.parse(CaptureFollow, taken.argv)
    const duration = parseDuration(flags.duration, "--duration")
    const { signal, release } = stopOnSignal()
    const display = makeLiveDisplay(flags)
    warnAll(display, taken.warnings)
    const config = await takeConfig(flags.config, taken.flags, display)
    const { captureFollow } = await import("../../app/capture/run-follow.ts")
    const summary = await captureFollow({
      ...readingChoice(flags),
      ...config,
      paths: argv as string[],
      database: flags.db,
      version: this.config.version,
      argv: ["capture", "follow", ...this.argv],
      flags: taken.flags,
      stallMs: flags.stall,
      clock: SYSTEM_CLOCK,
      display,
      signal,
      fromEnd: flags["from-end"],
      durationMs: Number.isFinite(duration) ? duration : 0,
      stdin: process.stdin,
    })
    tellSummary(summary, "Captured", flags)
    release()
  }
}
