/**
 * Reads the flags of audit_control(5) and `auditreduce -c`: class names apart by commas, `+` for success alone, `-` for
 * failure alone, and `^` before them to take a class away again.
 *
 *   lo,+ex,^-fr
 */
import { auditClasses, classMask } from "../tables/classes.ts"
import type { ClassFlags } from "./selection.ts"

const FLAG = /^(\^?)([+-]?)(.*)$/s

/** The masks; the word that names no class otherwise. */
export function readClassFlags(text: string): ClassFlags | string {
  let success = 0
  let failure = 0
  for (const word of text.split(",")) {
    if (word === "") continue
    const [, taken = "", sign = "", name = ""] = FLAG.exec(word) ?? []
    const mask = classMask(name)
    if (mask === undefined) return name
    if (sign !== "-") success = taken === "" ? success | mask : success & ~mask
    if (sign !== "+") failure = taken === "" ? failure | mask : failure & ~mask
  }
  return { success: success >>> 0, failure: failure >>> 0 }
}

export function classNames(): string[] {
  return auditClasses().map(({ name }) => name)
}
