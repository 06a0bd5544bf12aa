/** A framer whose state between two units can be saved, so that a killed run resumes where it stopped. */
import type { Framer } from "../framing.ts"

export interface ResumableFramer extends Framer {
  /** What must be known to go on at `consumedTo`, as JSON. */
  saveState(): string
  /** Takes back what `saveState` gave; text of any other form is ignored. */
  restoreState(state: string): void
}
