/**
 * Which events eslogger is asked for: those that rows are made of, by osquery's flags.
 * Source of truth: eslogger(1); osquery osquery/events/darwin/{endpointsecurity,endpointsecurity_fim}.cpp.
 */
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import type { QueuedRow } from "../../../schema/row-value.ts"
import { UsageError } from "../../errors.ts"

const PROCESS_EVENTS = ["exec", "fork", "exit"]
const FILE_EVENTS = ["create", "rename", "write", "truncate", "unlink"]
const UNIX_SOCKET_EVENTS = ["uipc_bind", "uipc_connect"]
const USER_EVENTS = [
  "authentication",
  "login_login",
  "login_logout",
  "lw_session_login",
  "lw_session_logout",
  "lw_session_lock",
  "lw_session_unlock",
  "openssh_login",
  "openssh_logout",
  "screensharing_attach",
  "screensharing_detach",
  "su",
  "sudo",
  "od_create_user",
  "od_create_group",
  "od_delete_user",
  "od_delete_group",
  "od_disable_user",
  "od_enable_user",
  "od_group_add",
  "od_group_remove",
  "od_group_set",
  "od_modify_password",
]
const NAME = /^[a-z0-9_]+$/
const FILE_TABLE = "es_process_file_events"

/** DEVIATION(osquery): logins from EndpointSecurity: osquery has no rows of logins from EndpointSecurity, and never asks for them. */
export function defaultEvents(flags: OsqueryFlags): readonly string[] {
  return [
    ...PROCESS_EVENTS,
    ...(flags.bool("audit_allow_user_events") ? USER_EVENTS : []),
    ...(flags.bool("audit_allow_sockets") && flags.bool("audit_allow_unix") ? UNIX_SOCKET_EVENTS : []),
    ...(hasFileEvents(flags) ? FILE_EVENTS : []),
    ...(hasFileEvents(flags) && flags.bool("es_fim_enable_open_events") ? ["open"] : []),
  ]
}

function hasFileEvents(flags: OsqueryFlags): boolean {
  return !flags.bool("disable_endpointsecurity_fim")
}

/** True when rows of files are among what was asked for. */
export function haveFiles(events: readonly string[]): boolean {
  return events.some((name) => name === "open" || FILE_EVENTS.includes(name))
}

/** Names apart by commas, each once. @throws UsageError for what cannot be a name: it would be read as an option */
export function parseEvents(text: string): readonly string[] {
  const names = [...new Set(text.split(",").map((name) => name.trim()))].filter((name) => name !== "")
  const bad = names.find((name) => !NAME.test(name))
  if (bad !== undefined)
    throw new UsageError(
      `${JSON.stringify(bad)} is no name of an event`,
      "eslogger --list-events tells them.",
    )
  if (names.length > 0) return names
  throw new UsageError("--events names no event", "eslogger --list-events tells them.")
}

/** Those of the names that this system knows; all of them when it does not tell. */
export function knownEvents(wanted: readonly string[], listing: string): readonly string[] {
  const known = new Set(listing.split(/\s+/).filter((word) => NAME.test(word)))
  const both = wanted.filter((name) => known.has(name))
  return both.length > 0 ? both : wanted
}

/**
 * Takes rows of file events out whose program is muted. DEVIATION(osquery): muted programs: eslogger mutes nothing, so these
 * events still come and cost time; the programs that osquery always mutes are not muted.
 */
export function muteFilter(flags: OsqueryFlags): ((row: QueuedRow) => boolean) | undefined {
  const literals = new Set(namesOf(flags.text("es_fim_mute_path_literal")))
  const prefixes = namesOf(flags.text("es_fim_mute_path_prefix"))
  if (literals.size + prefixes.length === 0) return undefined
  return ({ schema, values }) => {
    if (schema.name !== FILE_TABLE) return true
    const path = values[schema.columns.findIndex(({ name }) => name === "path")]
    return typeof path !== "string" || !(literals.has(path) || prefixes.some((one) => path.startsWith(one)))
  }
}

function namesOf(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
}
