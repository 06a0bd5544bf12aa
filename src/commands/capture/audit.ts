/** retrail capture audit: this host's audit events, from the kernel itself, into a database. */
import { UsageError } from "../../app/errors.ts"
import { parseDuration } from "../../app/query/parse-duration.ts"
import { SYSTEM_CLOCK } from "../../base/clock.ts"
import { escapeForTerminal } from "../../base/terminal.ts"
import { BaseCommand } from "../base-command.ts"
import { makeLiveDisplay, takeConfig, tellSummary, warnAll } from "../live-flags.ts"
import { stopOnSignal } from "../make-progress.ts"
import { implyFlags, takeOsqueryFlags } from "../osquery-arguments.ts"
import { auditFlags, kernelPart } from "./audit-flags.ts"

export default class CaptureAudit extends BaseCommand {
  static override description =
    "Record this host's Linux audit events into a SQLite database, and say exactly what was missed.\n\nTakes the kernel's audit socket (root only), " +
    "sets the rules that osquery's flags ask for, gives up root, and puts everything back at the end: Ctrl+C, a signal, " +
    "a full disk. The database can be queried meanwhile. osquery's flags are taken by their own names " +
    "(--audit_allow_sockets=true, --events_expiry=3600, --flagfile FILE, …: docs/osquery-flags.md); " +
    "--disable_audit=false and --audit_allow_config=true are implied. Rows older than --events_expiry (3600 s) are " +
    "removed again: --events_expiry=0 keeps all. Ends with 0, or with 4 when anything was lost."
  static override usage = [
    "capture audit -d FILE [--raw FILE] [--duration TIME]",
    "capture audit -d FILE --from -",
  ]
  static override examples = [
    "<%= config.bin %> capture audit -d live.db",
    "<%= config.bin %> capture audit -d live.db --raw audit.log --audit_allow_sockets=true --events_expiry=0",
    "<%= config.bin %> capture audit -d live.db --multicast",
    "<%= config.bin %> capture audit -d live.db --config osquery.conf --logger_path=/var/log/retrail",
  ]
  static override flags = auditFlags

  async run(): Promise<void> {
    const taken = takeOsqueryFlags(this.argv)
    const { flags } = await this.parse(CaptureAudit, taken.argv)
    const isConfigImplied = implyFlags(taken.flags)
    const duration = parseDuration(flags.duration, "--duration")
    const display = makeLiveDisplay(flags)
    warnAll(display, taken.warnings)
    const config = await takeConfig(flags.config, taken.flags, display)
    if (taken.flags.bool("disable_audit") || taken.flags.bool("disable_events")) {
      throw new UsageError("--disable_audit or --disable_events leaves nothing to capture")
    }
    const { signal, release } = stopOnSignal()
    const request = {
      database: flags.db,
      version: this.config.version,
      argv: ["capture", "audit", ...this.argv],
      flags: taken.flags,
      ...config,
      host: flags.host,
      stallMs: flags.stall,
      clock: SYSTEM_CLOCK,
      display,
      signal,
      durationMs: Number.isFinite(duration) ? duration : 0,
    }
    const summary = flags.from === undefined ? await fromKernel() : await fromStdin()
    tellSummary(summary, "Captured", flags)
    release()

    async function fromKernel() {
      const { captureAudit } = await import("../../app/capture/audit/run-capture-audit.ts")
      const debug = taken.flags.bool("audit_debug") ? { debug: printRecord } : {}
      return captureAudit({ ...request, ...kernelPart(flags), ...debug, isConfigImplied })
    }

    async function fromStdin() {
      const { captureFollow } = await import("../../app/capture/run-follow.ts")
      return captureFollow({ ...request, paths: ["-"], fromEnd: false, stdin: process.stdin })
    }
  }
}

/** As osquery's --audit_debug: every record on stdout. */
function printRecord(text: string): void {
  process.stdout.write(`${process.stdout.isTTY === true ? escapeForTerminal(text) : text}\n`)
}
