/** retrail's own tables in a case file: what was read, what could not be, what the evidence itself has lost. */
import type { TableSchema } from "./column.ts"

export const SOURCES = {
  name: "_sources",
  description: "Every file and archive member read, one row each.",
  indexes: [["id"], ["content_sha256"]],
  columns: [
    { name: "id", type: "BIGINT", description: "source_id of the event tables" },
    { name: "path", type: "TEXT", description: "path as given or found; of the archive for a member" },
    { name: "member", type: "TEXT", description: "path inside the archive" },
    { name: "packing", type: "TEXT", description: "how it is packed, outermost first: gz, zip, gz+tar, …" },
    { name: "format", type: "TEXT", description: "format that was recognised" },
    { name: "variant", type: "TEXT", description: "how the format is wrapped" },
    {
      name: "state",
      type: "TEXT",
      description: "reading, done, duplicate, empty, unrecognised, refused or archive",
    },
    { name: "size", type: "BIGINT", description: "bytes as stored" },
    { name: "modified", type: "BIGINT", description: "unix time of the last modification in seconds" },
    { name: "sha256", type: "TEXT", description: "SHA-256 of the bytes as stored" },
    { name: "content_size", type: "BIGINT", description: "uncompressed bytes read" },
    { name: "content_sha256", type: "TEXT", description: "SHA-256 of the uncompressed bytes read" },
    { name: "records", type: "BIGINT", description: "records read" },
    {
      name: "rejected",
      type: "BIGINT",
      description: "records that could not be read: each a row of _problems",
    },
    {
      name: "other_lines",
      type: "BIGINT",
      description: "lines or entries of the wrapping that are no audit records",
    },
    { name: "events", type: "BIGINT", description: "events that began in this source" },
    { name: "first_time", type: "BIGINT", description: "unix time of the earliest event in seconds" },
    { name: "last_time", type: "BIGINT", description: "unix time of the latest event in seconds" },
    { name: "run_id", type: "BIGINT", description: "run that last read it: _runs.id" },
    { name: "duplicate_of", type: "BIGINT", description: "id of the source with the same bytes" },
    {
      name: "head_sha256",
      type: "TEXT",
      description: "SHA-256 of the first 4,096 uncompressed bytes, or fewer",
    },
    { name: "head_size", type: "BIGINT", description: "bytes under head_sha256" },
    { name: "resume_offset", type: "BIGINT", description: "uncompressed offset at which reading goes on" },
    { name: "parser_state", type: "TEXT", description: "what reading on needs: events not complete yet" },
  ],
} as const satisfies TableSchema

export const PROBLEMS = {
  name: "_problems",
  description: "What could not be read, or only in part; codes are listed in docs/problem-codes.md.",
  indexes: [["source_id"], ["code"]],
  columns: [
    { name: "source_id", type: "BIGINT", description: "_sources.id" },
    { name: "offset", type: "BIGINT", description: "first byte concerned, in the uncompressed source" },
    { name: "length", type: "BIGINT", description: "bytes concerned" },
    { name: "code", type: "TEXT", description: "stable code" },
    { name: "severity", type: "TEXT", description: "error: rejected; warning: kept, damaged; info" },
    { name: "message", type: "TEXT", description: "what is wrong, in words" },
    { name: "expected", type: "TEXT", description: "what should have been there" },
    { name: "found", type: "TEXT", description: "what was there" },
    { name: "run_id", type: "BIGINT", description: "run that met it: _runs.id" },
  ],
} as const satisfies TableSchema

export const GAPS = {
  name: "_gaps",
  description: "What the evidence itself has lost, and how that is known.",
  indexes: [],
  columns: [
    { name: "kind", type: "TEXT", description: "kind of loss" },
    { name: "what", type: "TEXT", description: "what was lost, with numbers where known" },
    { name: "from_ns", type: "BIGINT", description: "unix ns before the gap" },
    { name: "to_ns", type: "BIGINT", description: "unix ns after the gap" },
    { name: "from_id", type: "BIGINT", description: "record id before the gap" },
    { name: "to_id", type: "BIGINT", description: "record id after the gap" },
    { name: "evidence", type: "TEXT", description: "how it is known" },
    { name: "host", type: "TEXT", description: "host concerned" },
    { name: "source_id", type: "BIGINT", description: "_sources.id" },
    { name: "source_offset", type: "BIGINT", description: "where in the source" },
  ],
} as const satisfies TableSchema

export const RUNS = {
  name: "_runs",
  description: "Every run that wrote to this file.",
  indexes: [],
  columns: [
    { name: "id", type: "BIGINT", description: "number of the run" },
    { name: "version", type: "TEXT", description: "version of retrail" },
    { name: "arguments", type: "TEXT", description: "the command's arguments as a JSON array" },
    { name: "started", type: "TEXT", description: "ISO 8601, UTC" },
    { name: "ended", type: "TEXT", description: "ISO 8601, UTC; empty when the run was killed" },
    { name: "exit_code", type: "BIGINT", description: "exit code; NULL when the run was killed" },
  ],
} as const satisfies TableSchema

export const META = {
  name: "_meta",
  description: "Facts about this file.",
  indexes: [],
  columns: [
    {
      name: "key",
      type: "TEXT",
      description: "schema_version, created, created_by, eid.<table>, live.writer while a capture writes",
    },
    { name: "value", type: "TEXT", description: "value" },
  ],
} as const satisfies TableSchema

export const CASE_TABLES = [SOURCES, PROBLEMS, GAPS, RUNS, META] as const
