/**
 * Whether a config's schedule asks the event tables at all: without that nothing gets into the results log.
 * Source of truth: osquery's guide to process auditing (troubleshooting).
 */
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { rowChoice } from "../../../pipeline/flags/row-choice.ts"
import { allQueries, type OsqueryConfig } from "../../../pipeline/schedule/config.ts"
import { tablesOf } from "../../../pipeline/schedule/tables-of.ts"
import { chooseSubscribers, readConfig } from "../../capture/live-schedule.ts"
import { UsageError } from "../../errors.ts"
import { countOf, countText } from "../../output/amounts.ts"
import { type Check, failed, ok, warned, withAside } from "../check.ts"

const TABLES = ["process_events", "socket_events"] as const
const MOST_SHOWN = 5

/** Its `options` are set in `flags`, as a capture does. @param areGiven the flags are those of a flag file */
export function checkSchedule(path: string, flags: OsqueryFlags, areGiven: boolean): Check[] {
  const warnings: string[] = []
  const config = tryConfig(path, flags, (warning) => warnings.push(warning.replace(/^Warning: /, "")))
  if (typeof config === "string") {
    const check = failed("schedule", "the config cannot be used", "--config takes osquery's config.")
    return [withAside(check, config)]
  }
  const read = new Set(allQueries(config).flatMap(({ sql }) => tablesOf(sql).eventTables))
  return [
    countQueries(config, read),
    ...(areGiven ? checkFilled(flags, config, read) : []),
    ...checkWarnings(warnings),
  ]
}

/** The reason when it cannot be used. */
function tryConfig(
  path: string,
  flags: OsqueryFlags,
  warn: (message: string) => void,
): OsqueryConfig | string {
  try {
    return readConfig(path, flags, warn)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
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

/** A query over a table that stays empty. */
function checkFilled(flags: OsqueryFlags, config: OsqueryConfig, read: ReadonlySet<string>): Check[] {
  const { processes, sockets } = chooseSubscribers(rowChoice(flags), config)
  const isFilled = { process_events: processes, socket_events: sockets }
  const flagOf = { process_events: "audit_allow_process_events", socket_events: "audit_allow_sockets" }
  return TABLES.filter((table) => read.has(table) && !isFilled[table]).map((table) => {
    const finding = `a query reads ${table}, which flags or "events" of the config leave empty`
    return warned("schedule", finding, `Set --${flagOf[table]}=true, and do not disable the subscriber.`)
  })
}

function checkWarnings(warnings: readonly string[]): Check[] {
  if (warnings.length === 0) return []
  const shown = warnings.slice(0, MOST_SHOWN).join("; ")
  const finding = `${countOf(warnings.length, "setting")} of the config left out or not understood`
  const rest = warnings.length > MOST_SHOWN ? "; …" : ""
  return [withAside(warned("schedule", finding, "Look at these places of the config."), shown + rest)]
}
