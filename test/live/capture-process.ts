/** Runs `retrail capture audit` as a person would: the built command, in a process of its own, with Node.js as it is here. */
import { type ChildProcessByStdio, spawn } from "node:child_process"
import { once } from "node:events"
import { chownSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { Readable } from "node:stream"
import Database from "better-sqlite3"
import { onTestFinished } from "vitest"
import type { CaptureSummary } from "../../src/app/capture/capture-request.ts"

export const RETRAIL = resolve(import.meta.dirname, "../../bin/run.js")
const NOBODY = 65_534
/** All that is left of root's capabilities. */
export const AUDIT_CONTROL = "0000000040000000"
const READY_MS = 30_000
const STEP_MS = 20

/** A folder of the running test that the account a capture goes on as may write to. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "retrail-live-"))
  chownSync(folder, NOBODY, NOBODY)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A program of the test's own, so that its records are told from those of everybody else. */
export function ownProgram(folder: string, name = "own-true", original = "/bin/true"): string {
  const path = join(folder, name)
  cpSync(original, path, { dereference: true })
  return path
}

export interface Ended {
  /** null when a signal ended it. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CaptureOptions {
  /** Holds the database and is where the process runs. */
  readonly folder: string
  readonly arguments: readonly string[]
  readonly database?: string
  /** A program with its arguments that starts the command: `prlimit`, `unshare`. */
  readonly starter?: readonly string[]
  /** bin/run.js of another installation. */
  readonly retrail?: string
}

/** What is built, in a folder that only its owner may enter, as root's home is; its bin/run.js. */
export function closedInstallation(): string {
  const folder = mkdtempSync(join(tmpdir(), "retrail-closed-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const root = resolve(import.meta.dirname, "../..")
  for (const name of ["bin", "dist", "package.json"])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  return join(folder, "bin/run.js")
}

export class CaptureProcess {
  readonly database: string
  readonly ended: Promise<Ended>
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  #stdout = ""
  #stderr = ""
  hasEnded = false

  private constructor({
    folder,
    arguments: more,
    database,
    starter = [],
    retrail = RETRAIL,
  }: CaptureOptions) {
    this.database = database ?? join(folder, "live.db")
    const command = [process.execPath, retrail, "capture", "audit", "-d", this.database, "--json", ...more]
    const [program = "", ...args] = [...starter, ...command]
    this.#child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] })
    this.#child.stdout.on("data", (piece: Buffer) => {
      this.#stdout += piece.toString()
    })
    this.#child.stderr.on("data", (piece: Buffer) => {
      this.#stderr += piece.toString()
    })
    this.ended = once(this.#child, "close").then(([exitCode]) => {
      this.hasEnded = true
      return { exitCode, stdout: this.#stdout, stderr: this.#stderr }
    })
  }

  /** Resolves once it records, or has ended; a test that fails leaves none behind. */
  static async start(options: CaptureOptions): Promise<CaptureProcess> {
    const capture = new CaptureProcess(options)
    onTestFinished(async () => {
      if (capture.hasEnded) return
      await capture.stop()
    })
    await capture.until("records", () => capture.hasEnded || capture.#isRecording)
    return capture
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get stderr(): string {
    return this.#stderr
  }

  /** Nobody reads what it prints any more. */
  closeOutput(): void {
    this.#child.stdout.destroy()
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  async stop(name: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    this.signal(name)
    return this.ended
  }

  /** Stops it and takes its summary. */
  async finish(): Promise<{
    readonly summary: CaptureSummary
    readonly exitCode: number | null
    readonly stderr: string
  }> {
    const { stdout, stderr, exitCode } = await this.stop()
    if (stdout === "") throw new Error(`the capture ended with ${exitCode}: ${stderr}`)
    return { summary: JSON.parse(stdout), exitCode, stderr }
  }

  /** Waits for something; says what did not come. */
  async until(what: string, isSo: () => boolean, timeoutMs = READY_MS): Promise<void> {
    const deadline = performance.now() + timeoutMs
    while (!isSo()) {
      if (performance.now() > deadline) throw new Error(`no sign that it ${what}: ${this.#stderr}`)
      await new Promise((wake) => setTimeout(wake, STEP_MS))
    }
  }

  /** proc(5), status. */
  processStatus(): ReadonlyMap<string, string> {
    return readStatus(`/proc/${this.pid}/status`)
  }

  /** That of all threads but the first. */
  threadStatus(): readonly ReadonlyMap<string, string>[] {
    const threads = readdirSync(`/proc/${this.pid}/task`).filter((thread) => thread !== String(this.pid))
    return threads.map((thread) => readStatus(`/proc/${this.pid}/task/${thread}/status`))
  }

  /** Its reader runs before it gives root up. */
  get #isRecording(): boolean {
    try {
      const status = this.processStatus()
      return !/^0\t/.test(status.get("Uid") ?? "0\t") && status.get("CapEff") === AUDIT_CONTROL
    } catch {
      return false
    }
  }
}

function readStatus(path: string): ReadonlyMap<string, string> {
  const lines = readFileSync(path, "latin1").split("\n")
  return new Map(lines.map((line) => [line.split(":", 1)[0] ?? "", line.slice(line.indexOf(":") + 1).trim()]))
}

export type Row = Readonly<Record<string, string | number | bigint | null>>

/** Rows of a database, which may be written to meanwhile. */
export function readRows(database: string, sql: string, ...values: readonly (string | number)[]): Row[] {
  const connection = new Database(database, { readonly: true })
  try {
    return connection
      .prepare(sql)
      .safeIntegers()
      .all(...values) as Row[]
  } finally {
    connection.close()
  }
}

/** How many execs of the program were stored. */
export function countExecs(database: string, path: string): number {
  const [row] = readRows(
    database,
    "SELECT count(*) AS n FROM process_events WHERE path = ? AND event_type = 'exec'",
    path,
  )
  return Number(row?.n)
}
