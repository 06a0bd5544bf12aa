/** retrail capture bpf: execs and sockets of this host, from its kernel by BPF, into a database. */
import { UsageError } from "../../app/errors.ts"
import { BaseCommand } from "../base-command.ts"
import { tellSummary } from "../live-flags.ts"
import { bpfFlags, ringPart } from "./bpf-flags.ts"
import { streamRequest } from "./stream-flags.ts"

export default class CaptureBpf extends BaseCommand {
  static override description =
    "Record this host's execs, forks, exits and socket calls into a SQLite database by BPF, and say exactly what was lost.\n\nNeeds root and a " +
    "kernel with BTF (Linux 4.18; 5.8 for --transport ringbuf), no compiler and no libbpf. Programs are attached to " +
    "tracepoints; root is given up once they are, and nothing of them is left at the end. --bpf_perf_event_array_exp " +
    "(pages of a CPU's ring, as a power of two) sizes the rings, --bpf_buffer_storage_size what is kept of arguments: " +
    "--dry-run prints the memory that they take. --enable_bpf_events=true is implied. Rows older than --events_expiry " +
    "(3600 s) are removed again: --events_expiry=0 keeps all. Ends with 0, or with 4 when records were lost."
  static override usage = [
    "capture bpf -d FILE [--raw FILE] [--duration TIME]",
    "capture bpf -d FILE --from PATH [--follow]",
    "capture bpf --dry-run",
  ]
  static override examples = [
    "<%= config.bin %> capture bpf -d live.db",
    "<%= config.bin %> capture bpf -d live.db --raw execs.ring --events_expiry=0",
    "<%= config.bin %> capture bpf -d live.db --cgroup /sys/fs/cgroup/system.slice/docker.service",
    "<%= config.bin %> capture bpf --dry-run --bpf_perf_event_array_exp=12",
  ]
  static override flags = bpfFlags

  async run(): Promise<void> {
    const { implyBpfFlags, takeOsqueryFlags } = await import("../osquery-arguments.ts")
    const taken = takeOsqueryFlags(this.argv)
    const { flags } = await this.parse(CaptureBpf, taken.argv)
    implyBpfFlags(taken.flags)
    const ring = ringPart(flags)
    if (flags["dry-run"]) {
      const { planBpf, planText } = await import("../../app/capture/bpf/plan-text.ts")
      const plan = planBpf(ring, taken.flags)
      process.stdout.write(flags.json ? `${JSON.stringify(plan)}\n` : planText(plan))
      return
    }
    if (flags.db === undefined) throw new UsageError("no database is named", "-d FILE names it.")
    const { request, release } = await streamRequest(
      taken,
      { ...flags, db: flags.db },
      { version: this.config.version, argv: ["capture", "bpf", ...this.argv] },
    )
    if (!taken.flags.bool("enable_bpf_events") || taken.flags.bool("disable_events"))
      throw new UsageError("--enable_bpf_events=false or --disable_events leaves nothing to capture")
    const summary = flags.from === undefined ? await fromKernel() : await fromPath(flags.from)
    tellSummary(summary, "Captured", flags)
    release()

    async function fromKernel() {
      const { captureBpf } = await import("../../app/capture/bpf/run-capture-bpf.ts")
      return captureBpf({
        ...request,
        ...ring,
        ...(flags.cgroup === undefined ? {} : { cgroup: flags.cgroup }),
        ...(flags.user === undefined ? {} : { user: flags.user }),
      })
    }

    async function fromPath(from: string) {
      const { bpfOrigin } = await import("../../app/capture/bpf/bpf-origin.ts")
      const { captureFrom } = await import("../../app/capture/from-origin.ts")
      const stdin = process.stdin
      return captureFrom({ ...request, ...bpfOrigin, from, keepsOpen: flags.follow, stdin })
    }
  }
}
