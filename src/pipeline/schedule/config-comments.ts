/**
 * Takes comments out of a config, so that JSON is left: lines that begin with `#` or `//`, and `//` and block comments
 * behind something. Source of truth: osquery osquery/config/config.cpp (stripConfigComments), which knows whole lines.
 */

/** Comments become blanks, so that places in the text stay. A comment sign inside a string is no comment. */
export function stripComments(text: string): string {
  let out = ""
  let from = 0
  let at = 0
  while (at < text.length) {
    const end = text[at] === '"' ? -endOfString(text, at) : endOfComment(text, at)
    if (end > 0) {
      out += text.slice(from, at) + text.slice(at, end).replace(/[^\n]/g, " ")
      from = end
    }
    at = end === 0 ? at + 1 : Math.abs(end)
  }
  return out + text.slice(from)
}

/** 0 when no comment begins here. */
function endOfComment(text: string, at: number): number {
  if (text.startsWith("/*", at)) {
    const end = text.indexOf("*/", at + 2)
    return end < 0 ? text.length : end + 2
  }
  const isLine = text.startsWith("//", at) || (text[at] === "#" && isFirstOfLine(text, at))
  if (!isLine) return 0
  const end = text.indexOf("\n", at)
  return end < 0 ? text.length : end
}

function isFirstOfLine(text: string, at: number): boolean {
  let before = at - 1
  while (before >= 0 && (text[before] === " " || text[before] === "\t" || text[before] === "\r")) before--
  return before < 0 || text[before] === "\n"
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === '"' || text[at] === "\n") return at + 1
  }
  return text.length
}
