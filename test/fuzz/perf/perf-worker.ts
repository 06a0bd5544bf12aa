/** Checks damaged recordings in a thread of its own; `state[0]` is the seed at hand, so that a hang can be seen from outside. */
import { parentPort, workerData } from "node:worker_threads"
import type { FuzzTask } from "../run-fuzz.ts"
import { checkRecording, readInputs } from "./check-recording.ts"

const { state, seeds, from, count } = workerData as FuzzTask
const inputs = readInputs()
const faults: string[] = []
const check = async (seed: number): Promise<void> => {
  Atomics.store(state, 0, seed)
  faults.push(...(await checkRecording(inputs, seed)))
}
for (const seed of seeds) await check(seed)
for (let seed = from; seed < from + count && faults.length < 20; seed++) await check(seed)
parentPort?.postMessage({ faults, inputs: inputs.length })
