/** retrail doctor: what this machine offers. */
import { boolean, string } from "@oclif/core/flags"
import { checkText, doctorExitCode, doctorTotals, examine } from "../app/doctor/doctor.ts"
import { thisMachine } from "../app/doctor/this-machine.ts"
import { BaseCommand } from "./base-command.ts"

export default class Doctor extends BaseCommand {
  static override description =
    "Check this machine, and a case.\n\nEach line is OK, INFO, WARN or FAIL, with what to do about it: Node.js, SQLite, zstd, disk, clock, what the host " +
    "offers as live sources, and with -d whether the case is whole. What this user cannot tell is said to be " +
    "unknown. Nothing is changed. Ends with 2 when something failed. --json holds no paths, names or other data " +
    "of yours: it is made for bug reports."
  static override usage = "doctor [-d FILE]"
  static override examples = [
    "<%= config.bin %> doctor",
    "<%= config.bin %> doctor -d case.db",
    "<%= config.bin %> doctor --json > doctor.json",
  ]
  static override flags = {
    db: string({ char: "d", description: "case file to check as well", helpValue: "FILE" }),
    json: boolean({ description: "print the checks as one JSON object on stdout" }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor)
    const checks = examine(thisMachine(), flags.db)
    const exitCode = doctorExitCode(checks)
    if (flags.json) {
      process.stdout.write(`${JSON.stringify({ version: this.config.version, checks }, undefined, 2)}\n`)
    } else {
      for (const check of checks) process.stdout.write(checkText(check))
      if (!flags.quiet) process.stderr.write(`${doctorTotals(checks)}\n`)
    }
    process.exitCode = exitCode
  }
}
