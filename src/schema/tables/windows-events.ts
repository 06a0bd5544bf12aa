/** windows_events: osquery's columns in osquery's order (specs/windows/windows_events.table), then ours. */
import type { TableSchema } from "../column.ts"

export const WINDOWS_EVENTS = {
  name: "windows_events",
  description: "Records of the Windows event logs.",
  indexes: [["time"]],
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
    { name: "event_type", type: "TEXT", description: "kind of event within the table", extension: true },
    { name: "host", type: "TEXT", description: "host that the event happened on", extension: true },
    {
      name: "time_ns",
      type: "BIGINT",
      description: "unix time of the event in nanoseconds",
      extension: true,
    },
    {
      name: "record_id",
      type: "BIGINT",
      description: "audit serial, EventRecordID or sequence number",
      extension: true,
    },
    {
      name: "source_id",
      type: "BIGINT",
      description: "file or archive member it came from: _sources.id",
      extension: true,
    },
    {
      name: "source_offset",
      type: "BIGINT",
      description: "offset of the event's first byte in the uncompressed source",
      extension: true,
    },
  ],
} as const satisfies TableSchema
