/** powershell_events: osquery's columns in osquery's order (specs/windows/powershell_events.table), then ours. */
import type { TableSchema } from "../column.ts"
import { EVENT_TYPE_COLUMN, PLACE_COLUMNS, SOURCE_COLUMN } from "../origin-columns.ts"

export const POWERSHELL_EVENTS = {
  name: "powershell_events",
  description: "PowerShell script blocks, joined from their parts.",
  indexes: [["time"]],
  columns: [
    { name: "time", type: "BIGINT", description: "unix time of the event in seconds" },
    { name: "datetime", type: "TEXT", description: "TimeCreated" },
    { name: "script_block_id", type: "TEXT", description: "guid" },
    { name: "script_block_count", type: "INTEGER", description: "parts" },
    { name: "script_text", type: "TEXT", description: "parts joined" },
    { name: "script_name", type: "TEXT", description: "file name" },
    { name: "script_path", type: "TEXT", description: "file path" },
    { name: "cosine_similarity", type: "DOUBLE", description: "similarity to the configured frequencies" },
    SOURCE_COLUMN,
    EVENT_TYPE_COLUMN,
    ...PLACE_COLUMNS,
  ],
} as const satisfies TableSchema
