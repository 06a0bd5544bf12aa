/** What an earlier run left of an event log that is written in place. */
import { type WrittenLog, writtenLogOf } from "../../formats/windows/evtx/written-log.ts"

/** Null when it is not one that is written. @param state as `WindowsReader.saveState` gave it */
export function writtenEvtxOf(state: string): WrittenLog | null {
  try {
    return writtenLogOf((JSON.parse(state) as { readonly parser: string }).parser)
  } catch {
    return null
  }
}
