/** All cases of corpus/bsm. */
import type { BsmCase } from "./case.ts"
import { DAMAGED_CASES } from "./damaged.ts"
import { MACOS_CASES } from "./macos.ts"
import { OTHER_CASES } from "./others.ts"

export const BSM_CASES: readonly BsmCase[] = [...MACOS_CASES, ...OTHER_CASES, ...DAMAGED_CASES]
