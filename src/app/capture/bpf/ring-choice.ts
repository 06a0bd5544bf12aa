/** How large the rings are to be, and what of an exec is kept: by osquery's flags, unless told otherwise. */
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import type { Machine } from "../../../sources/bpf/machine.ts"
import { bounded, ringBytesFor } from "../../../sources/bpf/memory-plan.ts"
import type { Transport } from "../../../sources/bpf/programs.ts"

/** A larger exponent is 4 TiB a CPU. */
const MAX_EXPONENT = 30
/** osquery keeps a slot of each text and ten of them; ours are in one piece, of so many slots. */
const ARGUMENT_SLOTS = 32
/** What a record has room for. */
const MAX_ARGUMENT_BYTES = 16 * 1024 - 1

export interface RingChoice {
  readonly transport: "auto" | Transport
  /** --ring-size: of one ring; without it bpf_perf_event_array_exp decides. */
  readonly ringBytes?: number
}

export function chooseRingBytes(
  transport: Transport,
  { ringBytes }: RingChoice,
  flags: OsqueryFlags,
  machine: Machine,
): number {
  if (ringBytes !== undefined) return bounded(ringBytes, machine.pageBytes)
  const exponent = Math.min(flags.int("bpf_perf_event_array_exp"), MAX_EXPONENT)
  return ringBytesFor(transport, exponent, machine)
}

export function argumentBytes(flags: OsqueryFlags): number {
  const slots = flags.int("bpf_buffer_storage_size") * ARGUMENT_SLOTS
  return Math.min(Math.max(slots, ARGUMENT_SLOTS), MAX_ARGUMENT_BYTES)
}
