import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { chainKey, orderChain, rotationOf } from "../../../src/sources/chain.ts"

function keyOf(path: string, member = ""): string {
  return chainKey({ path, member })
}

function order(names: readonly string[], times: Readonly<Record<string, number>> = {}): string[] {
  const links = names.map((name) => ({ name, firstTimeMs: times[name] ?? Number.NaN }))
  return orderChain(links).map((link) => link.name)
}

describe("chainKey", () => {
  it.each([
    "audit.log.1",
    "audit.log.12.gz",
    "audit.log.gz",
    "audit.log.zst",
    "audit.log.old",
    "audit.log-20260101",
    "audit.log-20260101.gz",
    "audit.log-2026010123",
    "audit.log-20260101-1767225600",
    "audit.log-20260101-1767225600.zst",
    "audit-20260101.log",
    "audit.3.log.gz",
  ])("puts %s with audit.log", (name) => {
    expect(keyOf(`/var/log/${name}`)).toBe(keyOf("/var/log/audit.log"))
  })

  it.each(["audit.log.bak", "audit.log-99999999", "audit.log.123456", "audit2.log", ".1", "app-2026.log"])(
    "keeps %s apart",
    (name) => {
      expect(keyOf(`/var/log/${name}`)).not.toBe(keyOf("/var/log/audit.log"))
    },
  )

  it("puts the trails of a folder together, however they ended", () => {
    const trail = keyOf("/var/audit/20260101000000.20260102000000")
    expect(keyOf("/var/audit/20260102000000.crash_recovery")).toBe(trail)
    expect(keyOf("/var/audit/20260103000000.not_terminated")).toBe(trail)
    expect(keyOf("/var/audit/20260101000000.20260102000000.gz")).toBe(trail)
    expect(keyOf("/var/audit/20260101000000.20260102000000-copy")).not.toBe(trail)
    expect(keyOf("/var/audit/2026010100000.20260102000000")).not.toBe(trail)
  })

  it("puts what the event log service archives before the log", () => {
    const archives = [1, 2].map((at) => `Archive-Security-2026-03-04-05-06-07-00${at}.evtx`)
    for (const name of archives) expect(keyOf(`/logs/${name}`)).toBe(keyOf("/logs/Security.evtx"))
    expect(keyOf("/logs/Archive-Security-2026-03-04.evtx")).not.toBe(keyOf("/logs/Security.evtx"))
    expect(order(["Security.evtx", ...archives.toReversed()])).toEqual([...archives, "Security.evtx"])
  })

  it("tells folders, archives and their members apart", () => {
    const keys = [
      keyOf("/a/audit.log"),
      keyOf("/b/audit.log"),
      keyOf("/a/x.tar", "audit.log"),
      keyOf("/a/x.tar", "b/audit.log"),
      keyOf("/a/y.tar", "audit.log"),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(keyOf("/a/x.tar", "b/audit.log.1.gz")).toBe(keyOf("/a/x.tar", "b/audit.log"))
  })

  it("takes apart any name in one go", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const { stem, value } = rotationOf(name)
        expect(Number.isSafeInteger(value) || Object.is(value, -0)).toBe(true)
        expect(stem.length).toBeLessThanOrEqual(Math.max(name.length, 6))
      }),
    )
  })
})

describe("orderChain", () => {
  it("reads numbers from high to low and the current file last", () => {
    const names = ["audit.log", "audit.log.1", "audit.log.10.gz", "audit.log.2", "audit.log.old"]
    expect(order(names)).toEqual([
      "audit.log.10.gz",
      "audit.log.2",
      "audit.log.1",
      "audit.log.old",
      "audit.log",
    ])
  })

  it("reads dates upwards, before numbers", () => {
    const names = [
      "a.log",
      "a.log.1",
      "a.log-20260102",
      "a.log-20260101-1767225600",
      "a.log-20260101",
      "a.log-20251231",
    ]
    expect(order(names)).toEqual([
      "a.log-20251231",
      "a.log-20260101",
      "a.log-20260101-1767225600",
      "a.log-20260102",
      "a.log.1",
      "a.log",
    ])
  })

  it("reads trails by when they were begun", () => {
    const names = [
      "20260103000000.not_terminated",
      "20260102000000.crash_recovery",
      "20260101000000.20260102000000",
    ]
    expect(order(names)).toEqual([...names].reverse())
  })

  it("believes times over names, among the files that have one", () => {
    expect(order(["l", "l.1", "l.2"], { l: 1, "l.1": 2, "l.2": 3 })).toEqual(["l", "l.1", "l.2"])
    expect(order(["l", "l.1", "l.2", "l.3"], { "l.1": 5, "l.3": 9 })).toEqual(["l.1", "l.2", "l.3", "l"])
  })

  it("does not depend on the order it is given", () => {
    const names = ["l", "l.1", "l.1.gz", "l.2", "l-20260101", "l.old", "l.10"]
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (shuffled) => {
        expect(order(shuffled, { "l.2": 7, "l.1": 3 })).toEqual(order(names, { "l.2": 7, "l.1": 3 }))
      }),
    )
  })
})
