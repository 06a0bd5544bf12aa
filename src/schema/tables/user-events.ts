/** user_events: osquery's columns in osquery's order (specs/posix/user_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const USER_EVENTS = {
  name: "user_events",
  description: "Logins, sessions, authentication and account changes, from every source.",
  indexes: [["time"], ["username"]],
  columns: [
    { name: "uid", type: "BIGINT", description: "uid of the sender" },
    { name: "auid", type: "BIGINT", description: "login uid" },
    { name: "pid", type: "BIGINT", description: "sender pid" },
    { name: "message", type: "TEXT", description: "text of the record" },
    {
      name: "type",
      type: "INTEGER",
      description: "audit record type number; EventID on Windows, event type on macOS",
    },
    { name: "path", type: "TEXT", description: "exe of the sender" },
    { name: "address", type: "TEXT", description: "addr field" },
    { name: "terminal", type: "TEXT", description: "terminal field" },
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds" },
    { name: "uptime", type: "BIGINT", description: "system uptime in seconds, live only" },
    { name: "eid", type: "TEXT", description: "row id, ten digits, unique in the table", hidden: true },
    SOURCE_COLUMN,
    EVENT_TYPE_COLUMN,
    ...PLACE_COLUMNS,
    {
      name: "username",
      type: "TEXT",
      description: "account concerned, from the evidence only",
      extension: true,
    },
    { name: "domain", type: "TEXT", description: "domain of the account", extension: true },
    {
      name: "session_id",
      type: "BIGINT",
      description: "login session; logon id on Windows, graphical or audit session on macOS",
      extension: true,
    },
    { name: "result", type: "TEXT", description: "success or failed, as the record says", extension: true },
    { name: "logon_type", type: "TEXT", description: "kind of logon", extension: true },
  ],
} as const satisfies TableSchema
