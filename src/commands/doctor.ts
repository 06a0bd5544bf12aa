/** retrail doctor: what this machine offers. */
import { boolean, string } from "@oclif/core/flags"
import { openRepair } from "../app/doctor/audit/kernel-repair.ts"
import { mend } from "../app/doctor/audit/mend.ts"
import { checkText, doctorExitCode, doctorTotals, examine, forReport } from "../app/doctor/doctor.ts"
import { thisMachine } from "../app/doctor/this-machine.ts"
import { BaseCommand } from "./base-command.ts"

export default class Doctor extends BaseCommand {
  static override description =
    "Check this machine, a case, and what live capture needs.\n\nEach line is OK, INFO, WARN or FAIL, with what to do about it: Node.js, SQLite, " +
    "zstd, disk, clock, what the host offers as live sources, the kernel's audit (as root: its state, owner and " +
    "rules), other programs that want its records, and what a capture that was killed left behind. With -d: is the " +
    "case whole, and were a capture's flags right; --flagfile and --config look at osquery's own files. What this " +
    "user cannot tell is said to be unknown. Nothing is changed, except by --fix: it puts back what a killed " +
    "capture left in the kernel, says each step, and touches nothing while a capture runs. Ends with 2 when " +
    "something failed. --json holds no paths, names or other data of yours: it is made for bug reports."
  static override usage = "doctor [-d FILE] [--flagfile FILE] [--config FILE]"
  static override examples = [
    "<%= config.bin %> doctor",
    "<%= config.bin %> doctor -d case.db",
    "<%= config.bin %> doctor --flagfile osquery.flags --config osquery.conf",
    "<%= config.bin %> doctor --fix",
    "<%= config.bin %> doctor --json > doctor.json",
  ]
  static override flags = {
    db: string({ char: "d", description: "case file to check as well", helpValue: "FILE" }),
    flagfile: string({ description: "osquery's flag file to check as well", helpValue: "FILE" }),
    config: string({ description: "osquery's config to check as well", helpValue: "FILE" }),
    fix: boolean({ description: "put the kernel's audit back after a killed capture (root)" }),
    json: boolean({ description: "print the checks as one JSON object on stdout" }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor)
    const machine = thisMachine()
    const steps = flags.fix ? mend(machine, openRepair) : []
    const { flagfile, config } = flags
    const checks = [...steps, ...examine(machine, flags.db, { flagfile, config })]
    if (flags.json) {
      const report = { version: this.config.version, checks: checks.map(forReport) }
      process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`)
    } else {
      for (const check of checks) process.stdout.write(checkText(check))
      if (!flags.quiet) process.stderr.write(`${doctorTotals(checks)}\n`)
    }
    process.exitCode = doctorExitCode(checks)
  }
}
