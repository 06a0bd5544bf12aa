/** A worker thread that tells its capabilities, before and after it gave them up. */
import { readFileSync } from "node:fs"
import { parentPort } from "node:worker_threads"
import { dropThreadCapabilities } from "../../src/sources/native/privileges.ts"

const capabilities = () => /CapEff:\s*(\S+)/.exec(readFileSync("/proc/thread-self/status", "latin1"))?.[1]

parentPort?.on("message", () => {
  const before = capabilities()
  dropThreadCapabilities()
  parentPort?.postMessage({ before, after: capabilities() })
  parentPort?.close()
})
