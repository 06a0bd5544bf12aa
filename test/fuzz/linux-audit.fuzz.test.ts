/**
 * No damage makes the linux-audit reader throw or hang, every line is accounted for, and what the damage has not
 * reached comes out as it was. Seeds that once failed are kept in seeds.json and tried first.
 *
 * RETRAIL_TEST_MUTANTS and RETRAIL_TEST_SEED try more of them, or others.
 */
import { readFileSync } from "node:fs"
import path from "node:path"
import { Worker } from "node:worker_threads"
import { expect, it } from "vitest"
import type { FuzzTask } from "./fuzz-worker.ts"

const MUTANTS = Number(process.env.RETRAIL_TEST_MUTANTS ?? 10_000)
const FIRST_SEED = Number(process.env.RETRAIL_TEST_SEED ?? 1)
const HANG_MS = 5000

interface FuzzResult {
  readonly faults: readonly string[]
  readonly inputs: number
}

function runFuzz(task: Omit<FuzzTask, "state">): Promise<FuzzResult> {
  const state = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(path.join(import.meta.dirname, "fuzz-worker.ts"), {
    workerData: { ...task, state } satisfies FuzzTask,
  })
  return new Promise((resolve, reject) => {
    let last = Number.NaN
    const watchdog = setInterval(() => {
      const seed = Atomics.load(state, 0)
      if (seed === last) {
        clearInterval(watchdog)
        void worker.terminate()
        reject(new Error(`seed ${seed} hangs`))
      }
      last = seed
    }, HANG_MS)
    worker.once("message", resolve)
    worker.once("error", reject)
    worker.once("exit", () => clearInterval(watchdog))
  })
}

it(`${MUTANTS} damaged files`, async () => {
  const seeds = JSON.parse(readFileSync(path.join(import.meta.dirname, "seeds.json"), "utf8")) as number[]
  const { faults, inputs } = await runFuzz({ seeds, from: FIRST_SEED, count: MUTANTS })
  expect(faults).toEqual([])
  expect(inputs).toBeGreaterThan(80)
}, 300_000)
