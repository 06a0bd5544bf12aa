/** retrail corpus update: write the expected files anew. */
import { string as stringArgument } from "@oclif/core/args"
import type { UpdateReport } from "../../app/corpus/update-case.ts"
import { EXIT_CODES } from "../../app/exit-codes.ts"
import { escapeForTerminal } from "../../base/terminal.ts"
import { BaseCommand } from "../base-command.ts"

export default class CorpusUpdate extends BaseCommand {
  static override description =
    "Write expected.jsonl and problems.jsonl of every case from what its input gives now, and show what changed.\n\n" +
    "Read the changes before you keep them: from then on they count as right."
  static override usage = "corpus update [DIR...]"
  static override examples = ["<%= config.bin %> corpus update my-corpus/vpn-gateway"]
  static override args = {
    dir: stringArgument({ description: "a case's folder, or one above cases", multiple: true }),
  }

  static override flags = {}

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CorpusUpdate)
    const { findCases, ownCorpus } = await import("../../app/corpus/find-cases.ts")
    const { updateCase } = await import("../../app/corpus/update-case.ts")
    const cases = await findCases(args.dir ?? [ownCorpus()])
    let changed = 0
    for (const folder of cases) {
      const report = await updateCase(folder)
      if (report.changes.length > 0) changed++
      if (report.failure !== "") process.exitCode = EXIT_CODES.failed.code
      process.stdout.write(describeUpdate(report))
    }
    if (!flags.quiet) process.stdout.write(`${countCases(cases.length)}, ${changed} changed\n`)
    if (cases.length === 0) process.exitCode = EXIT_CODES.nothingFound.code
  }
}

/** One line a changed file with what changed in it, escaped; '' when nothing did. */
export function describeUpdate({ folder, changes, failure }: UpdateReport): string {
  const lines = changes.flatMap(([what = "", ...shown]) => {
    return [`${folder}: ${what}`, ...shown.map((line) => `  ${line}`)]
  })
  if (failure !== "") lines.push(`${folder}: ${failure}`)
  return lines.map((line) => `${escapeForTerminal(line)}\n`).join("")
}

export function countCases(count: number): string {
  return `${count} case${count === 1 ? "" : "s"}`
}
