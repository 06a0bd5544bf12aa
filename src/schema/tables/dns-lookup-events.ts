/** dns_lookup_events: osquery's columns in osquery's order (specs/windows/dns_lookup_events.table), then ours. */
import type { TableSchema } from "../column.ts"

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
