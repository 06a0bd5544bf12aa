/** powershell_events: osquery's columns in osquery's order (specs/windows/powershell_events.table), then ours. */
import type { TableSchema } from "../column.ts"

export const POWERSHELL_EVENTS = {
  name: "powershell_events",
  description: "PowerShell script blocks, joined from their parts.",
  indexes: [["time"]],
  columns: [
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds" },
    { name: "datetime", type: "TEXT", description: "TimeCreated" },
    { name: "script_block_id", type: "TEXT", description: "guid" },
    { name: "script_block_count", type: "INTEGER", description: "parts" },
    { name: "script_text", type: "TEXT", description: "parts joined" },
    { name: "script_name", type: "TEXT", description: "file name" },
    { name: "script_path", type: "TEXT", description: "file path" },
    { name: "cosine_similarity", type: "DOUBLE", description: "similarity to the configured frequencies" },
    {
      name: "source",
      type: "TEXT",
      description: "audit, openbsm, endpointsecurity, bpf, perf or windows",
      extension: true,
    },
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
