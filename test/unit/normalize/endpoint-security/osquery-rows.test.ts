/** es_process_events against rows that osquery's own code gives for the same messages. */
import { globSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { hasShared, readMessages, rowsOf, SHARED, sharedFile } from "./rows-of.ts"

const SUFFIX = ".osquery-rows.ndjson"
const names = hasShared() ? globSync(`**/*${SUFFIX}`, { cwd: SHARED }).sort() : []

describe.skipIf(names.length === 0)("osquery's rows (skipped without the test data)", () => {
  it.each(names)("%s", (name) => {
    const wanted = sharedFile(name)
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const rows = rowsOf(readMessages(sharedFile(name.slice(0, -SUFFIX.length))), "es_process_events")
    expect(rows.length).toBe(wanted.length)
    for (const [index, want] of wanted.entries()) expect(rows[index]).toMatchObject(want)
  })
})
