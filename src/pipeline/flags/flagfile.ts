/**
 * Flag files. Source of truth: gflags, ProcessOptionsFromString: a flag a line, `#` begins a comment, leading blanks do
 * not count, a line without a dash names the programs that the lines after it are for.
 */
import { readFlagArgument } from "./flag-argument.ts"
import type { GivenFlag } from "./take-flags.ts"

export interface FlagfileWarning {
  readonly line: number
  readonly message: string
}

export interface Flagfile {
  /** In order; the last one holds. */
  readonly given: readonly GivenFlag[]
  readonly warnings: readonly FlagfileWarning[]
}

/** Names under which osquery's flag files speak to us. */
const PROGRAMS = ["osqueryd", "retrail"]
/** Files that one file may bring in, all in all; more is a circle. */
const MOST_FILES = 64

/** The text of another flag file; null when it cannot be read. */
export type ReadFlagfile = (path: string) => string | null

interface Others {
  readonly read: ReadFlagfile
  left: number
}

/** @param readOther for `--flagfile` inside a file; without it such a line is a warning */
export function parseFlagfile(text: string, readOther: ReadFlagfile = () => null): Flagfile {
  return parseText(text, { read: readOther, left: MOST_FILES })
}

function parseText(text: string, others: Others): Flagfile {
  const given: GivenFlag[] = []
  const warnings: FlagfileWarning[] = []
  let isForUs = true
  let isNaming = false
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.replace(/^\s+/, "").replace(/\r$/, "")
    if (line === "" || line.startsWith("#")) continue
    if (!line.startsWith("-")) {
      isForUs = (isNaming && isForUs) || namesUs(line)
      isNaming = true
      continue
    }
    isNaming = false
    if (!isForUs) continue
    const flag = readLine(line)
    if (typeof flag === "string") warnings.push({ line: at + 1, message: flag })
    else if (flag.name !== "flagfile") given.push(flag)
    else {
      const inner = readInner(flag.value, others)
      given.push(...inner.given)
      warnings.push(...inner.warnings.map(({ message }) => ({ line: at + 1, message })))
    }
  }
  return { given, warnings }
}

function readLine(line: string): GivenFlag | string {
  const flag = readFlagArgument(line)
  if (flag === null) {
    const name = line.replace(/^-+/, "").split("=", 1)[0] ?? ""
    if (/\s/.test(name)) return `${line}: a flag file has --name=value, without blanks`
    return `${name} is no flag of osquery that is known here`
  }
  if (flag.value === undefined) return `${flag.spec.name} needs a value: --${flag.spec.name}=VALUE`
  return { name: flag.spec.name, value: flag.value }
}

function readInner(paths: string, others: Others): Flagfile {
  const given: GivenFlag[] = []
  const warnings: FlagfileWarning[] = []
  for (const path of paths.split(",").filter((name) => name !== "")) {
    const inner = readOther(path, others)
    given.push(...inner.given)
    warnings.push(...inner.warnings)
  }
  return { given, warnings }
}

function readOther(path: string, others: Others): Flagfile {
  if (others.left === 0) return only(`${path} is not read: flag files bring in more than ${MOST_FILES} files`)
  others.left--
  const text = others.read(path)
  if (text === null) return only(`${path} cannot be read`)
  const { given, warnings } = parseText(text, others)
  const placed = warnings.map(({ line, message }) => ({ line, message: `${path}, line ${line}: ${message}` }))
  return { given, warnings: placed }
}

function only(message: string): Flagfile {
  return { given: [], warnings: [{ line: 0, message }] }
}

/** The line holds names of programs, or patterns with `*` and `?`, apart by blanks. */
function namesUs(line: string): boolean {
  return line.split(/\s+/).some((pattern) => PROGRAMS.some((program) => matches(pattern, program)))
}

function matches(pattern: string, name: string): boolean {
  let at = 0
  let star = -1
  let retry = 0
  let from = 0
  while (from < name.length) {
    if (pattern[at] === "*") {
      star = at++
      retry = from
    } else if (pattern[at] === "?" || pattern[at] === name[from]) {
      at++
      from++
    } else if (star >= 0) {
      at = star + 1
      from = ++retry
    } else return false
  }
  while (pattern[at] === "*") at++
  return at === pattern.length
}
