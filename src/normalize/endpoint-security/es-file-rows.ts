/**
 * es_process_file_events from messages about files.
 * Source of truth: osquery es_process_file_events.cpp for the columns. Where we differ: docs/osquery-differences.md.
 */
import { EVENT, EVENT_TEXT, PROCESS, PROCESS_TEXT } from "../../formats/endpoint-security/slots.ts"
import { ES_PROCESS_FILE_EVENTS } from "../../schema/tables/es-process-file-events.ts"
import type { RowContext } from "./row-context.ts"

export class EsFileRows {
  readonly #row: RowContext

  constructor(row: RowContext) {
    this.#row = row
  }

  /** DEVIATION(osquery): es-file-events: osquery takes the files that it is told to watch, and no unlink or close. */
  write(eventType: string): void {
    const row = this.#row
    if (!row.wants(ES_PROCESS_FILE_EVENTS) || !row.choice.files) return
    const { writer } = row
    writer.begin(ES_PROCESS_FILE_EVENTS)
    row.integer(EVENT.version)
    row.integer(EVENT.sequence)
    row.integer(EVENT.globalSequence)
    row.integer(PROCESS.pid)
    row.integer(PROCESS.parent)
    row.text(PROCESS_TEXT.path)
    row.text(EVENT_TEXT.file)
    row.text(EVENT_TEXT.newFile)
    row.constant(eventType)
    row.time()
    row.eid(ES_PROCESS_FILE_EVENTS)
    row.constant(row.message.source)
    row.place()
    writer.end()
  }
}
