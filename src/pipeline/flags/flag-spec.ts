/** What is known of a flag of osquery; the table of them is in flag-table.ts. */

export type FlagType = "bool" | "string" | "int32" | "uint32" | "int64" | "uint64"

export type FlagGroup =
  | "audit"
  | "events"
  | "logger"
  | "schedule"
  | "process"
  | "bpf"
  | "endpointsecurity"
  | "files"

export interface FlagSpec {
  readonly name: string
  readonly type: FlagType
  /** As the osquery_flags table prints it. */
  readonly defaultValue: string
  readonly description: string
  /** osquery leaves it out of its help. */
  readonly isHidden: boolean
  /** Taken from the command line and flag files only, not from `options` of a config. */
  readonly isCliOnly: boolean
  readonly group: FlagGroup
  /** What retrail does with it, for docs/osquery-flags.md. */
  readonly use: string
}

/** What most flags do not need to say. */
export interface FlagFacts {
  readonly name: string
  readonly type?: FlagType
  readonly defaultValue?: string
  readonly description: string
  readonly isHidden?: true
  readonly isCliOnly?: true
  readonly use: string
}

/** Flags are bool and false unless they say otherwise. */
export function flagGroup(group: FlagGroup, flags: readonly FlagFacts[]): readonly FlagSpec[] {
  return flags.map((facts) => ({
    name: facts.name,
    type: facts.type ?? "bool",
    defaultValue: facts.defaultValue ?? "false",
    description: facts.description,
    isHidden: facts.isHidden === true,
    isCliOnly: facts.isCliOnly === true,
    group,
    use: facts.use,
  }))
}
