/** Names of the formats in the registry, apart from it so that the command line's help loads no parser. */
export const FORMAT_NAMES = [
  "linux-audit",
  "evtx",
  "windows-export",
  "bsm",
  "endpoint-security",
  "perf-script",
  "perf-ring",
  "perf-data",
] as const

export type FormatName = (typeof FORMAT_NAMES)[number]
