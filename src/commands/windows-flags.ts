/** Flags of Windows event logs alone. */
import { boolean, string } from "@oclif/core/flags"
import { UsageError } from "../app/errors.ts"
import type { WindowsChoice } from "../app/reading/reader.ts"

const MAX_EVENT_ID = 65_535

/** For commands that read whole Windows event logs. */
export const windowsFlags = {
  "event-id": string({
    description: "Windows event logs: only events with these ids, apart by commas: 4688,4689",
    helpValue: "IDS",
  }),
  recover: boolean({
    description:
      "Windows event logs: deleted records too, from slack, damaged chunks and raw images; _gaps tells which they are",
  }),
}

interface WindowsFlagValues {
  readonly "event-id"?: string | undefined
  readonly recover?: boolean | undefined
}

/** undefined when none is given. @throws UsageError */
export function windowsChoice(flags: WindowsFlagValues): WindowsChoice | undefined {
  const recovers = flags.recover === true
  if (flags["event-id"] === undefined) return recovers ? { eventIds: [], recovers } : undefined
  const eventIds = flags["event-id"].split(",").map((word) => {
    if (/^\s*\d{1,5}\s*$/.test(word) && Number(word) <= MAX_EVENT_ID) return Number(word)
    throw new UsageError(
      `--event-id: ${word.trim() || "nothing"} is no event id`,
      "Give numbers: --event-id 4688,4689",
    )
  })
  return { eventIds, recovers }
}
