/** The generated pages of docs/, each from the code that it describes. */
import { EXIT_CODES } from "../src/app/exit-codes.ts"
import { LIMITS } from "../src/base/limits.ts"
import { GAP_KINDS, PROBLEM_CODES } from "../src/base/problem-codes.ts"
import { COMMANDS } from "../src/commands/index.ts"
import { type FlagGroup, OSQUERY_FLAGS } from "../src/pipeline/flags/flag-table.ts"
import { CASE_TABLES } from "../src/schema/case-tables.ts"
import type { TableSchema } from "../src/schema/column.ts"
import { OSQUERY_TABLES } from "../src/schema/osquery-tables.ts"
import { EVENT_TABLES } from "../src/schema/tables/index.ts"
import { VIEWS } from "../src/schema/views.ts"

/** File name in docs/ and text, for every generated page. */
export function renderPages(): ReadonlyMap<string, string> {
  return new Map([
    ["tables.md", tablesPage()],
    ["commands.md", commandsPage()],
    ["exit-codes.md", exitCodesPage()],
    ["limits.md", limitsPage()],
    ["problem-codes.md", problemCodesPage()],
    ["osquery-flags.md", osqueryFlagsPage()],
  ])
}

const NOTE = "Generated from the code by `npm run docs`; edits are overwritten."

function page(title: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, NOTE, ...parts].join("\n\n")}\n`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n")
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ")
}

function tablesPage(): string {
  return page(
    "Tables",
    "Event tables have osquery's columns in osquery's order, then retrail's own, marked `own`. Columns that osquery " +
      "hides from `SELECT *` are marked `hidden`. Absent text is `''`, absent numbers are NULL. All times are UTC.",
    "## Event tables",
    ...EVENT_TABLES.map(tableSection),
    "## Views",
    ...VIEWS.map(({ name, description, columns }) =>
      [
        `### ${name}`,
        description,
        table(
          ["column", "holds"],
          columns.map((column) => [`\`${column.name}\``, column.description]),
        ),
      ].join("\n\n"),
    ),
    "## osquery's tables about a capture",
    ...OSQUERY_TABLES.map(tableSection),
    "## The case's own tables",
    ...CASE_TABLES.map(tableSection),
  )
}

function tableSection({ name, description, columns }: TableSchema): string {
  const rows = columns.map((column) => {
    const marks = [column.hidden ? "hidden" : "", column.extension ? "own" : ""].filter((mark) => mark !== "")
    return [`\`${column.name}\``, column.type.replace("_", " "), marks.join(", "), column.description]
  })
  return [`### ${name}`, description, table(["column", "type", "", "holds"], rows)].join("\n\n")
}

interface FlagFacts {
  readonly char?: string
  readonly description?: string
  readonly helpValue?: string | string[]
  readonly options?: readonly string[]
  readonly required?: boolean
  readonly default?: unknown
  readonly allowNo?: boolean
  readonly type: string
}

function commandsPage(): string {
  const [first] = Object.values(COMMANDS)
  return page(
    "Commands",
    "Data goes to stdout, talk and progress to stderr. How a command ends: [exit-codes.md](exit-codes.md).",
    ...Object.entries(COMMANDS).map(commandSection),
    "## Flags of every command",
    flagTable((first?.baseFlags ?? {}) as Record<string, FlagFacts>),
  )
}

/** A command without arguments or flags has none of these fields. */
interface CommandFacts {
  readonly description?: string
  readonly usage?: string | string[]
  readonly aliases?: readonly string[]
  readonly args?: Readonly<Record<string, { readonly description?: string }>>
  readonly flags?: Readonly<Record<string, FlagFacts>>
  readonly examples?: readonly unknown[]
}

function commandSection([id, command]: readonly [string, unknown]): string {
  return describeCommand(id.replaceAll(":", " "), command as CommandFacts)
}

function describeCommand(name: string, command: CommandFacts): string {
  const [summary = "", ...rest] = (command.description ?? "").split("\n\n")
  const args = Object.entries(command.args ?? {})
  const aliases = command.aliases?.length ? `Also called: ${command.aliases.join(", ")}` : ""
  const parts = [
    `## ${name.replace(":", " ")}`,
    summary,
    ...rest,
    aliases,
    `\`\`\`sh\n${usagesOf(command.usage).join("\n")}\n\`\`\``,
    args.length === 0
      ? ""
      : table(
          ["argument", ""],
          args.map(([arg, { description = "" }]) => [`\`${arg}\``, description]),
        ),
    command.flags === undefined ? "" : flagTable(command.flags),
    `\`\`\`sh\n${(command.examples ?? []).map((example) => String(example).replace("<%= config.bin %>", "retrail")).join("\n")}\n\`\`\``,
  ]
  return parts.filter((part) => part !== "").join("\n\n")
}

function usagesOf(usage: string | string[] | undefined): string[] {
  return [usage ?? []].flat().map((line) => `retrail ${line.replace("<%= config.bin %> ", "")}`)
}

function flagTable(flags: Readonly<Record<string, FlagFacts>>): string {
  const rows = Object.entries(flags).map(([name, flag]) => [flagName(name, flag), flagText(flag)])
  return table(["flag", ""], rows)
}

function flagName(name: string, { char, helpValue, type, allowNo }: FlagFacts): string {
  const value = type === "boolean" ? "" : ` ${String(helpValue ?? "VALUE")}`
  const long = `--${allowNo ? "[no-]" : ""}${name}${value}`
  return char === undefined ? `\`${long}\`` : `\`-${char}\`, \`${long}\``
}

function flagText({ description = "", options, required, default: standard }: FlagFacts): string {
  const notes = [
    required ? "required" : "",
    options === undefined ? "" : `one of ${options.join(", ")}`,
    standard === undefined || standard === false
      ? ""
      : `default ${standard === true ? "on" : String(standard)}`,
  ].filter((note) => note !== "")
  return notes.length === 0 ? description : `${description} (${notes.join("; ")})`
}

function exitCodesPage(): string {
  const rows = Object.values(EXIT_CODES).map(({ code, description }) => [String(code), description])
  return page(
    "Exit codes",
    "The same for every command, after sysexits(3) where it has one. A script can rely on them.",
    table(["code", "given when"], rows),
  )
}

function limitsPage(): string {
  const rows = Object.entries(LIMITS).map(([name, { value, unit, reason }]) => [
    `\`${name}\``,
    String(value).replace(/\B(?=(?:\d{3})+$)/g, " "),
    unit,
    reason,
  ])
  return page(
    "Limits",
    "No input can use more than this. What a limit stops is a row in `_problems`, never an exception.",
    table(["limit", "value", "unit", "reason"], rows),
  )
}

function problemCodesPage(): string {
  const rows = Object.entries(PROBLEM_CODES).map(([code, { severities, meaning, advice }]) => [
    `\`${code}\``,
    severities.join(", "),
    meaning,
    advice,
  ])
  return page(
    "Problem codes",
    "Each row of `_problems` has one of these codes; they never change their meaning. `error`: the record or source " +
      "was rejected. `warning`: it was kept, but is damaged or incomplete. `info`: nothing is wrong with it.",
    table(["code", "severity", "what it means", "what to do"], rows),
    "## Gaps",
    "Each row of `_gaps` is a loss in the evidence itself, not in the reading of it.",
    table(
      ["kind", "what it means"],
      Object.entries(GAP_KINDS).map(([kind, meaning]) => [`\`${kind}\``, meaning]),
    ),
  )
}

const FLAG_GROUPS: Readonly<Record<FlagGroup, string>> = {
  audit: "Audit",
  events: "Events",
  bpf: "BPF",
  endpointsecurity: "EndpointSecurity",
  logger: "Results log",
  schedule: "Schedule",
  files: "Files",
  process: "Process",
}

function osqueryFlagsPage(): string {
  const sections = Object.entries(FLAG_GROUPS).flatMap(([group, title]) => {
    const flags = OSQUERY_FLAGS.filter((flag) => flag.group === group)
    const rows = flags.map(({ name, type, defaultValue, description, isCliOnly, isHidden, use }) => {
      const marks = [isHidden ? "hidden" : "", isCliOnly ? "not from a config" : ""].filter(
        (mark) => mark !== "",
      )
      return [`\`${name}\``, type, defaultValue, marks.join(", "), description, use]
    })
    return [`## ${title}`, table(["flag", "type", "default", "", "means", "in retrail"], rows)]
  })
  return page(
    "osquery's flags",
    "Flags of osquery that retrail takes by their own names: `--name=value`, `--name value`, `-name=value`, and for " +
      "bools `--name` and `--noname`; from the command line, from a file of flags, and from `options` of a config. " +
      "The last one given holds. On saved evidence a flag can only switch rows off: what is not given stays.",
    ...sections,
  )
}
