/** selinux_events: osquery's columns in osquery's order (specs/linux/selinux_events.table), then ours. */
import type { TableSchema } from "../column.ts"

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
