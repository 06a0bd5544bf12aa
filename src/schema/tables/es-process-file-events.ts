/** es_process_file_events: osquery's columns in osquery's order (specs/darwin/es_process_file_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const ES_PROCESS_FILE_EVENTS = {
  name: "es_process_file_events",
  description: "File messages of macOS EndpointSecurity.",
  indexes: [["time"]],
  columns: [
    { name: "version", type: "INTEGER", description: "message version" },
    { name: "seq_num", type: "BIGINT", description: "sequence" },
    { name: "global_seq_num", type: "BIGINT", description: "client sequence" },
    { name: "pid", type: "BIGINT", description: "pid" },
    { name: "parent", type: "BIGINT", description: "ppid" },
    { name: "path", type: "TEXT", description: "executable" },
    { name: "filename", type: "TEXT", description: "source or target file" },
    { name: "dest_filename", type: "TEXT", description: "rename destination" },
    {
      name: "event_type",
      type: "TEXT",
      description: "create, write, rename, truncate, open, unlink, close (of a file that was written to)",
    },
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds" },
    { name: "eid", type: "TEXT", description: "row id, ten digits, unique in the table", hidden: true },
    SOURCE_COLUMN,
    ...PLACE_COLUMNS,
  ],
} as const satisfies TableSchema
