/** apparmor_events: osquery's columns in osquery's order (specs/linux/apparmor_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const APPARMOR_EVENTS = {
  name: "apparmor_events",
  description: "AppArmor decisions and profile changes.",
  indexes: [["time"]],
  columns: [
    { name: "type", type: "TEXT", description: "AA" },
    { name: "message", type: "TEXT", description: "whole raw record" },
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds" },
    { name: "uptime", type: "BIGINT", description: "system uptime in seconds, live only" },
    { name: "eid", type: "TEXT", description: "row id, ten digits, unique in the table", hidden: true },
    { name: "apparmor", type: "TEXT", description: "ALLOWED, DENIED, STATUS, AUDIT" },
    { name: "operation", type: "TEXT", description: "operation" },
    { name: "parent", type: "UNSIGNED_BIGINT", description: "parent pid" },
    { name: "profile", type: "TEXT", description: "profile" },
    { name: "name", type: "TEXT", description: "object or profile name" },
    { name: "pid", type: "UNSIGNED_BIGINT", description: "pid" },
    { name: "comm", type: "TEXT", description: "command name" },
    { name: "denied_mask", type: "TEXT", description: "denied mask" },
    { name: "capname", type: "TEXT", description: "capability name" },
    { name: "fsuid", type: "UNSIGNED_BIGINT", description: "fsuid" },
    { name: "ouid", type: "UNSIGNED_BIGINT", description: "owner uid" },
    { name: "capability", type: "BIGINT", description: "capability number" },
    { name: "requested_mask", type: "TEXT", description: "requested mask" },
    { name: "info", type: "TEXT", description: "info text" },
    { name: "error", type: "TEXT", description: "error text" },
    { name: "namespace", type: "TEXT", description: "policy namespace" },
    { name: "label", type: "TEXT", description: "label" },
    SOURCE_COLUMN,
    EVENT_TYPE_COLUMN,
    ...PLACE_COLUMNS,
  ],
} as const satisfies TableSchema
