/** osquery's flags, which are taken out of a command line before oclif sees it, and those of its flagfiles and config. */
import { readFileSync } from "node:fs"
import { MissingInputError, UsageError } from "../app/errors.ts"
import { parseFlagfile } from "../pipeline/flags/flagfile.ts"
import { OsqueryFlags } from "../pipeline/flags/osquery-flags.ts"
import { takeFlags } from "../pipeline/flags/take-flags.ts"

export { rowChoiceOfGiven } from "../pipeline/flags/row-choice.ts"

/** Options of the commands themselves that take a value, which is never one of osquery's flags. */
const OWN_OPTIONS: ReadonlySet<string> = new Set(
  "-j --jobs -d --db --host --stall --raw --raw-size --raw-keep --rules --user --duration --socket-buffer --ring-size --transport --cgroup --config --from --events --eslogger --speed --passwd --group --start --end -f --format".split(
    " ",
  ),
)

export interface TakenArguments {
  /** For oclif. */
  readonly argv: string[]
  readonly flags: OsqueryFlags
  /** About flagfiles, for stderr. */
  readonly warnings: readonly string[]
}

/** @throws UsageError for a value that a flag does not take */
export function takeOsqueryFlags(argv: readonly string[]): TakenArguments {
  const { rest, given, problems } = takeFlags(argv, OWN_OPTIONS)
  const [problem] = problems
  if (problem !== undefined) throw new UsageError(problem, "docs/osquery-flags.md lists osquery's flags.")
  const flags = new OsqueryFlags()
  const warnings: string[] = []
  for (const { name, value } of given) {
    if (name === "flagfile") warnings.push(...takeFlagfile(flags, value))
  }
  for (const { name, value } of given) {
    const result = flags.set(name, value, "command-line")
    if (!result.ok) throw new UsageError(result.message, "docs/osquery-flags.md lists osquery's flags.")
  }
  return { argv: [...rest], flags, warnings }
}

/** What a flagfile says that is not understood is a warning, as in osquery. */
function takeFlagfile(flags: OsqueryFlags, path: string): string[] {
  const text = readText(path)
  if (text === null) throw new MissingInputError(`the flag file ${path} cannot be read`)
  const file = parseFlagfile(text, readText)
  const warnings = file.warnings.map(({ line, message }) => `${path}, line ${line}: ${message}`)
  for (const { name, value } of file.given) {
    const result = flags.set(name, value, "flagfile")
    if (!result.ok) warnings.push(`${path}: ${result.message}`)
  }
  return warnings
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return null
  }
}

/** What `capture es` implies. */
export function implyEsFlags(flags: OsqueryFlags): void {
  if (!flags.isGiven("disable_endpointsecurity"))
    flags.set("disable_endpointsecurity", "false", "command-line")
}

/** What `capture bpf` implies. */
export function implyBpfFlags(flags: OsqueryFlags): void {
  if (!flags.isGiven("enable_bpf_events")) flags.set("enable_bpf_events", "true", "command-line")
}

/** What `capture audit` and `capture bsm` imply; true when nobody has said audit_allow_config. */
export function implyFlags(flags: OsqueryFlags): boolean {
  const isImplied = !flags.isGiven("audit_allow_config")
  if (isImplied) flags.set("audit_allow_config", "true", "command-line")
  if (!flags.isGiven("disable_audit")) flags.set("disable_audit", "false", "command-line")
  return isImplied
}
