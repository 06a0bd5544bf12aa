/** Flags of every command that reads evidence, and what they mean. */
import { string } from "@oclif/core/flags"
import { UsageError } from "../app/errors.ts"
import { parseTime } from "../app/parse-time.ts"
import { readAccounts } from "../app/read-accounts.ts"
import { FORMAT_NAMES } from "../app/reading/format-names.ts"
import type { Accounts, BsmChoice, WindowsChoice } from "../app/reading/reader.ts"
import { bsmChoice } from "./bsm-flags.ts"
import { windowsChoice } from "./windows-flags.ts"

export const readingFlags = {
  start: string({
    description:
      "only events from this time on: ISO 8601 (UTC unless it has a zone), @epoch, -24h, yesterday, …",
    helpValue: "TIME",
  }),
  end: string({ description: "only events up to this time", helpValue: "TIME" }),
  host: string({ description: "host of events that name none", helpValue: "NAME" }),
  passwd: string({
    description: "passwd file of the host that wrote the logs, for user names",
    helpValue: "FILE",
  }),
  group: string({ description: "its group file", helpValue: "FILE" }),
  format: string({
    char: "f",
    description: "read every file as this format, whatever its bytes say",
    options: [...FORMAT_NAMES],
    helpValue: "FORMAT",
  }),
}

type BsmFlagValues = Parameters<typeof bsmChoice>[0]
type WindowsFlagValues = Parameters<typeof windowsChoice>[0]

interface FlagValues extends BsmFlagValues, WindowsFlagValues {
  readonly start?: string | undefined
  readonly end?: string | undefined
  readonly host?: string | undefined
  readonly passwd?: string | undefined
  readonly group?: string | undefined
  readonly format?: string | undefined
}

export interface ReadingChoice {
  readonly host: string
  readonly start?: number
  readonly end?: number
  readonly accounts?: Accounts
  readonly format?: string
  readonly windows?: WindowsChoice
  readonly bsm?: BsmChoice
}

/** @throws UsageError for a time that is none, or a range that holds nothing */
export function readingChoice(flags: FlagValues): ReadingChoice {
  const now = Date.now()
  const start = flags.start === undefined ? undefined : parseTime(flags.start, "--start", now)
  const end = flags.end === undefined ? undefined : parseTime(flags.end, "--end", now)
  if (start !== undefined && end !== undefined && end < start) {
    throw new UsageError("--end lies before --start", "Times without a zone are UTC.")
  }
  const windows = windowsChoice(flags)
  const accounts = readAccounts(flags.passwd, flags.group)
  const bsm = bsmChoice(flags, accounts)
  return {
    host: flags.host ?? "",
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(accounts === undefined ? {} : { accounts }),
    ...(flags.format === undefined ? {} : { format: flags.format }),
    ...(windows === undefined ? {} : { windows }),
    ...(bsm === undefined ? {} : { bsm }),
  }
}
