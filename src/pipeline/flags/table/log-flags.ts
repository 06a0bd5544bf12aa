/**
 * Flags of the results log and of the schedule.
 * Source of truth: osquery osquery/logger/logger.cpp, plugins/logger/filesystem_logger.cpp, osquery/core/query.cpp,
 * osquery/core/system.cpp, osquery/dispatcher/scheduler.cpp, osquery/config/packs.cpp, plugins/config/parsers/decorators.cpp.
 */
import { flagGroup } from "../flag-spec.ts"

export const LOGGER_FLAGS = flagGroup("logger", [
  {
    name: "logger_plugin",
    type: "string",
    defaultValue: "filesystem",
    description: "Where results go",
    isCliOnly: true,
    use: "only filesystem is there",
  },
  {
    name: "logger_path",
    type: "string",
    defaultValue: "/var/log/osquery/",
    description: "Folder of the results log",
    use: "honoured when given",
  },
  {
    name: "logger_event_type",
    defaultValue: "true",
    description: "A line a row, not a line a query",
    use: "honoured",
  },
  {
    name: "logger_snapshot_event_type",
    description: "A line a row for snapshots as well",
    use: "honoured",
  },
  { name: "logger_numerics", description: "Numbers are written as numbers, not as text", use: "honoured" },
  {
    name: "logger_mode",
    type: "string",
    defaultValue: "0640",
    description: "Mode of the log files, octal",
    isCliOnly: true,
    use: "honoured; a log that is there already never becomes wider",
  },
  { name: "logger_rotate", description: "The log is rotated by size", use: "honoured" },
  {
    name: "logger_rotate_size",
    type: "uint64",
    defaultValue: "26214400",
    description: "Bytes after which a log is rotated",
    use: "honoured",
  },
  {
    name: "logger_rotate_max_files",
    type: "uint64",
    defaultValue: "25",
    description: "Files that rotation keeps",
    use: "honoured; the third and older ones are compressed with zstd",
  },
  { name: "disable_logging", description: "Results are not logged", use: "honoured" },
  {
    name: "host_identifier",
    type: "string",
    defaultValue: "hostname",
    description: "What hostIdentifier holds: hostname, uuid, instance, ephemeral, specified",
    use: "honoured; instance is made anew for every capture",
  },
  {
    name: "specified_identifier",
    type: "string",
    defaultValue: "",
    description: "The hostIdentifier of host_identifier=specified",
    use: "honoured",
  },
  {
    name: "nullvalue",
    type: "string",
    defaultValue: "",
    description: "How NULL is written",
    use: "honoured in the results log",
  },
])

export const SCHEDULE_FLAGS = flagGroup("schedule", [
  {
    name: "schedule_epoch",
    type: "uint64",
    defaultValue: "0",
    description: "A new number makes every query start afresh",
    use: "honoured",
  },
  {
    name: "schedule_lognames",
    description: "Tell the name of each query that runs",
    use: "honoured, on stderr",
  },
  {
    name: "schedule_max_drift",
    type: "uint64",
    defaultValue: "60",
    description: "Seconds that the schedule may fall behind",
    use: "accepted; runs keep to the clock, so there is no drift",
  },
  // DEVIATION(osquery): 10 there. It spreads load over a fleet; one capture is easier to follow without.
  {
    name: "schedule_splay_percent",
    type: "uint64",
    defaultValue: "0",
    description: "Percent by which intervals are changed at random",
    use: "accepted, without effect: intervals are kept as they are written (osquery's default is 10)",
  },
  {
    name: "schedule_timeout",
    type: "uint64",
    defaultValue: "0",
    description: "Seconds after which the schedule ends; 0 for never",
    use: "honoured",
  },
  {
    name: "schedule_default_interval",
    type: "uint64",
    defaultValue: "3600",
    description: "Interval of a query that names none",
    use: "honoured",
  },
  {
    name: "pack_delimiter",
    type: "string",
    defaultValue: "_",
    description: "Sign between the parts of the name of a pack's query",
    use: "honoured",
  },
  {
    name: "pack_refresh_interval",
    type: "uint64",
    defaultValue: "3600",
    description: "Seconds for which the answer of a discovery query holds",
    use: "honoured",
  },
  {
    name: "decorations_top_level",
    description: "Decorations are written beside the other keys",
    use: "honoured",
  },
  { name: "disable_decorators", description: "No decorations", use: "honoured" },
])
