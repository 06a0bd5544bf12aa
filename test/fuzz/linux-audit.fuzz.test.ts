/**
 * No damage makes the linux-audit reader throw or hang, every line is accounted for, and what the damage has not
 * reached comes out as it was. Seeds that once failed are kept in seeds.json and tried first.
 *
 * RETRAIL_TEST_MUTANTS and RETRAIL_TEST_SEED try more of them, or others.
 */
import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"
import { runFuzz } from "./run-fuzz.ts"

const MUTANTS = Number(process.env.RETRAIL_TEST_MUTANTS ?? 2000)
const FIRST_SEED = Number(process.env.RETRAIL_TEST_SEED ?? 1)

it(`${MUTANTS} damaged files`, async () => {
  const seeds = JSON.parse(readFileSync(path.join(import.meta.dirname, "seeds.json"), "utf8")) as number[]
  const { faults, inputs } = await runFuzz(path.join(import.meta.dirname, "fuzz-worker.ts"), {
    seeds,
    from: FIRST_SEED,
    count: MUTANTS,
  })
  expect(faults).toEqual([])
  expect(inputs).toBeGreaterThan(80)
}, 300_000)
