/** A worker thread that tells its capabilities, before and after it gave them up. */
import { readFileSync } from "node:fs"
import { parentPort } from "node:worker_threads"
import { loadLibc } from "../../src/sources/native/libc.ts"
import { dropThreadCapabilities } from "../../src/sources/native/privileges.ts"

const capabilities = () => /CapEff:\s*(\S+)/.exec(readFileSync("/proc/thread-self/status", "latin1"))?.[1]

parentPort?.on("message", () => {
  const before = capabilities()
  dropThreadCapabilities()
  parentPort?.postMessage({ before, after: capabilities() })
  parentPort?.close()
})

// All is loaded: the process may lose the right to read it now.
loadLibc()
parentPort?.postMessage("ready")
