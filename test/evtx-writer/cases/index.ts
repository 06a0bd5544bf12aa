/** All cases of corpus/evtx. */
import type { EvtxCase } from "./case.ts"
import { CONTENT_CASES } from "./contents.ts"
import { DAMAGED_CASES } from "./damaged.ts"
import { LOGON_CASES } from "./logons.ts"
import { NETWORK_CASES } from "./network.ts"
import { PROCESS_CASES } from "./processes.ts"
import { SYSMON_CASES } from "./sysmon.ts"
import { TREE_CASES } from "./trees.ts"

export const EVTX_CASES: readonly EvtxCase[] = [
  ...PROCESS_CASES,
  ...SYSMON_CASES,
  ...LOGON_CASES,
  ...NETWORK_CASES,
  ...CONTENT_CASES,
  ...TREE_CASES,
  ...DAMAGED_CASES,
]
