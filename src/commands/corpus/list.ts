/** retrail corpus list: one line a case. */
import { string as stringArgument } from "@oclif/core/args"
import { EXIT_CODES } from "../../app/exit-codes.ts"
import { escapeForTerminal, escapeJsonForTerminal } from "../../base/terminal.ts"
import { BaseCommand, jsonFlag } from "../base-command.ts"

export default class CorpusList extends BaseCommand {
  static override description =
    "List the cases of a regression corpus: folder, wrapping, and what the case shows."
  static override usage = "corpus list [DIR...]"
  static override examples = ["<%= config.bin %> corpus list | grep -i seccomp"]
  static override args = {
    dir: stringArgument({ description: "a case's folder, or one above cases", multiple: true }),
  }
  static override flags = { json: jsonFlag }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CorpusList)
    const { ownCorpus } = await import("../../app/corpus/find-cases.ts")
    const { listCases } = await import("../../app/corpus/list-cases.ts")
    const cases = await listCases(args.dir ?? [ownCorpus()])
    for (const one of cases) {
      const { folder, variant, shows } = one
      const line = flags.json
        ? escapeJsonForTerminal(JSON.stringify(one))
        : escapeForTerminal(`${folder}  ${variant === "" ? "-" : variant}  ${shows}`)
      process.stdout.write(`${line}\n`)
    }
    if (cases.length === 0) process.exitCode = EXIT_CODES.nothingFound.code
  }
}
