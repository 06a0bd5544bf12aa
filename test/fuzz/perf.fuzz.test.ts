/**
 * No damage makes the parser of perf's recordings throw, hang or fill the memory, nor do other pieces give other records.
 * Seeds that once failed are kept in perf/seeds.json and tried first.
 *
 * RETRAIL_TEST_PERF_MUTANTS and RETRAIL_TEST_SEED try more of them, or others.
 */
import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"
import { runFuzz } from "./run-fuzz.ts"

const MUTANTS = Number(process.env.RETRAIL_TEST_PERF_MUTANTS ?? 400)
const FIRST_SEED = Number(process.env.RETRAIL_TEST_SEED ?? 1)
const FOLDER = path.join(import.meta.dirname, "perf")

it(`${MUTANTS} damaged recordings`, async () => {
  const seeds = JSON.parse(readFileSync(path.join(FOLDER, "seeds.json"), "utf8")) as number[]
  const worker = path.join(FOLDER, "perf-worker.ts")
  const { faults, inputs } = await runFuzz(worker, { seeds, from: FIRST_SEED, count: MUTANTS })
  expect(faults).toEqual([])
  expect(inputs).toBeGreaterThan(0)
}, 600_000)
