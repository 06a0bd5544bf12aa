/** How a reading hands its steps on: at once, or through a queue that makes it wait. */

/** One step of reading, in order. `units`: records it is worth, for the queue's bound. Resolves when the next may follow. */
export type Deliver = (units: number, run: () => void) => Promise<void>

/** Runs every step as it comes. */
export const deliverAtOnce: Deliver = async (_units, run) => run()
