/** retrail convert: rows or records of saved evidence in another format, without a database. */
import { string as stringArgument } from "@oclif/core/args"
import { boolean, string } from "@oclif/core/flags"
import type { ConvertFormat } from "../app/convert/run-convert.ts"
import { BaseCommand } from "./base-command.ts"
import { bsmFlags } from "./bsm-flags.ts"
import { makeProgress, stopOnSignal } from "./make-progress.ts"
import { numericsFlag } from "./osquery-form-flags.ts"
import { readingChoice, readingFlags } from "./reading-flags.ts"
import { recordChoice, recordFlags } from "./record-flags.ts"
import { windowsFlags } from "./windows-flags.ts"

const FORMATS = "csv json jsonl osquery xml praudit praudit-xml bsm perf-script".split(
  " ",
) as readonly ConvertFormat[]

export default class Convert extends BaseCommand {
  static override description =
    "Convert saved audit trails to CSV, JSON, JSON lines, lines of osquery's results log, XML, praudit's or perf script's text, without a database.\n\nJSON lines carry the table's name " +
    'as "_table" first. CSV of several tables needs a folder. --records gives every source record decoded in full ' +
    "instead of rows; xml, praudit, praudit-xml, bsm (a trail, as auditreduce writes it) and perf-script are forms of records too. Text that a spreadsheet would run as a formula gets a leading ' in CSV."
  static override usage = "convert PATH… -t FORMAT [--table TABLE] [-o FILE|FOLDER]"
  static override examples = [
    "<%= config.bin %> convert audit.log -t jsonl",
    "<%= config.bin %> convert /mnt/evidence/var/log/audit -t csv -o tables",
    "<%= config.bin %> convert audit.log -t csv --table process_events -o execs.csv",
    "<%= config.bin %> convert audit.log -t jsonl --records | jq .fields",
    "<%= config.bin %> convert Security.evtx -t xml --event-id 4624,4625 -o logons.xml",
    "<%= config.bin %> convert /var/audit -t praudit --one-line --class lo,ex --auid 501",
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
    to: string({
      char: "t",
      description: "output format",
      options: [...FORMATS],
      default: "jsonl",
      helpValue: "FORMAT",
    }),
    output: string({
      char: "o",
      description: "file, or folder for CSV of several tables; stdout unless given",
      helpValue: "PATH",
    }),
    table: string({ description: "rows of this table only", helpValue: "TABLE" }),
    records: boolean({ description: "every source record decoded in full, instead of rows" }),
    force: boolean({ description: "replace an output that exists" }),
    "escape-formulas": boolean({
      description: "csv: put ' before text that a spreadsheet would run",
      default: true,
      allowNo: true,
    }),
    numerics: numericsFlag,
    ...readingFlags,
    ...windowsFlags,
    ...bsmFlags,
    ...recordFlags,
  }

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Convert)
    const { runConvert } = await import("../app/convert/run-convert.ts")
    const { describeOutcome } = await import("../app/convert/describe-outcome.ts")
    const { signal, release } = stopOnSignal()
    try {
      const outcome = await runConvert({
        paths: argv as string[],
        to: flags.to as ConvertFormat,
        isForced: flags.force,
        isRecords: flags.records,
        escapesFormulas: flags["escape-formulas"],
        numerics: flags.numerics,
        ...(flags.output === undefined ? {} : { output: flags.output }),
        ...(flags.table === undefined ? {} : { table: flags.table }),
        ...recordChoice(flags),
        ...readingChoice(flags),
        progress: makeProgress(flags),
        signal,
      })
      process.exitCode = outcome.exitCode
      if (!flags.quiet) for (const line of describeOutcome(outcome)) process.stderr.write(`${line}\n`)
    } finally {
      release()
    }
  }
}
