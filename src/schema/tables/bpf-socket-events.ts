/** bpf_socket_events: osquery's columns in osquery's order (specs/linux/bpf_socket_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const BPF_SOCKET_EVENTS = {
  name: "bpf_socket_events",
  description: "Socket calls, as BPF programs or recordings of perf saw them.",
  indexes: [["time"]],
  columns: [
    { name: "tid", type: "BIGINT", description: "thread id" },
    { name: "pid", type: "BIGINT", description: "process id" },
    { name: "parent", type: "BIGINT", description: "parent pid" },
    { name: "uid", type: "BIGINT", description: "uid" },
    { name: "gid", type: "BIGINT", description: "gid" },
    { name: "cid", type: "INTEGER", description: "cgroup id" },
    { name: "exit_code", type: "TEXT", description: "syscall result" },
    { name: "probe_error", type: "INTEGER", description: "1 if a buffer was lost" },
    { name: "syscall", type: "TEXT", description: "connect, bind, listen, accept" },
    { name: "path", type: "TEXT", description: "program" },
    { name: "fd", type: "TEXT", description: "descriptor, decimal" },
    { name: "family", type: "INTEGER", description: "domain" },
    { name: "type", type: "INTEGER", description: "socket type" },
    { name: "protocol", type: "INTEGER", description: "protocol" },
    { name: "local_address", type: "TEXT", description: "tracked local address" },
    { name: "remote_address", type: "TEXT", description: "peer" },
    { name: "local_port", type: "INTEGER", description: "local port" },
    { name: "remote_port", type: "INTEGER", description: "peer port" },
    { name: "duration", type: "INTEGER", description: "ns inside the call" },
    { name: "ntime", type: "TEXT", description: "ns since boot" },
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds", hidden: true },
    { name: "eid", type: "INTEGER", description: "row id, unique in the table", hidden: true },
    SOURCE_COLUMN,
    EVENT_TYPE_COLUMN,
    ...PLACE_COLUMNS,
    {
      name: "cgroup",
      type: "TEXT",
      description: "path of the control group, where the source has it",
      extension: true,
    },
    { name: "container_id", type: "TEXT", description: "container, by that path", extension: true },
    {
      name: "container_runtime",
      type: "TEXT",
      description: "docker, podman, containerd, cri-o or kubernetes",
      extension: true,
    },
  ],
} as const satisfies TableSchema
