/** What inspect, stats and the doctor say of classes and policies that a trail holds nothing of. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import Database from "better-sqlite3"
import { expect, it, onTestFinished } from "vitest"
import { describeSilences, findSilences } from "../../../src/app/audit-flags.ts"
import { checkCase } from "../../../src/app/doctor/check-case.ts"
import { readStats } from "../../../src/app/stats/stats.ts"
import { statsJson, statsText } from "../../../src/app/stats/stats-text.ts"
import { noCoverage } from "../../../src/normalize/bsm/audit-coverage.ts"
import { createSchema } from "../../../src/store/sqlite/case-schema.ts"
import { args, argument, env, exit, inet, record, returns, subject, text } from "../normalize/bsm/made.ts"
import { Reading, type Row } from "../normalize/bsm/rows-of.ts"

const EXEC = record(23, [args("a"), subject(), returns()])
const EVERYTHING = [
  record(23, [args("a"), env("A=1"), subject(), returns()]),
  record(1, [exit(0), subject(), returns()]),
  record(32, [argument(1, 3), inet("192.0.2.1", 1), subject(), returns()]),
  record(6152, [subject(), text("successful login alice"), returns()]),
  record(45_023, [subject(), returns()]),
]

interface Trail {
  readonly host: string
  readonly records: readonly Buffer[]
}

/** A case with the rows of these trails. */
function makeCase(trails: readonly Trail[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), "retrail-bsm-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, "case.db")
  const db = new Database(file)
  createSchema(db)
  const insert = (table: string, row: Row): void => {
    const names = Object.keys(row)
    const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`
    db.prepare(sql).run(...Object.values(row))
  }
  for (const { host, records } of trails) {
    insert("_sources", { id: 1, format: "bsm", state: "done", events: records.length })
    for (const { table, values } of new Reading("macos", { host }).read(...records).sink.rows)
      insert(table, values)
  }
  db.close()
  return file
}

const settings = (...records: readonly Buffer[]): string[] =>
  findSilences(new Reading().read(...records).normalizer.coverage).map(({ setting }) => setting)

it("names each setting of which there is nothing, and none of which there is something", () => {
  expect(settings(EXEC)).toEqual(["policy arge", "flags pc", "flags nt", "flags lo", "flags aa"])
  expect(settings(record(23, [subject(), returns()]))[0]).toBe("policy argv")
  expect(settings(...EVERYTHING.slice(1))).toEqual(["flags ex"])
  expect(settings(...EVERYTHING)).toEqual([])
  expect(findSilences(noCoverage())).toEqual([])
})

it("a failed exec may have come to nothing before its arguments were read", () => {
  expect(settings(...EVERYTHING, record(23, [subject(), returns(2)]))).toEqual([])
  expect(settings(record(23, [subject(), returns(2)]))[0]).toBe("flags ex")
})

it("says among how many records", () => {
  const { coverage } = new Reading().read(EXEC, ...EVERYTHING.slice(1, 4)).normalizer
  expect(describeSilences(findSilences(coverage), coverage.records)).toBe(
    "no environment in 1 exec (policy arge), no authentication (flags aa) among 4 BSM records: docs/bsm-policy.md says what audit_control would add",
  )
})

it("stats and the doctor name the hosts, and how to switch it on", () => {
  const file = makeCase([
    { host: "mac-1", records: EVERYTHING },
    { host: "mac-2\u001b[31m", records: EVERYTHING.slice(0, 3) },
    { host: "mac-3", records: [...EVERYTHING.slice(1), EXEC] },
  ])
  const stats = statsText(readStats(file, 10), null)
  expect(stats).toContain(
    "Trails of 2 hosts hold no logins, su, ssh (flags lo), no sudo, authentications and authorizations (flags aa), no environments (policy arge).",
  )
  expect(stats).toContain("Hosts: mac-2\\x1b[31m, mac-3\n")
  expect(stats).toContain("policy:cnt,argv,arge\n    then: audit -s\n")
  expect(JSON.parse(statsJson(readStats(file, 10), false))).toMatchObject({
    auditFlags: { hosts: [{ host: "mac-2\u001b[31m" }, { host: "mac-3" }], missing: [{ hosts: 1 }, {}, {}] },
  })
  const check = checkCase(file).find(({ name }) => name === "audit flags")
  expect(check).toMatchObject({ state: "warn", aside: "mac-2\u001b[31m, mac-3" })
  expect(check?.finding).not.toContain("mac-")
})

it("is content where everything is there, and silent without a trail", () => {
  const whole = makeCase([{ host: "", records: EVERYTHING }])
  expect(statsText(readStats(whole, 10), null)).not.toContain("audit_control")
  expect(checkCase(whole).find(({ name }) => name === "audit flags")).toMatchObject({ state: "ok" })
  const none = makeCase([])
  expect(statsJson(readStats(none, 10), false)).not.toContain("auditFlags")
  expect(checkCase(none).some(({ name }) => name === "audit flags")).toBe(false)
})

it("a trail that gives no rows at all is said to hold nothing", () => {
  const file = makeCase([{ host: "", records: [record(45_000, [text("auditd::Audit startup"), returns()])] }])
  expect(statsText(readStats(file, 10), null)).toContain("no programs that were started (flags ex)")
})
