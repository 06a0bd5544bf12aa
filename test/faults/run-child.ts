/** Starts ingest-child.ts and kills it. */
import { spawn } from "node:child_process"
import path from "node:path"
import type { ChildRequest } from "./ingest-child.ts"

export interface ChildEnd {
  readonly isKilled: boolean
  readonly exitCode: number | null
  readonly commits: number
  readonly errors: string
  /** From the first word that it said to its end. */
  readonly milliseconds: number
}

/** @param killAfterMs counted from when the child begins to read; it runs through when absent */
export function runChild(request: ChildRequest, killAfterMs?: number): Promise<ChildEnd> {
  const script = path.join(import.meta.dirname, "ingest-child.ts")
  const child = spawn(process.execPath, [script, JSON.stringify(request)], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  let said = ""
  let errors = ""
  let began = performance.now()
  let timer: NodeJS.Timeout | undefined
  child.stdout.on("data", (piece: Buffer) => {
    if (said === "") {
      began = performance.now()
      if (killAfterMs !== undefined) timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs)
    }
    said += piece.toString()
  })
  child.stderr.on("data", (piece: Buffer) => {
    errors += piece.toString()
  })
  return new Promise((resolve) => {
    child.on("close", (exitCode, signal) => {
      clearTimeout(timer)
      const commits = said.match(/^commit /gm)?.length ?? 0
      const milliseconds = performance.now() - began
      resolve({ isKilled: signal === "SIGKILL", exitCode, commits, errors, milliseconds })
    })
  })
}
