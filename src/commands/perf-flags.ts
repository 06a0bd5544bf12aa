/** Flags of perf script's text. */
import { boolean } from "@oclif/core/flags"

export const perfFlags = {
  ns: boolean({ description: "perf-script: times with nine digits, as perf script --ns" }),
  "show-pid": boolean({ description: "perf-script: process and thread, as perf script -F pid,tid" }),
}

/** undefined when none of the flags was given. */
export function perfChoice(flags: {
  readonly ns: boolean
  readonly "show-pid": boolean
}): { readonly hasNanoseconds: boolean; readonly hasPid: boolean } | undefined {
  const { ns: hasNanoseconds, "show-pid": hasPid } = flags
  return hasNanoseconds || hasPid ? { hasNanoseconds, hasPid } : undefined
}
