/** retrail capture audit: this host's audit events, from the kernel itself, into a database. */
import { boolean, integer, string } from "@oclif/core/flags"
import type { AuditRequest } from "../../app/capture/audit/run-capture-audit.ts"
import { UsageError } from "../../app/errors.ts"
import { parseSize } from "../../app/parse-size.ts"
import { parseDuration } from "../../app/query/parse-duration.ts"
import { SYSTEM_CLOCK } from "../../base/clock.ts"
import { escapeForTerminal } from "../../base/terminal.ts"
import { BaseCommand } from "../base-command.ts"
import {
  implyFlags,
  liveFlags,
  makeLiveDisplay,
  takeOsqueryFlags,
  tellSummary,
  warnAll,
} from "../live-flags.ts"
import { stopOnSignal } from "../make-progress.ts"

export default class CaptureAudit extends BaseCommand {
  static override description =
    "Record this host's Linux audit events into a SQLite database, and say exactly what was missed.\n\nTakes the kernel's audit socket (root only), " +
    "sets the rules that osquery's flags ask for, gives up root, and puts everything back at the end: Ctrl+C, a signal, " +
    "a full disk. The database can be queried meanwhile. osquery's flags are taken by their own names " +
    "(--audit_allow_sockets=true, --events_expiry=3600, --flagfile FILE, …: docs/osquery-flags.md); " +
    "--disable_audit=false and --audit_allow_config=true are implied. Rows older than --events_expiry (3600 s) are " +
    "removed again: --events_expiry=0 keeps all. Ends with 0, or with 4 when anything was lost."
  static override usage = "capture audit -d FILE [--raw FILE] [--duration TIME]"
  static override examples = [
    "<%= config.bin %> capture audit -d live.db",
    "<%= config.bin %> capture audit -d live.db --raw audit.log --audit_allow_sockets=true --events_expiry=0",
    "<%= config.bin %> capture audit -d live.db --multicast",
  ]
  static override flags = {
    ...liveFlags,
    raw: string({ description: "also write what comes in, as auditd's log", helpValue: "FILE" }),
    "raw-size": string({
      description: "a raw log this large is followed by a new one; 0 for no end",
      default: "100MiB",
      helpValue: "SIZE",
    }),
    "raw-keep": integer({
      description: "raw logs kept beside the newest",
      default: 9,
      min: 1,
      max: 999,
      helpValue: "N",
    }),
    multicast: boolean({
      description: "read beside the owner of the socket (auditd); changes nothing in the kernel",
    }),
    "take-over": boolean({ description: "ask the kernel for the socket although another process has it" }),
    rules: string({
      description: "set these rules (auditctl's syntax) instead",
      helpValue: "FILE",
      exclusive: ["no-rules"],
    }),
    "no-rules": boolean({ description: "set no rules: those that are loaded decide" }),
    "keep-rules": boolean({ description: "leave the rules, and audit enabled, at the end" }),
    user: string({
      description: "account to go on as; the database's owner or nobody unless given",
      helpValue: "NAME",
    }),
    duration: string({ description: "stop after this time: 30s, 10m, 2h", default: "0", helpValue: "TIME" }),
    "socket-buffer": string({
      description: "receive buffer of the socket",
      default: "8MiB",
      helpValue: "SIZE",
    }),
  }

  async run(): Promise<void> {
    const taken = takeOsqueryFlags(this.argv)
    const { flags } = await this.parse(CaptureAudit, taken.argv)
    const isConfigImplied = implyFlags(taken.flags)
    if (taken.flags.bool("disable_audit") || taken.flags.bool("disable_events")) {
      throw new UsageError("--disable_audit or --disable_events leaves nothing to capture")
    }
    const duration = parseDuration(flags.duration, "--duration")
    const { signal, release } = stopOnSignal()
    const display = makeLiveDisplay(flags)
    warnAll(display, taken.warnings)
    const request: AuditRequest = {
      database: flags.db,
      version: this.config.version,
      argv: ["capture", "audit", ...this.argv],
      flags: taken.flags,
      host: flags.host,
      stallMs: flags.stall,
      clock: SYSTEM_CLOCK,
      display,
      signal,
      isMulticast: flags.multicast,
      isConfigImplied,
      takesOver: flags["take-over"],
      keepsRules: flags["keep-rules"],
      setsRules: !flags["no-rules"],
      rawBytes: parseSize(flags["raw-size"], "--raw-size"),
      rawKeep: flags["raw-keep"],
      socketBufferBytes: parseSize(flags["socket-buffer"], "--socket-buffer"),
      durationMs: Number.isFinite(duration) ? duration : 0,
      ...(flags.rules === undefined ? {} : { rulesPath: flags.rules }),
      ...(flags.user === undefined ? {} : { user: flags.user }),
      ...(flags.raw === undefined ? {} : { rawPath: flags.raw }),
      ...(taken.flags.bool("audit_debug") ? { debug: printRecord } : {}),
    }
    const { captureAudit } = await import("../../app/capture/audit/run-capture-audit.ts")
    tellSummary(await captureAudit(request), "Captured", flags)
    release()
  }
}

/** As osquery's --audit_debug: every record on stdout. */
function printRecord(text: string): void {
  process.stdout.write(`${process.stdout.isTTY === true ? escapeForTerminal(text) : text}\n`)
}
