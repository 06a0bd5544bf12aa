/**
 * eslogger as a live source: started without a shell, read through a pipe, ended by name of nobody but this child.
 * It stays in our process group: eslogger passes over the events of its own group, so that what the capture writes
 * makes no events. A reader that is slow makes it wait; what it drops then shows in the messages' numbers.
 * Source of truth: eslogger(1); EndpointSecurity ESTypes.h (es_new_client_result_t).
 */
import { type ChildProcessByStdio, spawn } from "node:child_process"
import type { Readable } from "node:stream"
import { FailedError, PermissionError, type RetrailError } from "../../errors.ts"
import type { ByteStream, StreamFailure } from "../byte-stream.ts"

/** Of stderr so much is kept from its start, and so much from its end. */
const KEPT_BYTES = 4096
const LINE_LENGTH = 300
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2000
/** Ctrl+C reaches the child as well as us: it may be heard to have ended first. */
const MOMENT_MS = 100

export interface EsloggerOptions {
  /** Absolute path. */
  readonly program: string
  readonly events: readonly string[]
  readonly graceMs?: number
}

interface ChildEnd {
  readonly exitCode: number | null
  readonly signal: string | null
  /** It could not be started. */
  readonly error?: Error
}

export class Eslogger implements ByteStream {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #ended: Promise<ChildEnd>
  readonly #graceMs: number
  readonly #kill = () => void this.#child.kill("SIGKILL")
  #first = ""
  #last = ""
  #isStopping = false
  #hasEnded = false
  /** Nothing has come so far. */
  #isSilent = true

  /** Starts it. */
  constructor({ program, events, graceMs = GRACE_MS }: EsloggerOptions) {
    this.#graceMs = graceMs
    this.#child = spawn(program, [...events], { stdio: ["ignore", "pipe", "pipe"], shell: false })
    process.once("exit", this.#kill)
    this.#child.stderr.on("data", (piece: Buffer) => this.#hear(piece.toString("utf8")))
    this.#ended = this.#awaitEnd()
    this.bytes = this.#read()
  }

  look(): void {}

  /** SIGTERM, and SIGKILL when that does not help. */
  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#hasEnded) return
    this.#child.kill("SIGTERM")
    const timer = setTimeout(this.#kill, this.#graceMs)
    await this.#ended
    clearTimeout(timer)
  }

  async whyEnded(): Promise<StreamFailure | undefined> {
    const end = await this.#ended
    if (!this.#isStopping) await new Promise((resolve) => setTimeout(resolve, MOMENT_MS))
    if (this.#isStopping) return undefined
    const refusal = this.#refusal(end)
    if (refusal !== undefined) throw refusal
    return {
      message: `eslogger ended (${howEnded(end)})${this.#lastLine()}`,
      kind: "source-ended",
      evidence: `eslogger's process ended unasked (${howEnded(end)})`,
    }
  }

  async close(): Promise<void> {
    await this.stop()
    process.off("exit", this.#kill)
    this.#child.stdout.destroy()
    this.#child.stderr.destroy()
  }

  async *#read(): AsyncGenerator<Buffer> {
    for await (const piece of this.#child.stdout) {
      this.#isSilent = false
      yield piece as Buffer
    }
  }

  #awaitEnd(): Promise<ChildEnd> {
    return new Promise((resolve) => {
      const finish = (end: ChildEnd) => {
        this.#hasEnded = true
        resolve(end)
      }
      this.#child.once("error", (error) => finish({ exitCode: null, signal: null, error }))
      this.#child.once("exit", (exitCode, signal) => finish({ exitCode, signal }))
    })
  }

  #hear(text: string): void {
    if (this.#first.length < KEPT_BYTES) this.#first = (this.#first + text).slice(0, KEPT_BYTES)
    this.#last = (this.#last + text).slice(-KEPT_BYTES)
  }

  #lastLine(): string {
    const line = this.#last.trimEnd().split("\n").at(-1)?.trim() ?? ""
    return line === "" ? "" : `: ${line.slice(0, LINE_LENGTH)}`
  }

  /** What keeps it from ever giving an event, as an error that says what to do. */
  #refusal(end: ChildEnd): RetrailError | undefined {
    const said = this.#first + this.#last
    if (end.error !== undefined) return startError(end.error)
    if (!this.#isSilent) return undefined
    if (said.includes("ERR_NOT_PERMITTED"))
      return new PermissionError(
        "eslogger may not observe this Mac (ES_NEW_CLIENT_RESULT_ERR_NOT_PERMITTED)",
        "Give the terminal, or what started it (sshd, launchd), Full Disk Access: System Settings > Privacy & Security > Full Disk Access; then start it anew.",
      )
    if (said.includes("ERR_NOT_PRIVILEGED") || /must be run as root|not running as root/i.test(said))
      return new PermissionError("eslogger needs root", "Run it as root: sudo retrail capture es …")
    if (said.includes("ERR_TOO_MANY_CLIENTS"))
      return new FailedError(
        "EndpointSecurity has no room for another client (ES_NEW_CLIENT_RESULT_ERR_TOO_MANY_CLIENTS)",
        "End another security tool, and try again.",
      )
    return new FailedError(
      `eslogger ended before it gave an event (${howEnded(end)})${this.#lastLine()}`,
      "Try the same by hand; eslogger --list-events tells the events that this macOS has.",
    )
  }
}

function startError(error: Error): RetrailError {
  const code = "code" in error ? String(error.code) : ""
  if (code === "EACCES" || code === "EPERM")
    return new PermissionError(`eslogger cannot be run (${code})`, "--eslogger names another program.")
  return new FailedError(`eslogger cannot be started (${code})`, "--from - reads what it printed elsewhere.")
}

function howEnded({ exitCode, signal }: ChildEnd): string {
  return signal === null ? `exit code ${exitCode}` : signal
}
