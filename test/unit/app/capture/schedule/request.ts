/** A request to the schedule with osquery's defaults, for tests. */
import { join } from "node:path"
import type { ScheduleRequest } from "../../../../../src/app/capture/schedule/schedule-messages.ts"
import type { ScheduledQuery } from "../../../../../src/pipeline/schedule/config.ts"

/** A line of the results log. */
export interface Line {
  readonly name: string
  readonly action: string
  readonly epoch: number
  readonly counter: number
  readonly decorations?: Readonly<Record<string, string>>
  readonly columns?: Readonly<Record<string, string>>
}

export function scheduleRequestOf(folder: string, queries: readonly ScheduledQuery[]): ScheduleRequest {
  return {
    database: join(folder, "live.db"),
    queries,
    discovery: [],
    discoveryS: 3600,
    decorators: { load: [], always: [], interval: [] },
    log: { folder: join(folder, "log"), mode: 0o640 },
    lines: {
      isByRow: true,
      isSnapshotByRow: false,
      numerics: false,
      nullText: "",
      decorationsTopLevel: false,
    },
    hostIdentifier: "web-1",
    epoch: 0,
    optimizes: true,
    timeoutS: 0,
  }
}
