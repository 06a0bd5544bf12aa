/** retrail ingest: saved evidence into a case file. */
import { string as stringArgument } from "@oclif/core/args"
import { boolean, integer, string } from "@oclif/core/flags"
import { UsageError } from "../app/errors.ts"
import { BaseCommand, jsonFlag } from "./base-command.ts"
import { bsmFlags } from "./bsm-flags.ts"
import { makeProgress, stopOnSignal } from "./make-progress.ts"
import { readingChoice, readingFlags } from "./reading-flags.ts"
import { windowsFlags } from "./windows-flags.ts"

export default class Ingest extends BaseCommand {
  static override aliases = ["parse"]
  static override description =
    "Read saved audit trails into a SQLite case file.\n\nFiles, folders and globs; .gz, .zst, .zip and .tar are " +
    "read where they lie; - is stdin. The format is found from the content. Running it again adds nothing twice: " +
    "a grown file goes on where it stopped, a killed run resumes. " +
    "Everything is kept, but for what one of osquery's flags switches off (--audit_allow_unix=false: docs/osquery-flags.md)."
  static override usage = "ingest PATH… -d FILE"
  static override examples = [
    "<%= config.bin %> ingest /mnt/evidence/var/log/audit -d case.db",
    "<%= config.bin %> ingest 'logs/**/audit.log*' -d case.db --host web-1 --passwd etc/passwd",
    "zcat audit.log.*.gz | <%= config.bin %> ingest - -d case.db",
  ]
  static override strict = false
  static override args = {
    path: stringArgument({
      description: "file, folder or glob; - is stdin",
      required: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    db: string({ char: "d", description: "case file; made when it does not exist", helpValue: "FILE" }),
    ...readingFlags,
    ...windowsFlags,
    ...bsmFlags,
    jobs: integer({
      char: "j",
      description: "processes that read different logs at the same time; the result is the same",
      default: 1,
      min: 1,
      max: 64,
      helpValue: "N",
    }),
    "dry-run": boolean({ description: "read and count, write nothing" }),
    json: jsonFlag,
  }

  async run(): Promise<void> {
    const { rowChoiceOfGiven, takeOsqueryFlags } = await import("./osquery-arguments.ts")
    const taken = takeOsqueryFlags(this.argv)
    const { argv, flags } = await this.parse(Ingest, taken.argv)
    const paths = argv as string[]
    const choice = readingChoice(flags)
    const { runIngest } = await import("../app/ingest/run-ingest.ts")
    const { runDry } = await import("../app/ingest/run-dry.ts")
    const { describeSummary } = await import("../app/ingest/describe-summary.ts")
    const { signal, release } = stopOnSignal()
    const rows = rowChoiceOfGiven(taken.flags)
    const request = { paths, ...choice, rows, progress: makeProgress(flags), signal }
    const began = performance.now()
    try {
      const { summary, exitCode, bytes } = flags["dry-run"]
        ? await runDry(request)
        : await runIngest({
            ...request,
            database: requireDatabase(flags.db),
            version: this.config.version,
            argv: process.argv.slice(2),
            jobs: flags.jobs,
          })
      const seconds = (performance.now() - began) / 1000
      const peakBytes = process.resourceUsage().maxRSS * 1024
      const run = { database: flags.db ?? "", seconds, bytes, peakBytes }
      if (flags.json)
        process.stdout.write(
          `${JSON.stringify({ ...summary, bytes, seconds: Number(seconds.toFixed(3)), exitCode })}\n`,
        )
      else if (!flags.quiet) process.stderr.write(`${describeSummary(summary, run).join("\n")}\n`)
      process.exitCode = exitCode === 130 && signal.reason === "SIGTERM" ? 143 : exitCode
    } finally {
      release()
    }
  }
}

function requireDatabase(database: string | undefined): string {
  if (database !== undefined) return database
  throw new UsageError("no case file is given", "Name it with -d: retrail ingest PATH -d case.db")
}
