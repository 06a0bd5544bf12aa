/** What --from of capture bsm is read as. */
import { LOSS_KINDS } from "../loss-kinds.ts"

/** As osquery names the publisher. */
export const BSM_PUBLISHER = "openbsm"
export const BSM_FORMAT = "bsm"

export const bsmOrigin = { format: BSM_FORMAT, publisher: BSM_PUBLISHER, losses: LOSS_KINDS } as const
