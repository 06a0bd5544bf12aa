/** The built command with a program called eslogger in PATH: what a person sees when it ends. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { delimiter, dirname } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { installEslogger, isAlive } from "../fake-devices/install-eslogger.ts"
import { TestRequest } from "../unit/app/capture/live-request.ts"
import { RETRAIL } from "./capture-process.ts"

function start(behaviour: string, ...more: readonly string[]) {
  const { folder, database } = new TestRequest()
  const eslogger = installEslogger(folder, behaviour)
  const args = [RETRAIL, "capture", "es", "-d", database, "--events_expiry=0", "--events_max=0", ...more]
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, PATH: [folder, dirname(process.execPath)].join(delimiter) },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let stderr = ""
  child.stderr.on("data", (piece: Buffer) => {
    stderr += piece.toString()
  })
  child.stdout.resume()
  const ended = once(child, "close").then(([exitCode]) => ({ exitCode, stderr }))
  return { child, eslogger, database, ended }
}

function rows(database: string): number {
  if (!existsSync(database)) return 0
  const open = new Database(database, { readonly: true })
  try {
    return open.prepare<[], number>("SELECT count(*) FROM es_process_events").pluck().get() ?? 0
  } catch {
    return 0
  } finally {
    open.close()
  }
}

describe.skipIf(process.platform === "win32")("retrail capture es", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("ended by %s ends eslogger and keeps every row", async (signal) => {
    const { child, eslogger, database, ended } = start("steady")
    while (rows(database) < 3) await delay(50)
    child.kill(signal)
    const { exitCode, stderr } = await ended
    expect([exitCode, rows(database)]).toEqual([0, 3])
    expect(stderr).toMatch(/es_process_events 3/)
    expect(eslogger.starts().map(({ pid }) => isAlive(pid))).toEqual([false])
  })

  it("by --duration ends in time", async () => {
    const { database, ended } = start("steady", "--duration", "3s")
    expect((await ended).exitCode).toBe(0)
    expect(rows(database)).toBe(3)
  })

  it("says what eslogger dropped", async () => {
    const { ended } = start("lossy", "--duration", "3s")
    const { exitCode, stderr } = await ended
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(/gaps\s+lost-messages 1/)
  })

  it("gives advice, and no stack, when Full Disk Access is missing", async () => {
    const { exitCode, stderr } = await start("not-permitted").ended
    expect(exitCode).toBe(77)
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("Privacy & Security > Full Disk Access")
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it("shows the last words of eslogger with nothing in them that moves the cursor", async () => {
    const { exitCode, stderr } = await start("chatty").ended
    expect(exitCode).toBe(2)
    expect(stderr).toContain("eslogger ended (exit code 3): last\\x1b[31m words")
    expect(stderr).not.toContain("\u001b[31m")
    expect(stderr).toMatch(/^Captured \d+ records? in .* \(source\s+failed\)/m)
  })
})
