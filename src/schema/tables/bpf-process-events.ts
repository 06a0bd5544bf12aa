/** bpf_process_events: osquery's columns in osquery's order (specs/linux/bpf_process_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const BPF_PROCESS_EVENTS = {
  name: "bpf_process_events",
  description: "Programs started, as BPF programs or recordings of perf saw them.",
  indexes: [["time"]],
  columns: [
    { name: "tid", type: "BIGINT", description: "thread id" },
    { name: "pid", type: "BIGINT", description: "process id" },
    { name: "parent", type: "BIGINT", description: "parent pid from the state tracker" },
    { name: "uid", type: "BIGINT", description: "uid" },
    { name: "gid", type: "BIGINT", description: "gid" },
    { name: "cid", type: "INTEGER", description: "cgroup id" },
    { name: "exit_code", type: "TEXT", description: "syscall result, unsigned 64-bit text" },
    { name: "probe_error", type: "INTEGER", description: "1 if a buffer could not be captured" },
    { name: "syscall", type: "TEXT", description: "always exec" },
    { name: "path", type: "TEXT", description: "resolved program" },
    { name: "cwd", type: "TEXT", description: "tracked working directory" },
    { name: "cmdline", type: "TEXT", description: "argv, args with blanks in single quotes" },
    { name: "duration", type: "INTEGER", description: "ns inside the call" },
    { name: "json_cmdline", type: "TEXT", description: "argv as a JSON array", hidden: true },
    { name: "ntime", type: "TEXT", description: "ns since boot, text" },
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
