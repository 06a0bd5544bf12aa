/**
 * Holds a live case in a process of its own: `node live-child.ts FILE`. Commits one row, says `ready`, and waits to be
 * killed.
 */
import { writeSync } from "node:fs"
import { USER_EVENTS } from "../../../../src/schema/tables/index.ts"
import { openLiveCase } from "../../../../src/store/sqlite/live-case.ts"
import { batchOf, RUN, rowOf, sourceOf } from "../live-rows.ts"

const store = openLiveCase(process.argv[2] ?? "")
const runId = store.beginRun(RUN)
const row = rowOf(USER_EVENTS, { time: 1_700_000_000, eid: "0000000002", message: "from the child" })
store.commit(
  batchOf([row], {
    eids: new Map([[USER_EVENTS.name, 2]]),
    sources: [{ ...sourceOf(1, "netlink"), runId }],
    publishers: [
      {
        name: "auditeventpublisher",
        publisher: "",
        type: "publisher",
        subscriptions: 1,
        events: 1,
        refreshes: 1,
        active: 1,
      },
    ],
  }),
)
writeSync(1, "ready\n")
setInterval(() => {}, 60_000)
