/** process_file_events: osquery's columns in osquery's order (specs/linux/process_file_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const PROCESS_FILE_EVENTS = {
  name: "process_file_events",
  description: "File operations with the paths that the audit trail holds.",
  indexes: [["time"], ["path"]],
  columns: [
    {
      name: "operation",
      type: "TEXT",
      description: "open, open+truncate, read, write, close, unlink, rename, link, symlink",
    },
    { name: "pid", type: "BIGINT", description: "process id" },
    { name: "ppid", type: "BIGINT", description: "parent pid" },
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds" },
    { name: "executable", type: "TEXT", description: "program" },
    { name: "partial", type: "TEXT", description: '"true" when the descriptor history was unknown' },
    { name: "cwd", type: "TEXT", description: "working directory" },
    { name: "path", type: "TEXT", description: "source path" },
    { name: "dest_path", type: "TEXT", description: "target path of rename, link, symlink" },
    { name: "uid", type: "TEXT", description: "uid" },
    { name: "gid", type: "TEXT", description: "gid" },
    { name: "auid", type: "TEXT", description: "login uid" },
    { name: "euid", type: "TEXT", description: "effective uid" },
    { name: "egid", type: "TEXT", description: "effective gid" },
    { name: "fsuid", type: "TEXT", description: "filesystem uid" },
    { name: "fsgid", type: "TEXT", description: "filesystem gid" },
    { name: "suid", type: "TEXT", description: "saved uid" },
    { name: "sgid", type: "TEXT", description: "saved gid" },
    { name: "uptime", type: "BIGINT", description: "system uptime in seconds, live only" },
    { name: "eid", type: "TEXT", description: "row id, ten digits, unique in the table", hidden: true },
    SOURCE_COLUMN,
    EVENT_TYPE_COLUMN,
    ...PLACE_COLUMNS,
  ],
} as const satisfies TableSchema
