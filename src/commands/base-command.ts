/** What every command has in common: the flags that scripts may give to any of them. */
import { Command } from "@oclif/core/command"
import { boolean } from "@oclif/core/flags"

/** For commands whose summary has a machine-readable form. */
export const jsonFlag = boolean({ description: "print the summary as one JSON object on stdout" })

export abstract class BaseCommand extends Command {
  static override baseFlags = {
    quiet: boolean({ char: "q", description: "print errors only", helpGroup: "COMMON" }),
    "no-progress": boolean({ description: "no progress bar", helpGroup: "COMMON" }),
    "no-color": boolean({ description: "no colours; NO_COLOR=1 does the same", helpGroup: "COMMON" }),
  }
}
