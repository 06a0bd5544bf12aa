import { describe, expect, it } from "vitest"
import {
  scheduleMinimums,
  tablesOf,
  usesTimeConstraint,
} from "../../../../src/pipeline/schedule/tables-of.ts"

const P = "process_events"
const S = "socket_events"

describe("tablesOf", () => {
  it.each<[string, string[], boolean]>([
    ["SELECT * FROM process_events", [P], true],
    ["select * from Process_Events p where p.pid > 3 order by time, pid", [P], true],
    ['SELECT * FROM "process_events" JOIN [socket_events] USING (pid, path)', [P, S], true],
    ["SELECT * FROM process_events a, socket_events b WHERE a.pid IN (1, 2)", [P, S], true],
    ["SELECT * FROM process_events LEFT JOIN _sources ON source_id = id", [P], false],
    ["SELECT * FROM process_events a JOIN socket_events b ON a.pid = b.pid, _sources", [P, S], false],
    [
      "WITH x AS (SELECT pid FROM process_events), y (a, b) AS NOT MATERIALIZED (SELECT 1, 2) SELECT * FROM x, y",
      [P],
      true,
    ],
    ["SELECT path, (SELECT count(*) FROM socket_events) FROM process_events", [S, P], true],
    ["SELECT * FROM (SELECT * FROM process_events) UNION ALL SELECT * FROM timeline", [P], false],
    ["SELECT value FROM process_events, json_each(argv)", [P], true],
    ["SELECT * FROM main.process_events", [P], false],
    ["SELECT 1", [], false],
    ["SELECT 'x from socket_events' FROM timeline -- from process_events", [], false],
    ["SELECT pid, process_events.path FROM process_events GROUP BY 1, 2", [P], true],
    ["SELECT trim(path, 'x'), socket_events FROM process_events", [P], true],
  ])("%s", (sql, eventTables, isEventsOnly) => {
    expect(tablesOf(sql)).toEqual({ eventTables, isEventsOnly })
  })
})

describe("usesTimeConstraint", () => {
  it.each([
    "SELECT * FROM process_events WHERE time > 5",
    "SELECT * FROM process_events p WHERE p.time>=5",
    'SELECT * FROM process_events WHERE 5 < "time"',
    "SELECT * FROM process_events p WHERE 5 = p.time",
    "SELECT * FROM process_events WHERE TIME BETWEEN 1 AND 2",
    "SELECT * FROM process_events WHERE time IN (1)",
  ])("yes: %s", (sql) => expect(usesTimeConstraint(sql)).toBe(true))

  it.each([
    "SELECT * FROM process_events ORDER BY time",
    "SELECT time, datetime(time) FROM process_events WHERE pid > 5",
    "SELECT * FROM process_events WHERE time_ns > 5",
    "SELECT * FROM process_events WHERE path = 'time > 5' -- time > 5",
    "SELECT time() > 5",
    "SELECT * FROM process_events WHERE pid = 3 ORDER BY time DESC",
  ])("no: %s", (sql) => expect(usesTimeConstraint(sql)).toBe(false))
})

describe("scheduleMinimums", () => {
  it("are three intervals, up past the next full minute, of the longest query of each table", () => {
    const minimums = scheduleMinimums([
      { sql: "SELECT * FROM process_events", intervalS: 60 },
      { sql: "SELECT * FROM process_events, socket_events", intervalS: 10 },
      { sql: "SELECT * FROM socket_events", intervalS: 7 },
      { sql: "SELECT 1", intervalS: 3600 },
    ])
    expect([...minimums]).toEqual([
      [P, 240],
      [S, 60],
    ])
  })
})
