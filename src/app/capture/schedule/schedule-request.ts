/** From flags and config to what the schedule's process is asked to do. */
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { allQueries, type OsqueryConfig } from "../../../pipeline/schedule/config.ts"
import { UsageError } from "../../errors.ts"
import type { Account, ScheduleRequest } from "./schedule-messages.ts"

export interface ScheduleSetting {
  readonly database: string
  readonly hostIdentifier: string
  readonly dropTo?: Account
}

/** @throws UsageError for a logger_mode that is none, and for a plugin that is not there */
export function scheduleRequest(
  flags: OsqueryFlags,
  config: OsqueryConfig,
  setting: ScheduleSetting,
): ScheduleRequest {
  if (flags.text("logger_plugin") !== "filesystem") {
    throw new UsageError(
      `there is no logger_plugin ${flags.text("logger_plugin")}`,
      "Results go to files: --logger_plugin=filesystem.",
    )
  }
  const rotation = {
    sizeBytes: flags.int("logger_rotate_size"),
    maxFiles: flags.int("logger_rotate_max_files"),
  }
  const log = {
    folder: flags.text("logger_path"),
    mode: readMode(flags.text("logger_mode")),
    ...(flags.bool("logger_rotate") ? { rotation } : {}),
  }
  return {
    ...setting,
    queries: allQueries(config),
    discovery: config.packs.map(({ name, discovery }) => ({ pack: name, queries: discovery })),
    discoveryS: flags.int("pack_refresh_interval"),
    decorators: flags.bool("disable_decorators") ? NO_DECORATORS : config.decorators,
    log: flags.bool("disable_logging") ? null : log,
    lines: {
      isByRow: flags.bool("logger_event_type"),
      isSnapshotByRow: flags.bool("logger_snapshot_event_type"),
      numerics: flags.bool("logger_numerics"),
      nullText: flags.text("nullvalue"),
      decorationsTopLevel: flags.bool("decorations_top_level"),
    },
    epoch: flags.int("schedule_epoch"),
    optimizes: flags.bool("events_optimize"),
    timeoutS: flags.int("schedule_timeout"),
  }
}

const NO_DECORATORS = { load: [], always: [], interval: [] }

function readMode(text: string): number {
  if (/^[0-7]{1,5}$/.test(text)) {
    const mode = Number.parseInt(text, 8)
    if (mode > 0 && mode <= 0o7777) return mode
  }
  throw new UsageError(`logger_mode ${text} is no octal mode`, "Write it as in --logger_mode=0640.")
}
