/**
 * No damage makes the BSM parser throw, hang or fill the memory, lose a byte without telling, or change what an
 * undamaged record gives. Seeds that once failed are kept in bsm/seeds.json and tried first.
 *
 * RETRAIL_TEST_BSM_MUTANTS and RETRAIL_TEST_SEED try more of them, or others.
 */
import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"
import { runFuzz } from "./run-fuzz.ts"

const MUTANTS = Number(process.env.RETRAIL_TEST_BSM_MUTANTS ?? 400)
const FIRST_SEED = Number(process.env.RETRAIL_TEST_SEED ?? 1)
const FOLDER = path.join(import.meta.dirname, "bsm")

it(`${MUTANTS} damaged trails`, async () => {
  const seeds = JSON.parse(readFileSync(path.join(FOLDER, "seeds.json"), "utf8")) as number[]
  const worker = path.join(FOLDER, "bsm-worker.ts")
  const { faults, inputs } = await runFuzz(worker, { seeds, from: FIRST_SEED, count: MUTANTS })
  expect(faults).toEqual([])
  expect(inputs).toBeGreaterThan(0)
}, 600_000)
