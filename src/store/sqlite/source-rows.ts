/** Rows of `_sources` as SQLite keeps them, and as the floors above know them. Source: schema/case-tables.ts. */
import type { SourceRow, SourceState } from "../case-store.ts"

export interface StoredSource {
  id: number
  path: string
  member: string
  packing: string
  format: string
  variant: string
  state: SourceState
  size: number | null
  modified: number | null
  sha256: string
  content_size: number
  content_sha256: string
  records: number
  rejected: number
  other_lines: number
  events: number
  first_time: number | null
  last_time: number | null
  run_id: number
  duplicate_of: number | null
  head_sha256: string
  head_size: number
  resume_offset: number
  parser_state: string
}

/** A row of `_sources` as the floors above know it. */
export function fromStored(row: StoredSource): SourceRow {
  const { content_size, content_sha256, other_lines, first_time, last_time, run_id, duplicate_of, ...rest } =
    row
  const { head_sha256, head_size, resume_offset, parser_state, ...same } = rest
  return {
    ...same,
    contentSize: content_size,
    contentSha256: content_sha256,
    otherLines: other_lines,
    firstTime: first_time,
    lastTime: last_time,
    runId: run_id,
    duplicateOf: duplicate_of,
    headSha256: head_sha256,
    headSize: head_size,
    resumeOffset: resume_offset,
    parserState: parser_state,
  }
}

/** The values of a row of `_sources` by column name. */
export function toStored(row: SourceRow): StoredSource {
  const { contentSize, contentSha256, otherLines, firstTime, lastTime, runId, duplicateOf, ...rest } = row
  const { headSha256, headSize, resumeOffset, parserState, ...same } = rest
  return {
    ...same,
    content_size: contentSize,
    content_sha256: contentSha256,
    other_lines: otherLines,
    first_time: firstTime,
    last_time: lastTime,
    run_id: runId,
    duplicate_of: duplicateOf,
    head_sha256: headSha256,
    head_size: headSize,
    resume_offset: resumeOffset,
    parser_state: parserState,
  }
}
