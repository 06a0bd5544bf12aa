/** selinux_events: osquery's columns in osquery's order (specs/linux/selinux_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const SELINUX_EVENTS = {
  name: "selinux_events",
  description: "SELinux decisions and policy changes.",
  indexes: [["time"]],
  columns: [
    { name: "type", type: "TEXT", description: "record type name" },
    { name: "message", type: "TEXT", description: "whole raw record" },
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds" },
    { name: "uptime", type: "BIGINT", description: "system uptime in seconds, live only" },
    { name: "eid", type: "TEXT", description: "row id, ten digits, unique in the table", hidden: true },
    SOURCE_COLUMN,
    EVENT_TYPE_COLUMN,
    ...PLACE_COLUMNS,
  ],
} as const satisfies TableSchema
