/** dns_lookup_events: osquery's columns in osquery's order (specs/windows/dns_lookup_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const DNS_LOOKUP_EVENTS = {
  name: "dns_lookup_events",
  description: "DNS look-ups of Windows processes.",
  indexes: [["time"]],
  columns: [
    { name: "eid", type: "INTEGER", description: "row id, ten digits, unique in the table", hidden: true },
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds", hidden: true },
    { name: "time_windows", type: "BIGINT", description: "FILETIME", hidden: true },
    { name: "datetime", type: "TEXT", description: "event time" },
    { name: "pid", type: "BIGINT", description: "pid" },
    { name: "path", type: "TEXT", description: "image" },
    { name: "username", type: "TEXT", description: "user" },
    { name: "name", type: "TEXT", description: "name asked" },
    { name: "type", type: "TEXT", description: "record type name" },
    { name: "type_id", type: "INTEGER", description: "record type" },
    { name: "status", type: "INTEGER", description: "status" },
    { name: "response", type: "TEXT", description: "answer text" },
    SOURCE_COLUMN,
    EVENT_TYPE_COLUMN,
    ...PLACE_COLUMNS,
  ],
} as const satisfies TableSchema
