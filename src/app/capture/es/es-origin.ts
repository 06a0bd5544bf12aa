/** What --from of capture es is read as: everything is kept, but for what a flag that was given switches off. */
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { LOSS_KINDS } from "../loss-kinds.ts"
import { muteFilter } from "./es-events.ts"

/** As osquery names the publisher. */
export const ES_PUBLISHER = "endpointsecurity"
export const ES_FORMAT = "endpoint-security"
const FILE_TABLE = "es_process_file_events"

export function esOrigin(flags: OsqueryFlags) {
  const wantsFiles =
    !flags.isGiven("disable_endpointsecurity_fim") || !flags.bool("disable_endpointsecurity_fim")
  const isUnmuted = muteFilter(flags)
  return {
    format: ES_FORMAT,
    publisher: ES_PUBLISHER,
    tables: esTables(wantsFiles),
    losses: LOSS_KINDS,
    ...(wantsFiles && isUnmuted === undefined ? {} : { keeps: keepRows(wantsFiles, isUnmuted) }),
  }
}

export function esTables(wantsFiles: boolean): readonly string[] {
  return ["es_process_events", ...(wantsFiles ? [FILE_TABLE] : [])]
}

/** undefined when every row is kept. */
export function keepRows(wantsFiles: boolean, isUnmuted: ReturnType<typeof muteFilter>) {
  return (row: Parameters<NonNullable<typeof isUnmuted>>[0]) =>
    wantsFiles ? isUnmuted?.(row) !== false : row.schema.name !== FILE_TABLE
}
