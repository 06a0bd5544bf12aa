/**
 * Writes a live case as nobody, in a folder that nobody may not even enter: `node live-case-child.ts FILE BATCHES ROWS`.
 * Prints one JSON object: how many rows went, and what became of a try to open the file by its name.
 */
import { openSync, writeSync } from "node:fs"
import { USER_EVENTS } from "../../src/schema/tables/index.ts"
import { EventsRetention } from "../../src/store/events-retention.ts"
import { openLiveCase } from "../../src/store/sqlite/live-case.ts"
import { batchOf, RUN, rowOf, sourceOf } from "../unit/store/live-rows.ts"

const NOBODY = 65_534
const START = 1_700_000_000
const [path = "", batches = "0", rows = "0"] = process.argv.slice(2)

const store = openLiveCase(path)
const runId = store.beginRun(RUN)
store.handOver(NOBODY, NOBODY)
process.setgroups?.([])
process.setgid?.(NOBODY)
process.setuid?.(NOBODY)

function tryToOpen(): string {
  try {
    openSync(path, "r")
    return "opened"
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}

const refusal = tryToOpen()
let now = START
const retention = new EventsRetention({
  store,
  expirySeconds: 10,
  max: 0,
  publishers: new Map([[USER_EVENTS.name, "auditeventpublisher"]]),
  nowSeconds: () => now,
})
let eid = 1
for (let batch = 0; batch < Number(batches); batch++) {
  now++
  const list = Array.from({ length: Number(rows) }, () =>
    rowOf(USER_EVENTS, {
      time: now,
      eid: String(++eid).padStart(10, "0"),
      message: `row ${eid}`.padEnd(300, "x"),
    }),
  )
  const source = { ...sourceOf(1, "netlink"), runId, events: eid - 1 }
  store.commit(batchOf(list, { sources: [source], eids: new Map([[USER_EVENTS.name, eid]]) }))
  retention.afterRows(USER_EVENTS.name, list.length)
}
store.endRun(runId, "2026-01-01T00:00:09Z", 0)
const left = store.sizes().get(USER_EVENTS.name)
store.close()
const expired = retention.expired.get(USER_EVENTS.name)
writeSync(1, JSON.stringify({ uid: process.getuid?.(), refusal, expired, left }))
