/** Flags of BSM trails alone: the options of auditreduce(1) under their long names, and the system that wrote a trail. */
import { boolean, string } from "@oclif/core/flags"
import { readSelection, type SelectionWords } from "../app/bsm-selection.ts"
import type { Accounts, BsmChoice } from "../app/reading/reader.ts"

const PLATFORMS = ["macos", "freebsd", "solaris"] as const

export const bsmFlags = {
  event: string({
    description:
      "BSM trails: only these events, by name or number (-m); several apart by commas or given again",
    multiple: true,
    multipleNonGreedy: true,
    helpValue: "EVENTS",
  }),
  class: string({
    description:
      "BSM trails: only events of these classes (-c): lo,+ex,-fw; + succeeded, - failed, ^ takes away",
    helpValue: "FLAGS",
  }),
  auid: string({ description: "BSM trails: only of this audit user (-u), id or name", helpValue: "USER" }),
  euid: string({ description: "BSM trails: only of this effective user (-e)", helpValue: "USER" }),
  egid: string({ description: "BSM trails: only of this effective group (-f)", helpValue: "GROUP" }),
  ruid: string({ description: "BSM trails: only of this real user (-r)", helpValue: "USER" }),
  rgid: string({ description: "BSM trails: only of this real group (-g)", helpValue: "GROUP" }),
  pid: string({ description: "BSM trails: only of this process (-j)", helpValue: "PID" }),
  object: string({
    description:
      "BSM trails: only on this object (-o): file=REGEX,~REGEX,… or pid=, msgqid=, semid=, shmid= and a number",
    multiple: true,
    multipleNonGreedy: true,
    helpValue: "KIND=VALUE",
  }),
  zone: string({ description: "BSM trails: only from zones like this glob (-z)", helpValue: "GLOB" }),
  invert: boolean({ description: "BSM trails: the records that these flags would leave out (-v)" }),
  "bsm-platform": string({
    description: "BSM trails: the system that wrote them, where their records do not tell",
    options: [...PLATFORMS],
    helpValue: "SYSTEM",
  }),
}

interface BsmFlagValues extends SelectionWords {
  readonly "bsm-platform"?: string | undefined
}

/** undefined when none is given. @throws UsageError for a value that is none */
export function bsmChoice(flags: BsmFlagValues, accounts: Accounts | undefined): BsmChoice | undefined {
  const platform = PLATFORMS.find((name) => name === flags["bsm-platform"])
  const selection = readSelection(flags, accounts)
  if (platform === undefined && selection === undefined) return undefined
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(selection === undefined ? {} : { selection }),
  }
}
