/** retrail query: SQL over a case file. */
import { string as stringArgument } from "@oclif/core/args"
import { boolean, string } from "@oclif/core/flags"
import { UsageError } from "../app/errors.ts"
import { EXIT_CODES } from "../app/exit-codes.ts"
import { wrapText } from "../app/output/wrap-text.ts"
import type { OpenCase } from "../app/query/open-case.ts"
import { parseDuration } from "../app/query/parse-duration.ts"
import { describeOutput, QUERY_FORMATS } from "../app/query/query-request.ts"
import { takeSql } from "../app/query/read-sql.ts"
import { BaseCommand } from "./base-command.ts"
import { makeProgress, stopOnSignal } from "./make-progress.ts"
import { osqueryForm, osqueryFormFlags } from "./osquery-form-flags.ts"

export default class Query extends BaseCommand {
  static override description =
    "Run one SQL query over a case file, or straight over logs.\n\nThe query can only read. osquery's SQL functions are there (split, regex_match, community_id_v1, …), and " +
    "double-quoted strings work as in osquery. On a terminal, control characters are shown as escapes and long " +
    "values are cut; a file or a pipe gets them whole."
  static override usage = [
    'query -d FILE [-t FORMAT] "SQL"',
    'query LOG… [-t FORMAT] "SQL"',
    "query -d FILE --expire AGE",
  ]
  static override examples = [
    '<%= config.bin %> query -d case.db "SELECT path, count(*) FROM process_events GROUP BY 1"',
    '<%= config.bin %> query -d case.db -t csv "SELECT * FROM socket_events" > sockets.csv',
    "<%= config.bin %> query -d case.db --file query.sql",
    "<%= config.bin %> query -d live.db --expire 7d",
    '<%= config.bin %> query audit.log "SELECT path, cmdline FROM process_events WHERE status = 0"',
  ]
  static override args = {
    sql: stringArgument({
      description: "the query; - reads it from stdin",
      multiple: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    db: string({ char: "d", description: "case file", helpValue: "FILE" }),
    to: string({
      char: "t",
      description: "output format; table unless given, or line where a table does not fit",
      options: [...QUERY_FORMATS],
      helpValue: "FORMAT",
    }),
    file: string({ description: "read the query from a file; - is stdin", helpValue: "FILE" }),
    timeout: string({
      description: "stop after this time: 500ms, 30s, 2m; 0 for no limit",
      default: "30s",
      helpValue: "TIME",
    }),
    "escape-formulas": boolean({
      description: "csv: put ' before text that a spreadsheet would run",
      default: true,
      allowNo: true,
    }),
    expire: string({ description: "first delete events older than this: 90s, 12h, 7d", helpValue: "AGE" }),
    "raw-output": boolean({ description: "table, line: values as they are, not for a terminal" }),
    ...osqueryFormFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Query)
    const isTerminal = process.stdout.isTTY === true
    if (flags["raw-output"] && isTerminal)
      throw new UsageError("--raw-output is not for a terminal", "Send the output to a file or a pipe.")
    const timeoutMs = parseDuration(flags.timeout, "--timeout")
    const logs = [...(args.sql ?? [])]
    if (flags.expire !== undefined) {
      const { expireRows } = await import("../app/query/expire.ts")
      const queries = logs.length + (flags.file === undefined ? 0 : 1)
      const removed = expireRows({ database: flags.db, age: flags.expire, queries, nowMs: Date.now() })
      if (!flags.quiet) process.stderr.write(`${removed}\n`)
      if (queries === 0) return
    }
    const sql = await takeSql(flags.file, logs)
    const { signal, release } = stopOnSignal()
    const openLogs: OpenCase = async (paths) => {
      const { openLogsWith } = await import("../app/query/open-logs.ts")
      return openLogsWith({ version: this.config.version, progress: makeProgress(flags), signal })(paths)
    }
    const { chooseCase } = await import("../app/query/open-case.ts")
    const opened = await chooseCase({ database: flags.db, logs, openLogs })
    release()
    try {
      const width = isTerminal ? process.stdout.columns || 80 : null
      const output = { ...describeOutput(flags, width), osquery: osqueryForm(flags) }
      const { runQuery } = await import("../app/query/run-query.ts")
      const { rows, note } = await runQuery({ database: opened.path, sql, output }, timeoutMs, process.stdout)
      if (!flags.quiet && note !== "") process.stderr.write(`${wrapText(note)}\n`)
      const isForPeople = ["table", "line"].includes(output.format)
      if (!flags.quiet && isForPeople) process.stderr.write(`${rows} row${rows === 1 ? "" : "s"}\n`)
      if (rows === 0) process.exitCode = EXIT_CODES.nothingFound.code
    } finally {
      await opened.close()
    }
  }
}
