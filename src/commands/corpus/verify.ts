/** retrail corpus verify: read every case of a corpus and compare. */
import { string as stringArgument } from "@oclif/core/args"
import type { CaseReport } from "../../app/corpus/verify-case.ts"
import { EXIT_CODES } from "../../app/exit-codes.ts"
import { escapeForTerminal, escapeJsonForTerminal } from "../../base/terminal.ts"
import { BaseCommand, jsonFlag } from "../base-command.ts"
import { countCases } from "./update.ts"

export default class CorpusVerify extends BaseCommand {
  static override description =
    "Read every case of a regression corpus and compare with what it should give.\n\nA case is a folder with an input, " +
    "meta.yaml, expected.jsonl (the rows) and problems.jsonl (problems and gaps). Without DIR, the corpus that comes " +
    "with retrail is checked. Nothing is written. Exit code 2 says that a case failed."
  static override usage = "corpus verify [DIR...]"
  static override examples = [
    "<%= config.bin %> corpus verify",
    "<%= config.bin %> corpus verify my-corpus/vpn-gateway",
  ]
  static override args = {
    dir: stringArgument({ description: "a case's folder, or one above cases", multiple: true }),
  }
  static override flags = { json: jsonFlag }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CorpusVerify)
    const { findCases, ownCorpus } = await import("../../app/corpus/find-cases.ts")
    const { verifyCase } = await import("../../app/corpus/verify-case.ts")
    const folders = args.dir ?? [ownCorpus()]
    const failed: CaseReport[] = []
    const cases = await findCases(folders)
    for (const folder of cases) {
      const report = await verifyCase(folder)
      if (report.failures.length === 0) continue
      failed.push(report)
      if (!flags.json) process.stdout.write(describe(report))
    }
    if (flags.json) {
      const summary = { cases: cases.length, failed: failed.length, failures: failed }
      process.stdout.write(`${escapeJsonForTerminal(JSON.stringify(summary))}\n`)
    } else if (!flags.quiet) process.stdout.write(`${countCases(cases.length)}, ${failed.length} failed\n`)
    if (cases.length === 0) process.exitCode = EXIT_CODES.nothingFound.code
    if (failed.length > 0) process.exitCode = EXIT_CODES.failed.code
  }
}

function describe({ folder, failures }: CaseReport): string {
  const lines = failures.flatMap(([what = "", ...shown]) => {
    return [`${folder}: ${what}`, ...shown.map((line) => `  ${line}`)]
  })
  return lines.map((line) => `${escapeForTerminal(line)}\n`).join("")
}
