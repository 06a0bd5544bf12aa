/** One capture in every form that it was saved in gives the same rows, as far as the form holds them. */
import { readFileSync } from "node:fs"
import path from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import {
  differences,
  essence,
  hasShared,
  PLACE_COLUMNS,
  type Reading,
  readBytes,
  readPaths,
  SHARED,
} from "./read-rows.ts"

const REAL = path.join(SHARED, "linux-audit/real")
const JOURNAL = path.join(REAL, "journald")
const SAME = { missing: [], extra: [] }

function compare(a: Reading, b: Reading, lost: readonly string[] = []) {
  const leaveOut = [...PLACE_COLUMNS, ...lost]
  return differences(essence(a, leaveOut), essence(b, leaveOut))
}

describe.skipIf(!hasShared)("auditd's and the kernel's forms of one capture (needs ../shared)", () => {
  let raw: Reading

  beforeAll(async () => {
    raw = await readPaths([path.join(REAL, "audit.log")])
  }, 60_000)

  it.each([
    ["audit.with-eoe.log", 18_556],
    ["netlink.bin", 18_556],
  ])("%s loses nothing", async (file, records) => {
    const reading = await readPaths([path.join(REAL, file)])
    expect(compare(raw, reading)).toEqual(SAME)
    expect([reading.records, reading.events, reading.problems]).toEqual([records, 4135, []])
  })

  it("the enriched log adds the names of accounts, and nothing else", async () => {
    const reading = await readPaths([path.join(REAL, "audit.enriched.log")])
    expect(compare(raw, reading, ["username"])).toEqual(SAME)
    expect([reading.records, reading.events, reading.problems]).toEqual([14_513, 4135, []])
    const names = new Map<unknown, Set<unknown>>()
    for (const { uid, username } of reading.rows.get("process_events") ?? []) {
      names.set(uid, (names.get(uid) ?? new Set()).add(username))
    }
    expect([...(names.get(0) ?? [])]).toEqual(["root"])
    expect([...(names.get(1001) ?? [])]).toEqual(["alice"])
    for (const [at, row] of (raw.rows.get("user_events") ?? []).entries()) {
      if (row.username !== "") expect(reading.rows.get("user_events")?.[at]?.username).toBe(row.username)
    }
  })
})

describe.skipIf(!hasShared)("printk's forms of one boot (needs ../shared)", () => {
  it("dmesg, dmesg -T and dmesg --raw hold the same records, gaps and lines of others", async () => {
    const [plain, human, raw] = await Promise.all(
      ["dmesg.txt", "dmesg-T.txt", "dmesg.raw.txt"].map((file) => readPaths([path.join(REAL, file)])),
    )
    const facts = (reading: Reading | undefined) => [
      reading?.records,
      reading?.events,
      reading?.otherLines,
      reading?.problems,
      reading?.gaps.map(({ offset, ...gap }) => gap),
    ]
    expect(facts(plain)).toEqual([16, 9, 1, [], expect.any(Array)])
    expect(facts(human)).toEqual(facts(plain))
    expect(facts(raw)).toEqual(facts(plain))
    expect(plain?.gaps.map(({ kind }) => kind)).not.toContain("serial-restart")
  })

  it("dmesg --json that was cut at its front loses the entry that was cut, and says so", async () => {
    const reading = await readPaths([path.join(REAL, "dmesg.json.txt")])
    expect([reading.records, reading.rejected]).toEqual([9, 1])
    expect(reading.problems).toMatchObject([{ code: "linux-audit/bad-json", severity: "error", offset: 9 }])
  })
})

interface Entry {
  readonly _AUDIT_ID: string
  readonly _AUDIT_TYPE_NAME: string
  readonly _SOURCE_REALTIME_TIMESTAMP: string
}

/** The journal's entries as auditd would have written them. `-o cat` holds what JSON leaves out. */
function writeRawLog(): string {
  const pretty = readFileSync(path.join(JOURNAL, "journal.json-pretty"), "utf8")
  const entries = JSON.parse(`[${pretty.replaceAll(/^\}\n(?=\{)/gm, "},\n")}]`) as Entry[]
  const messages = readFileSync(path.join(JOURNAL, "journal.cat"), "utf8").split("\n").filter(Boolean)
  if (entries.length !== messages.length) throw new Error("the journal's forms differ in length")
  return entries
    .map((entry, at) => {
      const us = entry._SOURCE_REALTIME_TIMESTAMP
      const stamp = `${us.slice(0, -6)}.${us.slice(-6, -3)}:${entry._AUDIT_ID}`
      const body = messages[at]?.slice(entry._AUDIT_TYPE_NAME.length + 1).trimStart()
      return `type=${entry._AUDIT_TYPE_NAME} msg=audit(${stamp}): ${body}\n`
    })
    .join("")
}

describe.skipIf(!hasShared)("journald's forms of one stretch (needs ../shared)", () => {
  const modified = new Date("2026-11-22T00:00:00Z")
  const read = (form: string) =>
    readBytes(readFileSync(path.join(JOURNAL, `journal.${form}`)), { name: `journal.${form}`, modified })
  const NO_SERIAL = ["record_id"]
  const NO_MILLISECONDS = [...NO_SERIAL, "time_ns"]
  const NO_TIME = [...NO_MILLISECONDS, "time"]
  let raw: Reading

  beforeAll(async () => {
    raw = await readBytes(writeRawLog())
  }, 60_000)

  it("is a stretch with rows to compare", () => {
    expect([raw.records, raw.events, raw.problems]).toEqual([273, 63, []])
    const counts = Object.fromEntries([...raw.rows].map(([table, rows]) => [table, rows.length]))
    expect(counts).toEqual({ process_events: 13, socket_events: 29, user_events: 12 })
  })

  it("short loses serials and milliseconds", async () => {
    const reading = await read("short")
    expect(compare(raw, reading, NO_MILLISECONDS)).toEqual(SAME)
    expect([reading.records, reading.events, reading.problems]).toEqual([273, 63, []])
  })

  it("short-iso loses serials and milliseconds", async () => {
    const reading = await read("short-iso")
    expect(compare(raw, reading, NO_MILLISECONDS)).toEqual(SAME)
    expect([reading.records, reading.events, reading.problems]).toEqual([273, 63, []])
  })

  it("cat loses serials, times and hosts", async () => {
    const reading = await read("cat")
    expect(compare(raw, reading, NO_TIME)).toEqual(SAME)
    expect([reading.records, reading.events, reading.problems]).toEqual([273, 63, []])
    expect(reading.rows.get("process_events")?.every((row) => row.time === null && row.host === "")).toBe(
      true,
    )
  })

  // journal.json ends one entry earlier than the others.
  it.each([
    ["json", 271, 62],
    ["json-pretty", 272, 63],
  ])("%s loses the long messages only, and says so", async (form, records, events) => {
    const reading = await read(form)
    expect([reading.records, reading.rejected, reading.events]).toEqual([records, 1, events])
    expect(reading.problems.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "warning linux-audit/journal-null-message",
      "error linux-audit/journal-null-message",
      "warning linux-audit/execve-arguments",
    ])
    // The exec whose EXECVE records were left out keeps everything but its arguments.
    const ARGUMENTS = ["cmdline", "cmdline_size", "argv"]
    expect(compare(raw, reading, ARGUMENTS)).toEqual(SAME)
    const { missing, extra } = compare(raw, reading)
    expect([missing.length, extra.length]).toEqual([1, 1])
  })
})
