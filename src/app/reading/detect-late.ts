/**
 * Looks for a format behind the head of a source: a log may begin with a block of NULs, or with a line of many
 * megabytes, and be whole after it.
 */
import { HEAD_BYTES } from "../../sources/evidence.ts"
import type { Source } from "../../sources/source.ts"
import { type ChosenFormat, chooseFormat } from "./choose-format.ts"

const LF = 0x0a

/**
 * Reads the source once through, or to the first place where a format shows itself beyond doubt. Only for sources
 * that can be read again; their digests are known afterwards when nothing was found.
 */
export async function detectLate(source: Source): Promise<ChosenFormat | null> {
  for await (const { bytes, offset } of source.chunks()) {
    const line = bytes.indexOf(LF)
    if (line < 0) continue
    const window = bytes.subarray(line + 1, line + 1 + HEAD_BYTES)
    const choice = chooseFormat(window, source.facts)
    if (choice.kind !== "format" || choice.detection.confidence !== "certain") continue
    const why = `${choice.detection.why}, from byte ${offset + line + 1} on`
    return { ...choice, detection: { ...choice.detection, why, firstTimeMs: Number.NaN } }
  }
  return null
}
