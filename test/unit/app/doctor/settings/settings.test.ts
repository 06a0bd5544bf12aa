import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import type { Check } from "../../../../../src/app/doctor/check.ts"
import { examine, forReport, type Settings } from "../../../../../src/app/doctor/doctor.ts"
import { OsqueryFlags } from "../../../../../src/pipeline/flags/osquery-flags.ts"
import { openCaseFile } from "../../../../../src/store/sqlite/case-file.ts"
import { openLiveCase } from "../../../../../src/store/sqlite/live-case.ts"
import { machine } from "../fake-machine.ts"

const folder = mkdtempSync(join(tmpdir(), "retrail-settings-"))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

function write(text: string, mode = 0o644): string {
  const path = join(folder, `file-${files++}`)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

/** Only what the settings have checks for. */
function check(casePath: string | undefined, settings: Settings): Check[] {
  const names = ["flags", "case flags", "schedule"]
  return examine(machine({}), casePath, settings).filter(({ name }) => names.includes(name))
}

const checkFlags = (flagfile: string | undefined, casePath: string | undefined) =>
  check(casePath, { flagfile })

const lines = (checks: readonly Check[]) => checks.map(({ state, finding }) => `${state}: ${finding}`)

/** The command line of osquery's guide, as a flag file. */
const GUIDE =
  "--audit_allow_config=true\n--audit_allow_sockets=true\n--audit_persist=true\n--disable_audit=false\n--events_expiry=1\n--events_max=50000\n--logger_plugin=filesystem\n--disable_events=false\n"

describe("flags", () => {
  it("are not spoken of unless somebody gives them", () => {
    expect(checkFlags(undefined, undefined)).toEqual([])
    const path = join(folder, "plain.db")
    openCaseFile(path).close()
    expect(checkFlags(undefined, path)).toEqual([])
    expect(checkFlags(undefined, join(folder, "nowhere.db"))).toEqual([])
  })

  it("of osquery's guide are all right", () => {
    expect(lines(checkFlags(write(GUIDE), undefined))).toEqual([
      "ok: disable_events=false, disable_audit=false, audit_allow_config=true, audit_persist=true, audit_allow_process_events=true, audit_allow_sockets=true",
      "ok: events_expiry=1: rows go after 1 second; at most 50 000 batches a table",
    ])
  })

  it("that are missing are told with what follows", () => {
    const checks = checkFlags(write("--events_expiry=0\n"), undefined)
    expect(lines(checks)).toEqual([
      "ok: disable_events=false, audit_persist=true, audit_allow_process_events=true",
      "warn: disable_audit is not set, thus true: the audit socket is not opened",
      "warn: audit_allow_config is not set, thus false: no rules are set, and audit is not switched on",
      "info: audit_allow_sockets=false: socket_events stays empty",
      "info: events_expiry=0: rows are kept for ever, at most 50 000 batches a table",
    ])
    expect(checks[1]?.fix).toContain("--disable_audit=false")
  })

  it("that are wrong on purpose are failures", () => {
    const text =
      "--disable_events\n--disable_audit=true\n--noaudit_allow_config\n--audit_persist=false\n--audit_allow_process_events=false"
    const states = checkFlags(write(text), undefined).map(({ state }) => state)
    expect(states).toEqual(["fail", "fail", "warn", "warn", "warn", "info", "ok"])
  })

  it("that nobody knows are counted, and named to eyes only", () => {
    const bad = checkFlags(write("--audit_alow_sockets=true\n--audit_persist=perhaps\n"), undefined).at(-1)
    expect(bad).toMatchObject({ state: "warn", finding: "2 settings not understood" })
    expect(bad?.aside).toContain("audit_alow_sockets")
    expect(JSON.stringify(forReport(bad as Check))).not.toContain("alow")
  })

  it("come from regular files only", () => {
    mkdirSync(join(folder, "sub"))
    for (const path of [join(folder, "nowhere"), join(folder, "sub"), "/dev/zero"]) {
      expect(lines(checkFlags(path, undefined))).toEqual(["fail: the flag file cannot be read"])
    }
    const inner = checkFlags(write("--flagfile=/dev/zero\n"), undefined).at(-1)
    expect(inner?.aside).toContain("cannot be read")
  })

  it("of a capture are read from its case", () => {
    const path = join(folder, "live.db")
    const store = openLiveCase(path)
    const flags = new OsqueryFlags()
    flags.set("disable_audit", "false", "command-line")
    flags.set("events_expiry", "60", "command-line")
    const rows = flags.rows().map(({ default_value, shell_only, ...row }) => {
      return { ...row, defaultValue: default_value, isShellOnly: shell_only === 1 }
    })
    store.setFlags(rows)
    // Also while it is being written.
    expect(lines(checkFlags(undefined, path))).toContain(
      "warn: audit_allow_config=false: no rules are set, and audit is not switched on",
    )
    store.close()
    const checks = checkFlags(undefined, path)
    expect(new Set(checks.map(({ name }) => name))).toEqual(new Set(["case flags"]))
    expect(lines(checks)[0]).toContain("disable_audit=false")
    expect(lines(checks)).toContain(
      "ok: events_expiry=60: rows go after 60 seconds; at most 50 000 batches a table",
    )
  })

  it("are not read from a view, which could run for ever", () => {
    const path = join(folder, "hostile.db")
    openCaseFile(path).close()
    const db = new Database(path)
    db.exec(
      "DROP TABLE IF EXISTS osquery_flags; CREATE VIEW osquery_flags AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT 'a' AS name, n AS value FROM t WHERE n < 0",
    )
    db.close()
    expect(checkFlags(undefined, path)).toEqual([])
  })
})

describe("a schedule", () => {
  const config = (...queries: readonly string[]) =>
    JSON.stringify({
      schedule: Object.fromEntries(
        queries.map((query, at) => [`secret${at}`, { query, interval: 60 }] as const),
      ),
    })
  const checkText = (text: string, flagfile?: string) =>
    check(undefined, { config: write(text), flagfile }).filter(({ name }) => name === "schedule")

  it("reads the event tables", () => {
    const text = config(
      "SELECT * FROM process_events",
      "SELECT 1 FROM uptime",
      "select pid from socket_events",
    )
    expect(lines(checkText(text))).toEqual(["ok: 3 queries; they read process_events, socket_events"])
  })

  it("reads them through a pack as well", () => {
    const packs = { one: { queries: { q: { query: "SELECT pid FROM process_events", interval: 10 } } } }
    expect(lines(checkText(JSON.stringify({ packs })))).toEqual(["ok: 1 query; they read process_events"])
    const other = { one: { platform: "darwin", ...packs.one } }
    expect(checkText(JSON.stringify({ packs: other }))[0]?.state).toBe("warn")
  })

  it("that reads none of them logs nothing", () => {
    expect(lines(checkText(config("SELECT 'process_events' FROM user_events")))).toEqual([
      "warn: 1 query, none over process_events or socket_events; they read user_events",
    ])
    expect(lines(checkText("{}"))).toEqual(["warn: 0 queries, none over process_events or socket_events"])
  })

  it("is held against the flags", () => {
    const text = config("SELECT * FROM socket_events")
    expect(lines(checkText(text, write(GUIDE)))).toHaveLength(1)
    const [, empty] = checkText(text, write("--disable_audit=false\n"))
    expect(empty?.finding).toMatch(/^a query reads socket_events, which/)
    expect(empty?.fix).toMatch(/^Set --audit_allow_sockets=true/)
    const disabled = JSON.stringify({
      ...JSON.parse(text),
      events: { disable_subscribers: ["socket_events"] },
    })
    expect(checkText(disabled, write(GUIDE))[1]?.state).toBe("warn")
  })

  it("brings options that win over the flag file", () => {
    const options = { audit_allow_sockets: true, audit_persist: false }
    const text = JSON.stringify({ ...JSON.parse(config("SELECT * FROM socket_events")), options })
    const flagfile = write("--disable_audit=false\n--audit_allow_config=true\n")
    expect(lines(check(undefined, { config: write(text), flagfile })).slice(0, 2)).toEqual([
      "ok: disable_events=false, disable_audit=false, audit_allow_config=true, audit_allow_process_events=true, audit_allow_sockets=true",
      "warn: audit_persist=false: a socket that another program takes is not taken back",
    ])
    expect(checkText(text, flagfile)).toHaveLength(1)
  })

  it("tells what is wrong with a config to eyes only", () => {
    const text = JSON.stringify({
      schedule: { mine: { query: "SELECT * FROM process_events", interval: 0 } },
      options: { secret_option: 1 },
    })
    const [, bad] = checkText(text)
    expect(bad).toMatchObject({
      state: "warn",
      finding: "2 settings of the config left out or not understood",
    })
    expect(bad?.aside).toMatch(/mine: .*; .*secret_option/)
    for (const path of [write("{"), write("{}", 0o666), join(folder, "nowhere")]) {
      const [failure] = check(undefined, { config: path })
      expect(failure).toMatchObject({ state: "fail", finding: "the config cannot be used" })
      expect(JSON.stringify(forReport(failure as Check))).not.toContain(folder)
    }
  })
})
