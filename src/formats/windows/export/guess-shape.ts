/** What shape a text most likely has that detection does not know: for a format that the user forces. */
import { decodeHead } from "./decode-text.ts"
import type { Shape } from "./shapes.ts"

/** As a variant: look at the first bytes. */
export const ANY_SHAPE = "any"
const LOOK_BYTES = 4096

/** By the first characters; any JSON is read by the keys of its objects, any CSV by its columns. */
export function guessShape(head: Buffer): Shape {
  const look = decodeHead(head).subarray(0, LOOK_BYTES).toString("latin1").trimStart()
  if (/<Objs[\s>]/.test(look)) return "clixml"
  if (/^(?:Record \d{1,15}\s+)?[[{]/.test(look)) return "flat-json"
  if (look.startsWith("<") || look.includes("<Event")) return "xml"
  return look.includes(",") ? "csv" : "xml"
}
