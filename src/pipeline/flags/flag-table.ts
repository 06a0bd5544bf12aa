/** Every flag of osquery that is known by its own name, in the order in which they are documented. */
import type { FlagSpec } from "./flag-spec.ts"
import { AUDIT_FLAGS } from "./table/audit-flags.ts"
import { BPF_FLAGS, ENDPOINT_SECURITY_FLAGS, EVENT_FLAGS } from "./table/event-flags.ts"
import { LOGGER_FLAGS, SCHEDULE_FLAGS } from "./table/log-flags.ts"
import { FILE_FLAGS, PROCESS_FLAGS } from "./table/process-flags.ts"

export type { FlagGroup, FlagSpec, FlagType } from "./flag-spec.ts"

export const OSQUERY_FLAGS: readonly FlagSpec[] = [
  ...AUDIT_FLAGS,
  ...EVENT_FLAGS,
  ...BPF_FLAGS,
  ...ENDPOINT_SECURITY_FLAGS,
  ...LOGGER_FLAGS,
  ...SCHEDULE_FLAGS,
  ...FILE_FLAGS,
  ...PROCESS_FLAGS,
]

const BY_NAME: ReadonlyMap<string, FlagSpec> = new Map(OSQUERY_FLAGS.map((spec) => [spec.name, spec]))

export function findFlag(name: string): FlagSpec | undefined {
  return BY_NAME.get(name)
}
