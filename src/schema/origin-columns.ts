/** The columns that end every event table: where a row comes from. */
import type { Column } from "./column.ts"

export const SOURCE_COLUMN = {
  name: "source",
  type: "TEXT",
  description: "audit, openbsm, endpointsecurity, bpf, perf or windows",
  extension: true,
} as const satisfies Column

export const EVENT_TYPE_COLUMN = {
  name: "event_type",
  type: "TEXT",
  description: "kind of event within the table",
  extension: true,
} as const satisfies Column

/** The rest, which no table of osquery has under these names. */
export const PLACE_COLUMNS = [
  { name: "host", type: "TEXT", description: "host that the event happened on", extension: true },
  {
    name: "time_ns",
    type: "BIGINT",
    description: "unix time of the event in nanoseconds",
    extension: true,
  },
  {
    name: "record_id",
    type: "BIGINT",
    description: "audit serial, EventRecordID or sequence number",
    extension: true,
  },
  {
    name: "source_id",
    type: "BIGINT",
    description: "file or archive member it came from: _sources.id",
    extension: true,
  },
  {
    name: "source_offset",
    type: "BIGINT",
    description: "offset of the event's first byte in the uncompressed source",
    extension: true,
  },
] as const satisfies readonly Column[]
