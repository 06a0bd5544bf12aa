/** What only root can try: a capture that has given up its rights, and a disk that is full. */
import { spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { USER_EVENTS } from "../../src/schema/tables/index.ts"
import { openCaseFile } from "../../src/store/sqlite/case-file.ts"
import { openLiveCase } from "../../src/store/sqlite/live-case.ts"
import { batchOf, rowOf } from "../unit/store/live-rows.ts"

const isRoot = process.platform === "linux" && process.getuid?.() === 0
const hasCli = spawnSync("sqlite3", ["--version"]).status === 0
const reason = isRoot && hasCli ? "" : " (skipped: needs root on Linux, and sqlite3)"
const folder = mkdtempSync(join(tmpdir(), "retrail-live-root-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** The sqlite3 program's answer, without the last line end. */
function ask(path: string, sql: string): string {
  const { stdout, stderr } = spawnSync("sqlite3", [path, sql], { encoding: "utf8" })
  return (stdout + stderr).trimEnd()
}

describe.skipIf(reason !== "")(`a capture without rights${reason}`, () => {
  it("writes on, expires and closes in a folder that it may not enter", () => {
    const path = join(folder, "private", "live.db")
    mkdirSync(join(folder, "private"), { mode: 0o700 })
    chmodSync(join(folder, "private"), 0o700)
    // Fifty batches of a hundred rows, one a second; row 4,864 is the last checkpoint, in second 49.
    const child = spawnSync(
      process.execPath,
      [join(import.meta.dirname, "live-case-child.ts"), path, "50", "100"],
      { encoding: "utf8" },
    )
    expect(child.stderr).toBe("")
    const { uid, refusal, expired, left } = JSON.parse(child.stdout) as Record<string, number | string>
    expect([child.status, uid, refusal]).toEqual([0, 65_534, "EACCES"])
    expect([expired, left]).toEqual([3900, 1100])
    expect(ask(path, "PRAGMA integrity_check")).toBe("ok")
    const wanted = "1100|1700000040|1700000050|0000003902|0000005001"
    expect(ask(path, "SELECT count(*), min(time), max(time), min(eid), max(eid) FROM user_events")).toBe(
      wanted,
    )
    expect(ask(path, "SELECT count(DISTINCT message) FROM user_events")).toBe("1100")
    expect(ask(path, "SELECT events FROM _sources")).toBe("5000")
    expect(ask(path, "SELECT value FROM _meta WHERE key = 'eid.user_events'")).toBe("5001")
    expect(ask(path, "SELECT count(*) FROM _meta WHERE key = 'live.writer'")).toBe("0")
    expect(ask(path, "SELECT exit_code FROM _runs")).toBe("0")
    expect(statSync(path).uid).toBe(65_534)
    // It could not leave WAL mode; whoever writes next does.
    openCaseFile(path).close()
    expect(ask(path, "PRAGMA journal_mode")).toBe("delete")
    expect(existsSync(`${path}-wal`)).toBe(false)
  })
})

describe.skipIf(reason !== "")(`a capture onto a full disk${reason}`, () => {
  const disk = join(folder, "disk")
  let isMounted = false

  beforeAll(() => {
    mkdirSync(disk)
    isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk]).status === 0
  })
  afterAll(() => {
    if (isMounted) spawnSync("umount", [disk])
  })

  it("loses no committed row, and goes on once there is room", ({ skip }) => {
    if (!isMounted) skip("no file system can be mounted here")
    const path = join(disk, "live.db")
    const rows = Array.from({ length: 100 }, () => rowOf(USER_EVENTS, { time: 7, message: "x".repeat(500) }))
    const store = openLiveCase(path)
    let batches = 0
    const fill = () => {
      for (; batches < 1000; batches++) store.commit(batchOf(rows))
    }
    expect(fill).toThrow(expect.objectContaining({ code: "SQLITE_FULL" }))
    expect(batches).toBeGreaterThan(3)
    expect(store.sizes().get("user_events")).toBe(batches * 100)
    expect(ask(path, "SELECT count(*) FROM user_events")).toBe(String(batches * 100))
    expect(spawnSync("mount", ["-o", "remount,size=12m", disk]).status).toBe(0)
    store.commit(batchOf(rows))
    store.close()
    expect(ask(path, "PRAGMA integrity_check")).toBe("ok")
    expect(ask(path, "SELECT count(*) FROM user_events")).toBe(String(batches * 100 + 100))
  })

  it("ends cleanly when it stays full", ({ skip }) => {
    if (!isMounted) skip("no file system can be mounted here")
    const path = join(disk, "full.db")
    const rows = Array.from({ length: 100 }, () => rowOf(USER_EVENTS, { time: 7, message: "x".repeat(500) }))
    const store = openLiveCase(path)
    let batches = 0
    const fill = () => {
      for (; batches < 1000; batches++) store.commit(batchOf(rows))
    }
    expect(fill).toThrow(expect.objectContaining({ code: "SQLITE_FULL" }))
    store.close()
    expect(ask(path, "PRAGMA integrity_check")).toBe("ok")
    expect(ask(path, "SELECT count(*) FROM user_events")).toBe(String(batches * 100))
  })
})
