/** Starts the built command in a process of its own, feeds it, and stops it as a person would. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import path from "node:path"
import { onTestFinished } from "vitest"
import { rowsOf } from "./live-runs.ts"

const ROOT = path.resolve(import.meta.dirname, "../..")
const ENTRY = path.join(ROOT, "bin/run.js")
export const isBuilt = existsSync(path.join(ROOT, "dist"))
export const NEEDS_DIST = "(needs dist: npm run build)"

const STEP_MS = 25
const WAIT_MS = 20_000

export interface CommandEnd {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

export class LiveCommand {
  readonly ended: Promise<CommandEnd>
  readonly #child: ChildProcessWithoutNullStreams
  #stdout = ""
  #stderr = ""
  #hasEnded = false

  constructor(folder: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [ENTRY, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, NO_COLOR: "1" },
    })
    this.#child.stdout.on("data", (piece: Buffer) => {
      this.#stdout += piece.toString()
    })
    this.#child.stderr.on("data", (piece: Buffer) => {
      this.#stderr += piece.toString()
    })
    // A command that ends early takes no more input.
    this.#child.stdin.on("error", () => {})
    this.ended = once(this.#child, "close").then(([exit]) => {
      this.#hasEnded = true
      return { exit, stdout: this.#stdout, stderr: this.#stderr }
    })
    onTestFinished(() => {
      if (!this.#hasEnded) this.#child.kill("SIGKILL")
    })
  }

  write(bytes: string | Buffer): void {
    this.#child.stdin.write(bytes)
  }

  endInput(): void {
    this.#child.stdin.end()
  }

  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<CommandEnd> {
    this.#child.kill(signal)
    return this.ended
  }

  /** Waits until the database, which is being written to, gives this number. */
  async untilCount(database: string, sql: string, wanted: number): Promise<void> {
    const deadline = performance.now() + WAIT_MS
    let count = Number.NaN
    while (performance.now() < deadline && !this.#hasEnded) {
      count = countIn(database, sql)
      if (count === wanted) return
      await new Promise((wake) => setTimeout(wake, STEP_MS))
    }
    throw new Error(`${sql}: ${count} instead of ${wanted}; ${this.#stderr}`)
  }
}

/** NaN while there is no such database or table. */
function countIn(database: string, sql: string): number {
  try {
    return Number(Object.values(rowsOf(database, sql)[0] ?? {})[0])
  } catch {
    return Number.NaN
  }
}
