/** retrail capture bsm: audit records of macOS and FreeBSD, from the audit pipe itself, into a database. */
import { UsageError } from "../../app/errors.ts"
import { BaseCommand } from "../base-command.ts"
import { tellSummary } from "../live-flags.ts"
import { streamFlags, streamRequest } from "./stream-flags.ts"

export default class CaptureBsm extends BaseCommand {
  static override description =
    "Record this host's BSM audit records (macOS, FreeBSD) into a SQLite database, and say exactly what was dropped.\n\nReads /dev/auditpipe " +
    "(root only) with classes of its own, by osquery's flags: --audit_allow_process_events (pc,ex), " +
    "--audit_allow_sockets (nt), --audit_allow_user_events (lo,aa), --audit_allow_fim_events (fc,fd,fw,fr,fa,fm). " +
    "--audit_allow_config=false takes what auditd's flags select instead. The kernel's audit settings and the trail " +
    "stay as they are. With --from the same records come from a FIFO, a trail that grows, or stdin, on any system. " +
    "--disable_audit=false and --audit_allow_config=true are implied. Rows older than --events_expiry (3600 s) are " +
    "removed again: --events_expiry=0 keeps all. Ends with 0, or with 4 when records were dropped."
  static override usage = [
    "capture bsm -d FILE [--raw FILE] [--duration TIME]",
    "capture bsm -d FILE --from PATH [--follow]",
  ]
  static override examples = [
    "<%= config.bin %> capture bsm -d live.db",
    "<%= config.bin %> capture bsm -d live.db --raw trail.bsm --audit_allow_sockets=true --events_expiry=0",
    "<%= config.bin %> capture bsm -d live.db --from /var/audit/current",
    "ssh mac-1 sudo cat /dev/auditpipe | <%= config.bin %> capture bsm -d live.db --from - --host mac-1",
  ]
  static override flags = streamFlags

  async run(): Promise<void> {
    const { implyFlags, takeOsqueryFlags } = await import("../osquery-arguments.ts")
    const taken = takeOsqueryFlags(this.argv)
    const { flags } = await this.parse(CaptureBsm, taken.argv)
    implyFlags(taken.flags)
    const { request, release } = await streamRequest(taken, flags, {
      version: this.config.version,
      argv: ["capture", "bsm", ...this.argv],
    })
    if (taken.flags.bool("disable_audit") || taken.flags.bool("disable_events"))
      throw new UsageError("--disable_audit or --disable_events leaves nothing to capture")
    const summary = flags.from === undefined ? await fromPipe() : await fromPath(flags.from)
    tellSummary(summary, "Captured", flags)
    release()

    async function fromPipe() {
      const { captureBsm } = await import("../../app/capture/bsm/run-capture-bsm.ts")
      return captureBsm(request)
    }

    async function fromPath(from: string) {
      const { bsmOrigin } = await import("../../app/capture/bsm/bsm-origin.ts")
      const { captureFrom } = await import("../../app/capture/from-origin.ts")
      const stdin = process.stdin
      return captureFrom({ ...request, ...bsmOrigin, from, keepsOpen: flags.follow, stdin })
    }
  }
}
