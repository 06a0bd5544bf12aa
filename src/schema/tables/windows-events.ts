/** windows_events: osquery's columns in osquery's order (specs/windows/windows_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS } from "../origin-columns.ts"

export const WINDOWS_EVENTS = {
  name: "windows_events",
  description: "Records of the Windows event logs.",
  indexes: [["time"], ["eventid"]],
  columns: [
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds" },
    { name: "datetime", type: "TEXT", description: "TimeCreated SystemTime text" },
    { name: "source", type: "TEXT", description: "Channel" },
    { name: "provider_name", type: "TEXT", description: "Provider Name" },
    { name: "provider_guid", type: "TEXT", description: "Provider Guid" },
    { name: "computer_name", type: "TEXT", description: "Computer" },
    { name: "eventid", type: "INTEGER", description: "EventID" },
    { name: "task", type: "INTEGER", description: "Task" },
    { name: "level", type: "INTEGER", description: "Level" },
    { name: "keywords", type: "TEXT", description: "Keywords hex text" },
    { name: "data", type: "TEXT", description: "EventData and UserData as JSON" },
    { name: "eid", type: "TEXT", description: "row id, ten digits, unique in the table", hidden: true },
    EVENT_TYPE_COLUMN,
    ...PLACE_COLUMNS,
  ],
} as const satisfies TableSchema
