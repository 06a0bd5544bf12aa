/**
 * windows_events: one row an event, whatever it holds.
 * Source of truth: osquery windowseventlogparser.cpp for the columns; `data` is made by formats/windows/render.
 */
import { GrowingBytes } from "../../base/growing-bytes.ts"
import { renderOsqueryData } from "../../formats/windows/render/osquery-data.ts"
import { WINDOWS_EVENTS } from "../../schema/tables/windows-events.ts"
import { SYS } from "./event-fields.ts"
import type { RowContext } from "./row-context.ts"

const FIRST_BYTES = 8 * 1024

export class WindowsEventRows {
  readonly #row: RowContext
  readonly #data = new GrowingBytes(FIRST_BYTES)

  constructor(row: RowContext) {
    this.#row = row
  }

  /**
   * DEVIATION(osquery): windows-time, windows-without-data: what lacks EventData or a field is kept.
   * @param eventType `event`, or how it was recovered
   */
  write(eventType: string): void {
    const row = this.#row
    if (!row.wants(WINDOWS_EVENTS)) return
    const { writer, fields } = row
    const data = this.#data
    data.clear()
    renderOsqueryData(fields.tape, data)
    writer.begin(WINDOWS_EVENTS)
    row.int(row.sec)
    row.system(SYS.time)
    row.system(SYS.channel)
    row.system(SYS.provider)
    row.system(SYS.guid)
    row.system(SYS.computer)
    row.int(row.eventId)
    row.systemInteger(SYS.task)
    row.systemInteger(SYS.level)
    row.system(SYS.keywords)
    row.bytes(data.bytes, 0, data.used)
    row.eid(WINDOWS_EVENTS)
    row.constant(eventType)
    row.place()
    writer.end()
  }
}
