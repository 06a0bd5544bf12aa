/** retrail corpus add: make a case of a file. */
import { string as stringArgument } from "@oclif/core/args"
import { string } from "@oclif/core/flags"
import { escapeForTerminal } from "../../base/terminal.ts"
import { BaseCommand } from "../base-command.ts"
import { describeUpdate } from "./update.ts"

export default class CorpusAdd extends BaseCommand {
  static override description =
    "Make a case of a file: copy it into a new folder, with meta.yaml and what it gives now as expectation.\n\nThe copy " +
    "is readable for everybody and holds whatever the log holds: names, addresses, command lines."
  static override usage = "corpus add FILE --name NAME --why TEXT [--to DIR]"
  static override examples = [
    '<%= config.bin %> corpus add audit.log --name vpn-gateway --why "execs without PATH records"',
  ]
  static override args = { file: stringArgument({ description: "the log", required: true }) }
  static override flags = {
    name: string({ description: "name of the new folder", required: true, helpValue: "NAME" }),
    why: string({ description: "what the case shows, one sentence", required: true, helpValue: "TEXT" }),
    to: string({ description: "corpus to add it to", default: "corpus", helpValue: "DIR" }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CorpusAdd)
    const { name, why, to } = flags
    const { addCase } = await import("../../app/corpus/add-case.ts")
    const report = await addCase({ file: args.file, name, why, to })
    if (flags.quiet) return
    process.stdout.write(`${escapeForTerminal(report.folder)} is added; read its expected.jsonl\n`)
    process.stdout.write(describeUpdate(report))
  }
}
