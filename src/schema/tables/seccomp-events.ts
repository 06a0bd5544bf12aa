/** seccomp_events: osquery's columns in osquery's order (specs/linux/seccomp_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const SECCOMP_EVENTS = {
  name: "seccomp_events",
  description: "System calls that a seccomp filter caught.",
  indexes: [["time"]],
  columns: [
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds" },
    { name: "uptime", type: "BIGINT", description: "system uptime in seconds, live only" },
    { name: "auid", type: "UNSIGNED_BIGINT", description: "login uid" },
    { name: "uid", type: "UNSIGNED_BIGINT", description: "uid" },
    { name: "gid", type: "UNSIGNED_BIGINT", description: "gid" },
    { name: "ses", type: "UNSIGNED_BIGINT", description: "session id" },
    { name: "pid", type: "UNSIGNED_BIGINT", description: "process id" },
    { name: "comm", type: "TEXT", description: "command name (keeps its quotes)" },
    { name: "exe", type: "TEXT", description: "program (keeps its quotes)" },
    { name: "sig", type: "BIGINT", description: "signal sent" },
    { name: "arch", type: "TEXT", description: "architecture name" },
    { name: "syscall", type: "TEXT", description: "call name on x86_64, else number" },
    { name: "compat", type: "BIGINT", description: "1 in compat mode" },
    { name: "ip", type: "TEXT", description: "instruction pointer text" },
    { name: "code", type: "TEXT", description: "action name" },
    SOURCE_COLUMN,
    EVENT_TYPE_COLUMN,
    ...PLACE_COLUMNS,
  ],
} as const satisfies TableSchema
