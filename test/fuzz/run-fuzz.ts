/** Runs damaged inputs in a thread and ends it when one of them hangs. */
import { Worker } from "node:worker_threads"

export interface FuzzTask {
  readonly state: Int32Array
  readonly seeds: readonly number[]
  readonly from: number
  readonly count: number
}

export interface FuzzResult {
  readonly faults: readonly string[]
  readonly inputs: number
}

const HANG_MS = 5000

/** @param worker the file of a thread that takes a `FuzzTask` and answers with a `FuzzResult` */
export function runFuzz(worker: string, task: Omit<FuzzTask, "state">): Promise<FuzzResult> {
  const state = new Int32Array(new SharedArrayBuffer(4))
  const thread = new Worker(worker, { workerData: { ...task, state } satisfies FuzzTask })
  return new Promise((resolve, reject) => {
    let last = Number.NaN
    const watchdog = setInterval(() => {
      const seed = Atomics.load(state, 0)
      if (seed === last) {
        clearInterval(watchdog)
        void thread.terminate()
        reject(new Error(`seed ${seed} hangs`))
      }
      last = seed
    }, HANG_MS)
    thread.once("message", resolve)
    thread.once("error", reject)
    thread.once("exit", () => clearInterval(watchdog))
  })
}
