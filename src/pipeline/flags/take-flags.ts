/**
 * Takes osquery's flags out of a command line before its own options are read. Source of truth: gflags
 * (gflags.github.io/gflags): `--name=value`, `--name value` but for bools, one dash or two, `--noname`, `--` ends them.
 */
import { readFlagArgument } from "./flag-argument.ts"

export interface GivenFlag {
  readonly name: string
  readonly value: string
}

export interface TakenFlags {
  /** What is left, in order: the command line's own arguments. */
  readonly rest: readonly string[]
  readonly given: readonly GivenFlag[]
  readonly problems: readonly string[]
}

/**
 * @param ownOptions options of the command line itself that take the next argument as their value (`-d`, `--host`):
 * that value is left alone, whatever it looks like
 */
export function takeFlags(argv: readonly string[], ownOptions: ReadonlySet<string> = new Set()): TakenFlags {
  const rest: string[] = []
  const given: GivenFlag[] = []
  const problems: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? ""
    if (argument === "--") {
      rest.push(...argv.slice(at))
      break
    }
    if (ownOptions.has(argument)) {
      rest.push(...argv.slice(at, at + 2))
      at++
      continue
    }
    const flag = readFlagArgument(argument)
    if (flag === null) {
      rest.push(argument)
      continue
    }
    const value = flag.value ?? argv[++at]
    if (value === undefined) problems.push(`--${flag.spec.name} needs a value`)
    else given.push({ name: flag.spec.name, value })
  }
  return { rest, given, problems }
}
