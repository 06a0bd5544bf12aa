/**
 * No damage makes the EVTX parser throw, hang or fill the memory, nor changes what an undamaged chunk gives. Seeds that
 * once failed are kept in evtx/seeds.json and tried first.
 *
 * RETRAIL_TEST_EVTX_MUTANTS and RETRAIL_TEST_SEED try more of them, or others.
 */
import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"
import { runFuzz } from "./run-fuzz.ts"

const MUTANTS = Number(process.env.RETRAIL_TEST_EVTX_MUTANTS ?? 400)
const FIRST_SEED = Number(process.env.RETRAIL_TEST_SEED ?? 1)
const FOLDER = path.join(import.meta.dirname, "evtx")

it(`${MUTANTS} damaged logs`, async () => {
  const seeds = JSON.parse(readFileSync(path.join(FOLDER, "seeds.json"), "utf8")) as number[]
  const worker = path.join(FOLDER, "evtx-worker.ts")
  const { faults, inputs } = await runFuzz(worker, { seeds, from: FIRST_SEED, count: MUTANTS })
  expect(faults).toEqual([])
  expect(inputs).toBeGreaterThan(10)
}, 600_000)
