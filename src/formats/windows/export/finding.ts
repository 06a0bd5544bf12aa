/** What a look at the first bytes of a file found. */
import type { Confidence } from "../../format.ts"
import type { Shape } from "./shapes.ts"

export interface Finding {
  readonly shape: Shape
  readonly confidence: Confidence
  readonly why: string
  readonly firstTimeMs: number
}
