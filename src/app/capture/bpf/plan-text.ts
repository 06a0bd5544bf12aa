/** --dry-run: what a capture would do and take, without doing it. */
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { type Machine, readMachine } from "../../../sources/bpf/machine.ts"
import {
  type MemoryPlan,
  type OsqueryMemory,
  osqueryMemory,
  planMemory,
} from "../../../sources/bpf/memory-plan.ts"
import { type Transport, unpackObject } from "../../../sources/bpf/programs.ts"
import { countOf, sizeText } from "../../output/amounts.ts"
import { THIS_BPF_SYSTEM } from "./open-bpf.ts"
import { argumentBytes, chooseRingBytes, type RingChoice } from "./ring-choice.ts"

export interface BpfPlan extends MemoryPlan {
  /** For `auto`, what is tried first. */
  readonly transport: Transport
  readonly onlineCpus: number
  readonly possibleCpus: number
  readonly argumentBytes: number
  readonly programs: number
  readonly tracepoints: readonly string[]
  /** What osquery would take for the same flags. */
  readonly osquery: OsqueryMemory
}

/** @throws NativeError away from Linux */
export function planBpf(choice: RingChoice, flags: OsqueryFlags, machine?: Machine): BpfPlan {
  const here = machine ?? readMachine(THIS_BPF_SYSTEM.calls().pageBytes())
  const transport = choice.transport === "auto" ? "ringbuf" : choice.transport
  const object = unpackObject(transport)
  const memory = planMemory(transport, chooseRingBytes(transport, choice, flags, here), object, here)
  return {
    ...memory,
    transport,
    onlineCpus: here.onlineCpus.length,
    possibleCpus: here.possibleCpus,
    argumentBytes: argumentBytes(flags),
    programs: object.programs.length,
    tracepoints: object.programs.flatMap(({ tracepoints }) => tracepoints),
    osquery: osqueryMemory(
      {
        exponent: flags.int("bpf_perf_event_array_exp"),
        storageSize: flags.int("bpf_buffer_storage_size"),
      },
      here,
    ),
  }
}

export function planText(plan: BpfPlan): string {
  const { transport, ringBytes, rings, ringsBytes, mapsBytes, totalBytes, osquery, possibleCpus } = plan
  const each = rings === 1 ? "for all CPUs" : "one of each CPU"
  return [
    `programs    ${plan.programs}, on ${countOf(plan.tracepoints.length, "tracepoint")}`,
    `transport   ${transport}: ${countOf(rings, "ring")} of ${sizeText(ringBytes)}, ${each}`,
    `rings       ${sizeText(ringsBytes)}, with their pages of positions`,
    `maps        ${sizeText(mapsBytes)}, for ${countOf(possibleCpus, "possible CPU")}`,
    `in all      ${sizeText(totalBytes)} of the kernel's memory`,
    `arguments   the first ${sizeText(plan.argumentBytes)} of an exec are kept`,
    `osquery     would take ${sizeText(osquery.storageBytes)} for strings and ${sizeText(osquery.ringsBytes)} for rings with`,
    "            these flags: 6 * bpf_buffer_storage_size * 4096 of each possible CPU, and",
    "            (1 + 2^bpf_perf_event_array_exp) pages of each; its guide forgets the page's size,",
    "            the page of positions, and that CPUs which may come count as well",
    "",
  ].join("\n")
}
