/** What a capture by BPF is read as, live and with --from. */
import { LOSS_KINDS } from "../loss-kinds.ts"

/** As osquery names the publisher. */
export const BPF_PUBLISHER = "BPFEventPublisher"
export const BPF_FORMAT = "perf-ring"
export const BPF_TABLES: readonly string[] = ["bpf_process_events", "bpf_socket_events"]

export const bpfOrigin = {
  format: BPF_FORMAT,
  publisher: BPF_PUBLISHER,
  tables: BPF_TABLES,
  losses: LOSS_KINDS,
} as const
