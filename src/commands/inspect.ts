/** retrail inspect: what is this evidence? */
import { string as stringArgument } from "@oclif/core/args"
import { boolean, string } from "@oclif/core/flags"
import { UsageError } from "../app/errors.ts"
import { EXIT_CODES } from "../app/exit-codes.ts"
import { FORMAT_NAMES } from "../app/reading/format-names.ts"
import { escapeJsonForTerminal } from "../base/terminal.ts"
import { BaseCommand } from "./base-command.ts"
import { makeProgress, stopOnSignal } from "./make-progress.ts"

const DEFAULT_COLUMNS = 80

export default class Inspect extends BaseCommand {
  static override description =
    "Say what files are and what they hold.\n\nReads every source from end to end and keeps nothing: its format and how sure that is, " +
    "size, events, records, records that cannot be read, time range, hosts. Times are UTC. What is not recognised is " +
    "listed with what it looks like. Folders, globs, archives and - (stdin) work as in ingest."
  static override usage = "inspect PATH…"
  static override examples = [
    "<%= config.bin %> inspect /cases/0412/var/log/audit",
    "<%= config.bin %> inspect --json triage.tar.gz | jq '.[] | select(.rejected > 0)'",
    "ssh web-1 cat /var/log/audit/audit.log | <%= config.bin %> inspect -",
  ]
  static override args = {
    paths: stringArgument({
      description: "files, folders, globs, archives; - is stdin",
      multiple: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    format: string({
      char: "f",
      description: "read as this format, whatever the bytes say",
      options: [...FORMAT_NAMES],
      helpValue: "FORMAT",
    }),
    json: boolean({ description: "print one JSON array on stdout, an object a source" }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Inspect)
    const paths = args.paths ?? []
    if (paths.length === 0) {
      throw new UsageError("nothing to inspect is given", "Name files or folders: retrail inspect audit.log")
    }
    const { inspect, inspectExitCode } = await import("../app/inspect/inspect.ts")
    const { inspectionLine, inspectionTotals } = await import("../app/inspect/inspection-lines.ts")
    const { signal, release } = stopOnSignal()
    const inspections = await inspect({
      paths,
      progress: makeProgress(flags),
      signal,
      ...(flags.format === undefined ? {} : { format: flags.format }),
    }).finally(release)
    if (signal.aborted)
      this.exit(signal.reason === "SIGTERM" ? EXIT_CODES.terminated.code : EXIT_CODES.interrupted.code)
    const isTerminal = process.stdout.isTTY === true
    if (flags.json) {
      const json = JSON.stringify(inspections, undefined, 2)
      process.stdout.write(`${isTerminal ? jsonForTerminal(json) : json}\n`)
    } else {
      const width = isTerminal ? process.stdout.columns || DEFAULT_COLUMNS : null
      for (const inspection of inspections) process.stdout.write(inspectionLine(inspection, width))
      if (!flags.quiet) process.stderr.write(`${inspectionTotals(inspections)}\n`)
    }
    process.exitCode = inspectExitCode(inspections)
  }
}

/** The line breaks are ours: JSON has none inside a value. */
function jsonForTerminal(json: string): string {
  return json.split("\n").map(escapeJsonForTerminal).join("\n")
}
