import { spawn } from "node:child_process"
import { once } from "node:events"
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Check, noted, withAside } from "../../../../src/app/doctor/check.ts"
import { checkCase } from "../../../../src/app/doctor/check-case.ts"
import {
  checkText,
  doctorExitCode,
  doctorTotals,
  examine,
  forReport,
} from "../../../../src/app/doctor/doctor.ts"
import { thisMachine } from "../../../../src/app/doctor/this-machine.ts"
import { displayWidth } from "../../../../src/base/terminal.ts"
import { openCaseFile } from "../../../../src/store/sqlite/case-file.ts"
import { openLiveCase } from "../../../../src/store/sqlite/live-case.ts"
import { machine, NETLINK } from "./fake-machine.ts"

const LIVE_CHILD = join(import.meta.dirname, "../../store/sqlite/live-child.ts")
const folder = mkdtempSync(join(tmpdir(), "retrail-doctor-"))
const path = join(folder, "case.db")

beforeAll(() => {
  const store = openCaseFile(path)
  store.endRun(
    store.beginRun({ version: "0", args: [], started: "2026-01-01T00:00:00Z" }),
    "2026-01-01T00:00:01Z",
    0,
  )
  store.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

const CONTROL = "/etc/security/audit_control"

const find = (checks: readonly Check[], name: string) => checks.find((check) => check.name === name)

describe("the doctor", () => {
  it.each([
    ["20.20.2", "fail"],
    ["22.14.0", "fail"],
    ["22.15.0", "ok"],
    ["23.0.0", "warn"],
    ["26.1.0", "ok"],
  ])("calls Node.js %s %s", (nodeVersion, state) => {
    const checks = examine(machine({}, { nodeVersion }), undefined)
    expect(find(checks, "node")?.state).toBe(state)
    expect(doctorExitCode(checks)).toBe(state === "fail" ? 2 : 0)
  })

  it("fails without SQLite or zstd, and looks at no case then", () => {
    const checks = examine(machine({}, { hasZstd: false, sqlite: () => ({ error: "/srv/x" }) }), path)
    expect(checks.filter(({ state }) => state === "fail").map(({ name }) => name)).toEqual(["sqlite", "zstd"])
    expect(find(checks, "case")).toBeUndefined()
    expect(JSON.stringify(checks)).not.toContain("/srv/x")
  })

  it.each([
    [2 ** 20, "fail"],
    [2 ** 29, "warn"],
    [2 ** 31, "ok"],
    [null, "info"],
  ])("calls %s free bytes %s", (bytes, state) => {
    expect(find(examine(machine({}, { freeBytes: () => bytes }), undefined), "disk")?.state).toBe(state)
  })

  it("tells who holds the audit socket", () => {
    const owner = (lines: string) => {
      const files = { "/proc/net/netlink": NETLINK + lines, "/proc/self/loginuid": "1000" }
      return find(examine(machine(files), undefined), "audit owner")
    }
    expect(owner("")?.finding).toMatch(/^no audit socket .* 0 multicast listeners$/)
    expect(owner("0001 9   811        00000000 0\n0002 9   812 00000001 0\n")?.finding).toBe(
      "1 audit socket is open, as a rule auditd's; 1 multicast listener",
    )
    expect(owner("0001 0   811        00000000 0\n")?.finding).toMatch(/^no audit socket/)
  })

  it("reads capabilities and says unknown where it cannot", () => {
    const all = examine(
      machine({ "/proc/self/status": "Name:\tnode\nCapEff:\t000001ffffffffff\n" }),
      undefined,
    )
    expect(find(all, "capabilities")?.finding).toBe(
      "not root; NET_ADMIN, SYS_ADMIN, AUDIT_WRITE, AUDIT_CONTROL, AUDIT_READ, PERFMON, BPF",
    )
    const none = examine(machine({ "/proc/self/status": "CapEff:\t0000000000000000\n" }), undefined)
    expect(find(none, "capabilities")?.finding).toBe("not root; none that live sources need")
    const denied = examine(
      machine({
        "/proc/self/status": "denied",
        "/proc/net/netlink": "denied",
        "/proc/self/loginuid": "denied",
      }),
      undefined,
    )
    expect(find(denied, "capabilities")?.finding).toMatch(/^unknown/)
    expect(find(denied, "audit owner")?.finding).toMatch(/^unknown/)
  })

  it("notices that audit was switched off at boot", () => {
    const files = { "/proc/self/loginuid": "1000", "/proc/cmdline": "quiet audit=0 ro" }
    expect(find(examine(machine(files), undefined), "audit")?.finding).toContain("audit=0")
    expect(
      find(examine(machine({ ...files, "/proc/cmdline": "audit=01x" }), undefined), "audit")?.state,
    ).toBe("ok")
  })

  it.each(["linux", "darwin", "freebsd", "win32"])("runs on %s and fits into 80 columns", (platform) => {
    for (const check of examine(machine({}, { platform }), undefined)) {
      for (const line of checkText(check).split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80)
    }
  })

  it.each([
    ["darwin", {}, false, "info", /no \/dev\/auditpipe/, /audit_control\.example/],
    ["freebsd", {}, true, "info", /no \/dev\/auditpipe/, /auditd_enable="YES"/],
    ["darwin", { "/dev/auditpipe": "" }, true, "warn", /auditing is not set up/, /audit_control\.example/],
    ["darwin", { "/dev/auditpipe": "", [CONTROL]: "" }, false, "info", /not root/, /needs root/],
    ["freebsd", { "/dev/auditpipe": "", [CONTROL]: "" }, true, "ok", /capture bsm can read it/, /^$/],
  ] as const)(
    "on %s with %o as root: %s says of the audit pipe: %s",
    (platform, files, isRoot, state, finding, fix) => {
      const check = find(examine(machine(files, { platform, isRoot }), undefined), "auditpipe")
      expect(check).toMatchObject({ state, finding: expect.stringMatching(finding) })
      expect(check?.fix).toMatch(fix)
    },
  )

  it.each([
    [{}, true, "info", /macOS 13/, /^$/],
    [{ "/usr/bin/eslogger": "" }, false, "info", /not root/, /Full Disk Access/],
    [{ "/usr/bin/eslogger": "" }, true, "ok", /Full Disk Access/, /^$/],
  ] as const)("with %o as root: %s says of eslogger: %s", (files, isRoot, state, finding, fix) => {
    const check = find(examine(machine(files, { platform: "darwin", isRoot }), undefined), "eslogger")
    expect(check).toMatchObject({ state, finding: expect.stringMatching(finding) })
    expect(check?.fix).toMatch(fix)
  })

  it("examines this machine without a failure, and adds up", () => {
    // What a capture does to the kernel meanwhile is not this test's.
    const { kernel, left } = machine({})
    const checks = examine({ ...thisMachine(), kernel, left }, path)
    expect(find(checks, "sqlite")?.state).toBe("ok")
    expect(doctorTotals(checks)).toMatch(/^\d+ checks: 0 failed, \d+ warnings?$/)
  })

  it("shows the user's own words to eyes only, and harmless", () => {
    const check = withAside(noted("audit owner", "the owner is process 7"), "\x1b[31mevil")
    expect(checkText(check)).toBe("INFO  audit owner   the owner is process 7: \\x1b[31mevil\n")
    expect(JSON.stringify(forReport(check))).not.toContain("evil")
  })

  it("keeps paths and names to itself", () => {
    expect(JSON.stringify(examine(thisMachine(), path))).not.toContain(folder)
    expect(JSON.stringify(examine(thisMachine(), join(folder, "nowhere.db")))).not.toContain(folder)
  })
})

describe("the doctor of a case", () => {
  const states = (file: string) => Object.fromEntries(checkCase(file).map(({ name, state }) => [name, state]))
  const copy = (name: string, sql = "") => {
    const file = join(folder, name)
    copyFileSync(path, file)
    const db = new Database(file)
    db.exec(sql)
    db.close()
    return file
  }

  it("finds a whole one whole", () => {
    expect(states(path)).toEqual({ journal: "ok", case: "ok", runs: "ok", sources: "ok" })
  })

  it("notices a run and a source that never ended", () => {
    const sql =
      "UPDATE _runs SET ended = '', exit_code = NULL; INSERT INTO _sources (id, state) VALUES (1, 'reading')"
    expect(states(copy("killed.db", sql))).toMatchObject({ case: "ok", runs: "warn", sources: "warn" })
  })

  it("notices damage, a foreign file and a missing one", () => {
    const damaged = copy("damaged.db")
    const bytes = readFileSync(damaged)
    bytes.fill(0xff, 16384 * 2, 16384 * 3)
    writeFileSync(damaged, bytes)
    expect(states(damaged).case).toBe("fail")
    expect(states(copy("foreign.db", "PRAGMA application_id=1"))).toMatchObject({ case: "fail" })
    expect(states(join(folder, "nowhere.db"))).toEqual({ case: "fail" })
  })

  it("notices a commit that was cut off, and leaves its journal alone", () => {
    const file = copy("cut.db")
    // What a killed writer leaves: a journal that SQLite calls hot, because it names pages and nobody holds the file.
    const db = new Database(file)
    db.pragma("cache_size=1")
    db.pragma("cache_spill=1")
    db.exec("BEGIN; UPDATE _meta SET value = value || 'x'; CREATE TABLE t AS SELECT randomblob(900000) AS a")
    const journal = readFileSync(`${file}-journal`)
    const half = readFileSync(file)
    db.exec("ROLLBACK")
    db.close()
    writeFileSync(file, half)
    writeFileSync(`${file}-journal`, journal)
    expect(states(file)).toEqual({ journal: "warn", case: "warn" })
    expect(readFileSync(`${file}-journal`).equals(journal)).toBe(true)
    expect(readFileSync(file).equals(half)).toBe(true)
  })

  it("says so while another process writes", () => {
    const store = openCaseFile(copy("busy.db"))
    try {
      expect(states(join(folder, "busy.db")).case).toBe("warn")
    } finally {
      store.close()
    }
  })

  it("tells a capture that writes from one that was killed", async () => {
    const file = join(folder, "live.db")
    const child = spawn(process.execPath, [LIVE_CHILD, file])
    await once(child.stdout, "data")
    const busy = checkCase(file)
    expect(find(busy, "capture")?.finding).toBe(`being written by a capture (pid ${child.pid})`)
    const live = { journal: "info", case: "ok", capture: "info", runs: "info", sources: "info" }
    expect(states(file)).toEqual(live)
    child.kill("SIGKILL")
    await once(child, "exit")
    const left = { journal: "info", case: "ok", capture: "warn", runs: "warn", sources: "warn" }
    expect(states(file)).toEqual(left)
    openLiveCase(file).close()
    expect(states(file)).toMatchObject({ journal: "ok", case: "ok", runs: "warn" })
    expect(find(checkCase(file), "capture")).toBeUndefined()
  })
})
