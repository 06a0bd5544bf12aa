/** A request for a capture into a folder of the running test, and what it said and left. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { onTestFinished } from "vitest"
import type { CaptureDisplay } from "../../../../src/app/capture/capture-request.ts"
import type { StreamRequest } from "../../../../src/app/capture/run-stream.ts"
import { SYSTEM_CLOCK } from "../../../../src/base/clock.ts"
import { OsqueryFlags } from "../../../../src/pipeline/flags/osquery-flags.ts"

export class TestRequest {
  readonly folder = mkdtempSync(join(tmpdir(), "retrail-capture-"))
  readonly database = join(this.folder, "live.db")
  readonly said: string[] = []
  readonly stopping = new AbortController()
  readonly flags = new OsqueryFlags()

  /** @param flags osquery's, by name */
  constructor(flags: Readonly<Record<string, string>> = {}) {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }))
    for (const [name, value] of Object.entries(flags)) this.flags.set(name, value, "command-line")
  }

  get request(): StreamRequest {
    const display: CaptureDisplay = {
      log: (message) => void this.said.push(message),
      note: (message) => void this.said.push(message),
      update: () => {},
      end: () => {},
    }
    return {
      database: this.database,
      version: "0.0.0",
      argv: ["capture"],
      flags: this.flags,
      host: "mac-1",
      stallMs: 0,
      clock: SYSTEM_CLOCK,
      display,
      signal: this.stopping.signal,
      durationMs: 0,
    }
  }

  /** Rows of the database that the capture left. */
  rows(sql: string): Record<string, unknown>[] {
    const database = new Database(this.database, { readonly: true })
    try {
      return database.prepare<[], Record<string, unknown>>(sql).all()
    } finally {
      database.close()
    }
  }
}
