/** Decides how a source is read: by its bytes, or as the user said. */
import type { Detection } from "../../formats/format.ts"
import { detectSource } from "../../sources/detect.ts"
import type { SourceFacts } from "../../sources/source.ts"
import { FORMATS, type FormatEntry } from "./formats.ts"

export interface ChosenFormat {
  readonly kind: "format"
  readonly format: FormatEntry
  readonly detection: Detection
}

export type Choice =
  | ChosenFormat
  | { readonly kind: "empty" }
  /** `looksLike` says in plain words what the bytes are. */
  | { readonly kind: "unrecognised"; readonly looksLike: string }

/** @param wanted a format's name from `--format`, which then counts more than the bytes */
export function chooseFormat(head: Buffer, facts: SourceFacts, wanted?: string): Choice {
  if (head.length === 0) return { kind: "empty" }
  const name = facts.member === "" ? facts.path : facts.member
  const entries = wanted === undefined ? FORMATS : FORMATS.filter((format) => format.name === wanted)
  const { detection, looksLike } = detectSource(head, name, entries.map((format) => format.detect))
  if (detection !== null) {
    const format = entries.find((entry) => entry.name === detection.format)
    if (format !== undefined) return { kind: "format", format, detection }
  }
  const [only] = entries
  if (wanted === undefined || only === undefined) return { kind: "unrecognised", looksLike }
  return { kind: "format", format: only, detection: assumed(only) }
}

/** Time of a source's first record in ms, NaN when its head does not tell. */
export function firstTimeOf(head: Buffer, name: string): number {
  const { detection } = detectSource(head, name, FORMATS.map((format) => format.detect))
  return detection?.firstTimeMs ?? Number.NaN
}

function assumed(format: FormatEntry): Detection {
  return {
    format: format.name,
    variant: format.defaultVariant,
    title: `${format.name} (as told)`,
    confidence: "possible",
    why: "--format says so",
    firstTimeMs: Number.NaN,
  }
}
