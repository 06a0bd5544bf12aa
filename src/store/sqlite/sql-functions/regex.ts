/**
 * regex_match and regex_split (osquery/sql/sqlite_string.cpp): C++ std::regex in its ECMAScript grammar, here
 * JavaScript's own engine. A slow pattern is stopped by the time limit of the query.
 */
import { hasNull, integerOf, type SqlArgument, type SqlFunction, textOf } from "./function.ts"

/** osquery's limit on a pattern. */
const PATTERN_BYTES = 256
/** A statement has few patterns, unless they come from a column. */
const CACHED_PATTERNS = 64

const POSIX_CLASSES = new Map([
  ["alnum", "0-9A-Za-z"],
  ["alpha", "A-Za-z"],
  ["blank", " \\t"],
  ["cntrl", "\\x00-\\x1f\\x7f"],
  ["digit", "0-9"],
  ["d", "0-9"],
  ["graph", "\\x21-\\x7e"],
  ["lower", "a-z"],
  ["print", "\\x20-\\x7e"],
  ["punct", "!-\\/:-@\\[-`{-~"],
  ["s", "\\s"],
  ["space", "\\s"],
  ["upper", "A-Z"],
  ["w", "\\w"],
  ["xdigit", "0-9A-Fa-f"],
])

/** The functions share a cache of compiled patterns. */
export function createRegexFunctions(): SqlFunction[] {
  const cache = new Map<string, RegExp>()
  const compiled = (pattern: string): RegExp => {
    const known = cache.get(pattern)
    if (known !== undefined) return known
    if (cache.size >= CACHED_PATTERNS) cache.clear()
    const regex = compile(pattern)
    cache.set(pattern, regex)
    return regex
  }
  return [
    { name: "regex_match", parameters: 3, call: (...values) => match(values, compiled) },
    { name: "regex_split", parameters: 3, call: (...values) => split(values, compiled) },
  ]
}

type Compile = (pattern: string) => RegExp

/** First match; group 0 is all of it. */
function match(values: SqlArgument[], compiled: Compile): string | null {
  if (hasNull(values)) return null
  const pattern = textOf(values[1])
  if (Buffer.byteLength(pattern) > PATTERN_BYTES) {
    throw new Error(`Invalid regex: too big, max size is ${PATTERN_BYTES} bytes`)
  }
  const regex = compiled(pattern)
  regex.lastIndex = 0
  const found = regex.exec(textOf(values[0]))
  const group = integerOf(values[2])
  if (found === null || group < 0 || group >= found.length) return null
  return found[group] ?? ""
}

/** The pieces between matches: a leading empty one is kept, a trailing empty one is not, groups are left out. */
function split(values: SqlArgument[], compiled: Compile): string | null {
  if (hasNull(values)) return null
  const pattern = textOf(values[1])
  if (pattern === "") throw new Error("Invalid input to split function")
  if (Buffer.byteLength(pattern) > PATTERN_BYTES) throw new Error("Invalid regex")
  const text = textOf(values[0])
  const wanted = integerOf(values[2])
  const regex = compiled(pattern)
  regex.lastIndex = 0
  let from = 0
  for (let piece = 0; ; piece++) {
    const found = regex.exec(text)
    if (found === null) {
      return piece === wanted && (piece === 0 || from < text.length) ? text.slice(from) : null
    }
    if (piece === wanted) return text.slice(from, found.index)
    from = found.index + found[0].length
    if (found[0] === "") regex.lastIndex++
  }
}

/** DEVIATION(osquery): `.` and classes match whole characters, not bytes of UTF-8. */
function compile(pattern: string): RegExp {
  try {
    return new RegExp(translatePosixClasses(pattern), "g")
  } catch {
    throw new Error("Invalid regex")
  }
}

/** `[[:alpha:]_]` becomes `[A-Za-z_]`; only inside brackets, as in C++. */
function translatePosixClasses(pattern: string): string {
  let translated = ""
  let isInClass = false
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? ""
    if (character === "\\") {
      translated += pattern.slice(at, at + 2)
      at++
      continue
    }
    if (!isInClass) isInClass = character === "["
    else if (character === "]") isInClass = false
    else if (character === "[" && pattern[at + 1] === ":") {
      const end = pattern.indexOf(":]", at + 2)
      const members = end < 0 ? undefined : POSIX_CLASSES.get(pattern.slice(at + 2, end))
      if (members === undefined) throw new Error("Invalid regex")
      translated += members
      at = end + 1
      continue
    }
    translated += character
  }
  return translated
}
