/** Options of capture bpf, beside those of captures whose source gives bytes. */
import { boolean, string } from "@oclif/core/flags"
import type { RingChoice } from "../../app/capture/bpf/ring-choice.ts"
import { parseSize } from "../../app/parse-size.ts"
import { streamFlags } from "./stream-flags.ts"

const TRANSPORTS = ["auto", "ringbuf", "perf"] as const

export const bpfFlags = {
  ...streamFlags,
  db: string({ char: "d", description: "database; made when it does not exist", helpValue: "FILE" }),
  transport: string({
    description: "how records come out of the kernel; auto takes ringbuf where there is one",
    options: TRANSPORTS,
    default: "auto",
    exclusive: ["from"],
  }),
  "ring-size": string({
    description: "size of one ring, instead of --bpf_perf_event_array_exp",
    helpValue: "SIZE",
    exclusive: ["from"],
  }),
  cgroup: string({
    description: "only what runs in this control group (version 2) and below; self for our own",
    helpValue: "PATH",
    exclusive: ["from"],
  }),
  user: string({
    description: "account to go on as; the database's owner or nobody unless given",
    helpValue: "NAME",
    exclusive: ["from"],
  }),
  "dry-run": boolean({ description: "say what it would take, and do nothing", exclusive: ["from"] }),
}

/** @throws UsageError for a size that is none */
export function ringPart(flags: {
  readonly transport: string
  readonly "ring-size": string | undefined
}): RingChoice {
  const size = flags["ring-size"]
  return {
    transport: TRANSPORTS.find((one) => one === flags.transport) ?? "auto",
    ...(size === undefined ? {} : { ringBytes: parseSize(size, "--ring-size") }),
  }
}
