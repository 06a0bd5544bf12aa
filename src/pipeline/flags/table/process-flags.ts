/**
 * Flags of the process as a whole and of the files it reads.
 * Source of truth: osquery osquery/config/config.cpp, plugins/config/filesystem_config.cpp, osquery/core/watcher.cpp,
 * osquery/core/system.cpp, osquery/logger/logger.cpp; gflags for flagfile.
 */
import { flagGroup } from "../flag-spec.ts"

const NO_WATCHDOG = "accepted, without effect: there is no watchdog, memory is bounded by the limits"

export const FILE_FLAGS = flagGroup("files", [
  {
    name: "config_path",
    type: "string",
    defaultValue: "/etc/osquery/osquery.conf",
    description: "File that holds the config",
    isCliOnly: true,
    use: "honoured when given; --config is the same",
  },
  {
    name: "config_plugin",
    type: "string",
    defaultValue: "filesystem",
    description: "Where the config comes from",
    isCliOnly: true,
    use: "only filesystem is there",
  },
  {
    name: "flagfile",
    type: "string",
    defaultValue: "",
    description: "File of flags, one a line",
    isCliOnly: true,
    use: "honoured when given",
  },
])

export const PROCESS_FLAGS = flagGroup("process", [
  { name: "verbose", description: "Tell more", use: "honoured, on stderr" },
  {
    name: "watchdog_memory_limit",
    type: "uint64",
    defaultValue: "0",
    description: "Megabytes that the worker may use; 0 for the level's own limit",
    isCliOnly: true,
    use: NO_WATCHDOG,
  },
  {
    name: "watchdog_level",
    type: "int32",
    defaultValue: "0",
    description: "How strict the watchdog is",
    isCliOnly: true,
    use: NO_WATCHDOG,
  },
  { name: "disable_watchdog", description: "No watchdog", isCliOnly: true, use: NO_WATCHDOG },
  {
    name: "utc",
    defaultValue: "true",
    description: "Times are UTC",
    isHidden: true,
    use: "accepted, without effect: all times are UTC",
  },
])
