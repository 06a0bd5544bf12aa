import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Staging } from "../../../src/app/ingest/staging.ts"
import type { Gap, Problem } from "../../../src/base/problem.ts"
import { openCaseFile } from "../../../src/store/sqlite/case-file.ts"
import { openLiveCase } from "../../../src/store/sqlite/live-case.ts"
import { readRows, withDatabase, withFolder } from "../rows/databases.ts"

const RUN = { version: "0", args: [], started: "2026-01-01T00:00:00Z" }
const text = fc.string({ unit: "binary", maxLength: 20 })
const offset = fc.integer({ min: 0, max: 2 ** 53 - 1 })
const time = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const id = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String)

const anyProblem = fc.record(
  {
    code: text,
    severity: fc.constantFrom("error", "warning", "info"),
    offset,
    length: offset,
    message: text,
    expected: text,
    found: text,
  },
  { requiredKeys: ["code", "severity", "offset", "length", "message"] },
) as fc.Arbitrary<Problem>
const anyGap = fc.record(
  { kind: text, what: text, fromNs: time, toNs: time, fromId: id, toId: id, evidence: text, offset },
  { requiredKeys: ["kind", "what", "evidence", "offset"] },
) as fc.Arbitrary<Gap>

describe("problems and gaps", () => {
  it("are the same rows in a live case as in one that was ingested", () => {
    fc.assert(
      fc.property(fc.array(anyProblem), fc.array(anyGap), text, (problems, gaps, host) =>
        withFolder((folder) => {
          const [ingested, live] = [join(folder, "case.db"), join(folder, "live.db")]
          const file = openCaseFile(ingested)
          const staging = new Staging(file, file.beginRun(RUN), new Map())
          for (const problem of problems) staging.problem(problem, 7)
          for (const gap of gaps) staging.gap(gap, host, 8)
          staging.commit([])
          staging.close()
          file.close()
          const store = openLiveCase(live)
          store.beginRun(RUN)
          store.commit({
            rows: [],
            problems: problems.map((problem) => ({ problem, sourceId: 7 })),
            gaps: gaps.map((gap) => ({ gap, host, sourceId: 8 })),
            sources: [],
            eids: new Map(),
          })
          store.close()
          withDatabase(ingested, (one) =>
            withDatabase(live, (other) => {
              for (const name of ["_problems", "_gaps"])
                expect(readRows(other, name)).toEqual(readRows(one, name))
              expect(readRows(other, "_problems")).toHaveLength(problems.length)
              expect(readRows(other, "_gaps")).toHaveLength(gaps.length)
            }),
          )
        }),
      ),
      { numRuns: 25 },
    )
  })
})
