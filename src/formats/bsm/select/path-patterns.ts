/**
 * The patterns of `auditreduce -o file=`: extended regular expressions apart by commas, `\,` for a comma, `~` before
 * those whose paths are not wanted. The first that matches decides.
 *
 *   ~/dev/ttyp2,/dev/tty[a-z][0-9]+
 */
import { Pattern } from "./pattern.ts"
import { readRegularExpression } from "./regular-expression.ts"

interface PathPattern {
  readonly pattern: Pattern
  readonly isExcluded: boolean
}

export class PathPatterns {
  readonly #patterns: readonly PathPattern[]

  /** @throws PatternError */
  constructor(text: string) {
    this.#patterns = splitList(text).map((item) => {
      const isExcluded = item.startsWith("~")
      return { pattern: new Pattern(readRegularExpression(isExcluded ? item.slice(1) : item)), isExcluded }
    })
  }

  selects(bytes: Uint8Array, from: number, to: number): boolean {
    for (const { pattern, isExcluded } of this.#patterns)
      if (pattern.test(bytes, from, to)) return !isExcluded
    return false
  }
}

/** A comma that begins the list or stands behind a backslash is one of the pattern. */
function splitList(text: string): string[] {
  const items: string[] = []
  let item = ""
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === "\\" && text.charAt(at + 1) === ",") {
      item += ","
      at++
    } else if (character === "," && at > 0) {
      items.push(item)
      item = ""
    } else item += character
  }
  return [...items, item]
}
