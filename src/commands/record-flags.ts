/** How records are written in other tools' forms: the flags of praudit's and of perf script's. */
import type { PrauditChoice } from "../app/convert/praudit-records.ts"
import { perfChoice, perfFlags } from "./perf-flags.ts"
import { prauditChoice, prauditFlags } from "./praudit-flags.ts"

export const recordFlags = { ...prauditFlags, ...perfFlags }

export function recordChoice(flags: Parameters<typeof prauditChoice>[0] & Parameters<typeof perfChoice>[0]): {
  readonly praudit?: PrauditChoice
  readonly perfScript?: NonNullable<ReturnType<typeof perfChoice>>
} {
  const praudit = prauditChoice(flags)
  const perfScript = perfChoice(flags)
  return {
    ...(praudit === undefined ? {} : { praudit }),
    ...(perfScript === undefined ? {} : { perfScript }),
  }
}
