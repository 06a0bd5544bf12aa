/** What ran already when a capture begins: program, folder and parent of each process. Source of truth: proc(5). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs"
import { processFrame } from "../../formats/perf-ring/raw-file.ts"

const PID = /^[0-9]+$/
const NONE = Buffer.alloc(0)

/** A frame for each, in the order of their numbers. Kernel threads have no program, and are left away. */
export function runningProcesses(proc = "/proc"): Buffer[] {
  const pids = readdirSync(proc).filter((name) => PID.test(name))
  return pids.map(Number).flatMap((pid) => {
    const path = linkOf(`${proc}/${pid}/exe`)
    if (path === undefined) return []
    return [processFrame(pid, parentOf(`${proc}/${pid}/stat`), path, linkOf(`${proc}/${pid}/cwd`) ?? NONE)]
  })
}

function linkOf(path: string): Buffer | undefined {
  try {
    return readlinkSync(path, { encoding: "buffer" })
  } catch {
    return undefined
  }
}

/** The fourth word; the second is a name in brackets, which may hold anything. */
function parentOf(path: string): number {
  try {
    const text = readFileSync(path, "latin1")
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ", 2)[1])
  } catch {
    return 0
  }
}
