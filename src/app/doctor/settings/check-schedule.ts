/**
 * Whether a config's schedule asks the event tables at all: without that nothing gets into the results log.
 * Source of truth: osquery's guide to process auditing (troubleshooting).
 */
import { hostname } from "node:os"
import { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { allQueries, type OsqueryConfig } from "../../../pipeline/schedule/config.ts"
import { loadConfig } from "../../../pipeline/schedule/config-file.ts"
import { tablesOf } from "../../../pipeline/schedule/tables-of.ts"
import { countOf, countText } from "../../output/amounts.ts"
import { type Check, failed, ok, warned, withAside } from "../check.ts"
import { readFlagfile } from "./read-flags.ts"

const TABLES = ["process_events", "socket_events"] as const
/** What fills each of them. */
const FLAGS = { process_events: "audit_allow_process_events", socket_events: "audit_allow_sockets" } as const
const MOST_SHOWN = 5

/** @param flagfile says which of the tables are filled, when it is given */
export function checkSchedule(path: string, flagfile: string | undefined, platform: string): Check[] {
  const found = flagfile === undefined ? null : readFlagfile(flagfile)
  const flags = found?.flags ?? new OsqueryFlags()
  const result = loadConfig(path, {
    platform,
    host: hostname(),
    packDelimiter: flags.text("pack_delimiter"),
    defaultIntervalS: flags.int("schedule_default_interval"),
  })
  if (!result.ok) {
    const check = failed("schedule", "the config cannot be used", "--config takes osquery's config.")
    return [withAside(check, result.message)]
  }
  const read = tablesRead(result.config)
  return [
    countQueries(result.config, read),
    ...(found === null ? [] : checkFilled(found.flags, read)),
    ...checkWarnings([...result.warnings, ...optionProblems(result.config)]),
  ]
}

function tablesRead(config: OsqueryConfig): ReadonlySet<string> {
  return new Set(allQueries(config).flatMap(({ sql }) => tablesOf(sql).eventTables))
}

function countQueries(config: OsqueryConfig, read: ReadonlySet<string>): Check {
  const count = allQueries(config).length
  const queries = count === 1 ? "1 query" : `${countText(count)} queries`
  if (TABLES.some((table) => read.has(table))) {
    return ok("schedule", `${queries}; they read ${[...read].sort().join(", ")}`)
  }
  const others = read.size === 0 ? "" : `; they read ${[...read].sort().join(", ")}`
  return warned(
    "schedule",
    `${queries}, none over process_events or socket_events${others}`,
    'Schedule "SELECT * FROM process_events": what no query asks for is not logged.',
  )
}

/** A query over a table that the flags leave empty. */
function checkFilled(flags: OsqueryFlags, read: ReadonlySet<string>): Check[] {
  return TABLES.filter((table) => read.has(table) && !flags.bool(FLAGS[table])).map((table) =>
    warned("schedule", `a query reads ${table}, which the flags leave empty`, `Set --${FLAGS[table]}=true.`),
  )
}

function optionProblems(config: OsqueryConfig): string[] {
  const flags = new OsqueryFlags()
  return [...config.options].flatMap(([name, value]) => {
    const result = flags.set(name, value, "config")
    return result.ok ? [] : [result.message]
  })
}

function checkWarnings(warnings: readonly string[]): Check[] {
  if (warnings.length === 0) return []
  const shown = warnings.slice(0, MOST_SHOWN).join("; ")
  const finding = `${countOf(warnings.length, "setting")} of the config left out or not understood`
  const rest = warnings.length > MOST_SHOWN ? "; …" : ""
  return [withAside(warned("schedule", finding, "Look at these places of the config."), shown + rest)]
}
