/** retrail stats: a case at a glance. */
import { integer, string } from "@oclif/core/flags"
import { EXIT_CODES } from "../app/exit-codes.ts"
import { wrapText } from "../app/output/wrap-text.ts"
import { BaseCommand, jsonFlag } from "./base-command.ts"

const DEFAULT_COLUMNS = 80

export default class Stats extends BaseCommand {
  static override description =
    "Show a case at a glance.\n\nTime range, rows, sources, hosts, the most frequent executables, users and remote addresses, failed calls and " +
    "logins, gaps and problems. --by counts the events of all tables by one column instead. Times are UTC; the case " +
    "is only read."
  static override usage = "stats -d FILE [--by COLUMN]"
  static override examples = [
    "<%= config.bin %> stats -d case.db",
    "<%= config.bin %> stats -d case.db --by path --limit 50",
    "<%= config.bin %> stats -d case.db --by hour --json",
  ]
  static override flags = {
    db: string({ char: "d", description: "case file", helpValue: "FILE", required: true }),
    by: string({
      description:
        "count by a column of the event tables (path, username, auid, host, remote_address, syscall, …), hour or day",
      helpValue: "COLUMN",
    }),
    limit: integer({ description: "rows of each list", default: 10, min: 1, helpValue: "N" }),
    json: jsonFlag,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Stats)
    const { readCountBy, readStats } = await import("../app/stats/stats.ts")
    const { countByJson, countByText, statsJson, statsText } = await import("../app/stats/stats-text.ts")
    const isTerminal = process.stdout.isTTY === true
    const width = isTerminal ? process.stdout.columns || DEFAULT_COLUMNS : null
    if (flags.by === undefined) {
      const stats = readStats(flags.db, flags.limit)
      process.stdout.write(flags.json ? `${statsJson(stats, isTerminal)}\n` : statsText(stats, width))
      if (stats.firstTime === null) process.exitCode = EXIT_CODES.nothingFound.code
      return
    }
    const counted = readCountBy(flags.db, flags.by, flags.limit)
    process.stdout.write(
      flags.json ? `${countByJson(flags.by, counted, isTerminal)}\n` : countByText(flags.by, counted, width),
    )
    if (!flags.quiet && !flags.json)
      process.stderr.write(`${wrapText(`Counted in: ${counted.tables.join(", ") || "no table"}`)}\n`)
    if (counted.rows.length === 0) process.exitCode = EXIT_CODES.nothingFound.code
  }
}
