/** Takes rows of process_events that were written before into the table of processes: it is then as after those rows. */
import type { TrackedRow } from "../../base/process-tracker.ts"
import { bytesOfText } from "../../base/text.ts"
import type { ProcessTable } from "./process-table.ts"

export function replayRow(table: ProcessTable, row: TrackedRow): void {
  const { pid, parent, eventType, status } = row
  if (pid === null) return
  if (eventType === "fork") {
    table.fork(pid, parent ?? Number.NaN)
    return
  }
  const process = table.get(pid)
  if (eventType === "exit") process.hasEnded = true
  else if (status === 0) {
    if (parent !== null) process.parent = parent
    process.path = bytesOfText(row.path)
  }
}
