/** socket_events: osquery's columns in osquery's order (specs/posix/socket_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const SOCKET_EVENTS = {
  name: "socket_events",
  description: "bind, connect, accept and listen calls, from every source.",
  indexes: [["time"], ["remote_address"], ["pid"]],
  columns: [
    { name: "action", type: "TEXT", description: "bind, connect, accept or listen" },
    { name: "pid", type: "BIGINT", description: "process id" },
    { name: "path", type: "TEXT", description: "program" },
    { name: "fd", type: "TEXT", description: "descriptor, hex text without 0x" },
    { name: "auid", type: "BIGINT", description: "login uid" },
    { name: "family", type: "INTEGER", description: "address family number: 1 unix, 2 IPv4, 10 IPv6, …" },
    {
      name: "protocol",
      type: "INTEGER",
      description: "protocol number, when the source records it",
      hidden: true,
    },
    { name: "local_address", type: "TEXT", description: "own address: of bind; on Windows of every row" },
    { name: "remote_address", type: "TEXT", description: "address of the peer: of connect and accept" },
    { name: "local_port", type: "INTEGER", description: "own port: of bind; on Windows of every row" },
    { name: "remote_port", type: "INTEGER", description: "port of the peer: of connect and accept" },
    {
      name: "socket",
      type: "TEXT",
      description: "unix socket path; abstract names begin with @",
      hidden: true,
    },
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds" },
    { name: "uptime", type: "BIGINT", description: "system uptime in seconds, live only" },
    { name: "eid", type: "TEXT", description: "row id, ten digits, unique in the table", hidden: true },
    { name: "success", type: "INTEGER", description: "1 unless the call failed", hidden: true },
    { name: "status", type: "TEXT", description: "succeeded, failed, in_progress or no_client" },
    SOURCE_COLUMN,
    EVENT_TYPE_COLUMN,
    ...PLACE_COLUMNS,
    { name: "syscall", type: "TEXT", description: "system call", extension: true },
  ],
} as const satisfies TableSchema
