/** Checks damaged inputs in a thread of its own; `state[0]` is the seed at hand, so that a hang can be seen from outside. */
import { parentPort, workerData } from "node:worker_threads"
import type { FuzzTask } from "../run-fuzz.ts"
import { checkRows, readRowsInputs } from "./check-rows.ts"

const { state, seeds, from, count } = workerData as FuzzTask
const inputs = readRowsInputs()
const faults: string[] = []
const check = (seed: number): void => {
  Atomics.store(state, 0, seed)
  faults.push(...checkRows(inputs, seed))
}
for (const seed of seeds) check(seed)
for (let seed = from; seed < from + count && faults.length < 20; seed++) check(seed)
parentPort?.postMessage({ faults, inputs: inputs.length })
