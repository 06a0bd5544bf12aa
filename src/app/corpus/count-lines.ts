/** Counts lines without parsing them: what the parsers account for is held against it. */
import { join } from "node:path"
import { findInputs } from "../../sources/find-inputs.ts"
import { openSources } from "../../sources/open-sources.ts"

/** Wrappings in which a line is a record. */
const LINE_VARIANTS =
  /^(?:auditd|auditd-enriched|syslog|dmesg|journald-short.*|journald-with-unit|journald-cat|ausearch)$/

const NEWLINE = 0x0a
const RETURN = 0x0d

/** Lines of the inputs that are not empty; null when in this wrapping a line is no record. */
export async function countLines(
  folder: string,
  inputs: readonly string[],
  variant: string,
): Promise<number | null> {
  if (!LINE_VARIANTS.test(variant)) return null
  const found = await findInputs(inputs.map((name) => join(folder, name)))
  let lines = 0
  for await (const event of openSources(found.inputs)) {
    if (event.kind !== "source") continue
    let isEmpty = true
    for await (const { bytes } of event.source.chunks()) {
      for (const byte of bytes) {
        if (byte === NEWLINE) {
          if (!isEmpty) lines++
          isEmpty = true
        } else if (byte !== RETURN) isEmpty = false
      }
    }
    if (!isEmpty) lines++
  }
  return lines
}
