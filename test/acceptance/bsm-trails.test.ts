/** The trails of one /var/audit are one story: a process forked in one file runs its program in the next. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { NO_PROGRESS } from "../../src/app/progress.ts"
import { readSources } from "../../src/app/reading/read-sources.ts"
import { ObjectSink } from "../../src/rows/object-sink.ts"
import {
  args,
  argument,
  attributes,
  path,
  record,
  returns,
  SECOND,
  subject,
} from "../unit/normalize/bsm/made.ts"

const folder = mkdtempSync(join(tmpdir(), "retrail-trails-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const shell = record(
  23,
  [args("sh"), path("/bin/sh"), attributes(), subject({ pid: 100 }), returns()],
  SECOND,
)
const fork = record(2, [argument(0, 200), subject({ pid: 100 }), returns(0, 200)], SECOND + 1)
const child = record(
  23,
  [args("id"), path("/usr/bin/id"), attributes(), subject({ pid: 200 }), returns()],
  SECOND + 2,
)
const shutdown = record(45_001, [returns()], SECOND + 3)
const startup = record(45_000, [returns()], SECOND + 63)

async function read(files: Readonly<Record<string, readonly Buffer[]>>) {
  for (const [name, records] of Object.entries(files))
    writeFileSync(join(folder, name), Buffer.concat([...records]))
  const sink = new ObjectSink()
  // Named out of order on purpose.
  const paths = Object.keys(files).map((name) => join(folder, name))
  await readSources({ paths, host: "", writer: sink, progress: NO_PROGRESS, onProblem: () => {} })
  return sink.rows
}

it("goes on in the next trail", async () => {
  const rows = await read({
    "20231114221400.not_terminated": [child],
    "20231114221320.20231114221400": [shell, fork],
  })
  const execs = rows.filter(({ values }) => values.event_type === "exec").map(({ values }) => values)
  expect(execs.map(({ pid, parent, parent_path }) => [pid, parent, parent_path])).toEqual([
    [100, null, ""],
    [200, 100, "/bin/sh"],
  ])
})

it("does not take a pid for the same behind a restart of auditing", async () => {
  const rows = await read({
    "20231114221320.20231114221400": [shell, fork, shutdown],
    "20231114221400.not_terminated": [startup, child],
  })
  const parents = rows
    .filter(({ values }) => values.path === "/usr/bin/id")
    .map(({ values }) => values.parent)
  expect(parents).toEqual([null])
})
