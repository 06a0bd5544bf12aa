/** One argument as gflags cuts it: `--name=value`, `-name`, `--noname`. */

import type { FlagSpec } from "./flag-spec.ts"
import { findFlag } from "./flag-table.ts"

export interface FlagArgument {
  readonly spec: FlagSpec
  /** Absent when the next argument is the value. */
  readonly value?: string
}

/** @returns null for what is no flag of osquery */
export function readFlagArgument(argument: string): FlagArgument | null {
  const dashes = argument.startsWith("--") ? 2 : argument.startsWith("-") ? 1 : 0
  if (dashes === 0) return null
  const equals = argument.indexOf("=")
  const name = argument.slice(dashes, equals < 0 ? undefined : equals)
  const spec = findFlag(name)
  if (spec !== undefined) {
    if (equals >= 0) return { spec, value: argument.slice(equals + 1) }
    return spec.type === "bool" ? { spec, value: "true" } : { spec }
  }
  const denied = equals < 0 && name.startsWith("no") ? findFlag(name.slice(2)) : undefined
  return denied?.type === "bool" ? { spec: denied, value: "false" } : null
}
