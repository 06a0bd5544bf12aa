/**
 * No damage makes the reader of EndpointSecurity messages throw or hang, or give other rows when the bytes come in
 * other pieces. Seeds that once failed are kept in endpoint-security/seeds.json and tried first.
 *
 * RETRAIL_TEST_ES_MUTANTS and RETRAIL_TEST_SEED try more of them, or others.
 */
import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"
import { runFuzz } from "./run-fuzz.ts"

const MUTANTS = Number(process.env.RETRAIL_TEST_ES_MUTANTS ?? 400)
const FIRST_SEED = Number(process.env.RETRAIL_TEST_SEED ?? 1)
const FOLDER = path.join(import.meta.dirname, "endpoint-security")

it(`${MUTANTS} damaged streams`, async () => {
  const seeds = JSON.parse(readFileSync(path.join(FOLDER, "seeds.json"), "utf8")) as number[]
  const worker = path.join(FOLDER, "es-worker.ts")
  const { faults, inputs } = await runFuzz(worker, { seeds, from: FIRST_SEED, count: MUTANTS })
  expect(faults).toEqual([])
  expect(inputs).toBeGreaterThan(20)
}, 600_000)
