/** Tables of osquery that tell about the capture itself, in a live case (specs/utility/osquery_{events,flags}.table). */
import type { TableSchema } from "./column.ts"

export const OSQUERY_EVENTS = {
  name: "osquery_events",
  description: "Publishers and subscribers of the capture. In a live case; empty elsewhere.",
  indexes: [],
  columns: [
    { name: "name", type: "TEXT", description: "publisher or subscriber" },
    { name: "publisher", type: "TEXT", description: "its publisher" },
    { name: "type", type: "TEXT", description: "publisher or subscriber" },
    { name: "subscriptions", type: "INTEGER", description: "subscriptions" },
    { name: "events", type: "INTEGER", description: "publisher: events fired; subscriber: rows stored" },
    { name: "refreshes", type: "INTEGER", description: "publisher: completed runs; subscriber: 0" },
    { name: "active", type: "INTEGER", description: "1 while it works, else 0; -1 when it is missing" },
  ],
} as const satisfies TableSchema

export const OSQUERY_FLAGS = {
  name: "osquery_flags",
  description: "Flags of the capture. In a live case; empty elsewhere.",
  indexes: [],
  columns: [
    { name: "name", type: "TEXT", description: "flag" },
    { name: "type", type: "TEXT", description: "bool, string, int32, uint32, uint64" },
    { name: "description", type: "TEXT", description: "what it does" },
    { name: "default_value", type: "TEXT", description: "value when it is not given" },
    { name: "value", type: "TEXT", description: "value now" },
    { name: "shell_only", type: "INTEGER", description: "1 for a flag of the interactive shell" },
  ],
} as const satisfies TableSchema

export const OSQUERY_TABLES = [OSQUERY_EVENTS, OSQUERY_FLAGS] as const
