/** The view `processes` over Windows rows, where a process begins with its start and two logs may tell of it. */
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { createSchema } from "../../../../src/store/sqlite/case-schema.ts"
import { made, Reading, SECURITY, SYSMON } from "../../normalize/windows/rows-of.ts"

/** A minute's seconds, and what happened. */
type Step = readonly [second: number, event: string]

const start = (path: string): string =>
  made({ provider: SECURITY, id: 4688, data: { NewProcessId: "0x64", NewProcessName: path }, time: "TIME" })
const sysmonStart = (path: string): string =>
  made({ provider: SYSMON, id: 1, data: { ProcessId: "100", Image: path, CommandLine: "x" }, time: "TIME" })
const end = made({ provider: SECURITY, id: 4689, data: { ProcessId: "0x64", Status: "0x1" }, time: "TIME" })
const sysmonEnd = made({ provider: SYSMON, id: 5, data: { ProcessId: "100", Image: "a" }, time: "TIME" })

function lives(steps: readonly Step[]): unknown[] {
  const reading = new Reading()
  for (const [second, event] of steps) {
    reading.event(event.replace("TIME", `2024-01-02T03:04:${String(second).padStart(2, "0")}.0000000Z`))
  }
  const db = new Database(":memory:")
  createSchema(db)
  for (const row of reading.rows("process_events")) {
    const sql = `INSERT INTO process_events (${Object.keys(row).join(", ")}) VALUES (${Object.keys(row)
      .map(() => "?")
      .join(", ")})`
    db.prepare(sql).run(...Object.values(row))
  }
  const sql =
    "SELECT path, events, substr(start_time, 18, 2), substr(end_time, 18, 2), exit_code FROM processes ORDER BY start_ns"
  const rows = db.prepare(sql).raw().all()
  db.close()
  return rows
}

describe("processes on Windows", () => {
  it.each<[string, readonly Step[], unknown[]]>([
    [
      "one start and its end",
      [
        [1, start("a")],
        [5, end],
      ],
      [["a", 2, "01", "05", 1]],
    ],
    ["a start without an end", [[1, start("a")]], [["a", 1, "01", null, null]]],
    [
      "both logs telling of one",
      [
        [1, start("A")],
        [1, sysmonStart("a")],
        [5, end],
        [5, sysmonEnd],
      ],
      [["a", 4, "01", "05", 1]],
    ],
    [
      "a pid used again",
      [
        [1, start("a")],
        [5, end],
        [6, start("b")],
        [9, end],
      ],
      [
        ["a", 2, "01", "05", 1],
        ["b", 2, "06", "09", 1],
      ],
    ],
    [
      "a pid used again after an end that is missing",
      [
        [1, start("a")],
        [6, start("a")],
      ],
      [
        ["a", 1, "01", null, null],
        ["a", 1, "06", null, null],
      ],
    ],
  ])("%s", (_, steps, expected) => {
    expect(lives(steps)).toEqual(expected)
  })
})
