import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import {
  essence,
  hasShared,
  type KeptRecord,
  placeless,
  runFramer,
  SHARED,
  WITHOUT_SHARED,
} from "./run-framer.ts"

const JOURNAL = path.join(SHARED, "real/journald")
const read = (form: string): Buffer => readFileSync(path.join(JOURNAL, `journal.${form}`))

const ENTRY = {
  __CURSOR: "s=1;i=1",
  __REALTIME_TIMESTAMP: "1795299274990908",
  _HOSTNAME: "web-1",
  _TRANSPORT: "audit",
  _AUDIT_TYPE: "1309",
  _AUDIT_TYPE_NAME: "EXECVE",
  _AUDIT_ID: "14399",
  _SOURCE_REALTIME_TIMESTAMP: "1795299274992000",
  MESSAGE: 'EXECVE argc=1 a0="/bin/true"',
}
const RECORD = {
  type: 1309,
  typeName: "",
  node: "web-1",
  sec: 1795299274,
  nsec: 992_000_000,
  serial: 14399,
  hasSerial: true,
  body: 'argc=1 a0="/bin/true"',
}
const TEXT = JSON.stringify(ENTRY)

/** One entry as `journalctl -o export` writes it; names in `binary` take the binary form. */
function exported(entry: Record<string, string>, binary: readonly string[] = []): Buffer {
  const pieces: Buffer[] = []
  for (const [name, value] of Object.entries(entry)) {
    if (!binary.includes(name)) {
      pieces.push(Buffer.from(`${name}=${value}\n`))
      continue
    }
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(value)))
    pieces.push(Buffer.from(`${name}\n`), length, Buffer.from(`${value}\n`))
  }
  return Buffer.concat([...pieces, Buffer.from("\n")])
}

/** One entry as `journalctl -o verbose` writes it. */
function verbose(entry: Record<string, string>): string {
  const fields = Object.entries(entry).filter(([name]) => !name.startsWith("__"))
  const header = "Sat 2026-11-21 22:14:34.990908 UTC [s=1;i=3;b=65;m=7282;t=660d0af8d253c;x=61]"
  return [header, ...fields.map(([name, value]) => `    ${name}=${value}`)].join("\n").concat("\n")
}

describe("a journal entry", () => {
  it.each([
    ["journald-json", `${TEXT}\n`],
    ["journald-json", `\x1e${TEXT}\n`],
    ["journald-json", `data: ${TEXT}\n\n`],
    ["journald-json-pretty", `${JSON.stringify(ENTRY, null, "\t")}\n`],
    ["journald-json-pretty", `[${TEXT}]`],
    ["journald-export", exported(ENTRY)],
    ["journald-export", exported(ENTRY, ["MESSAGE", "_HOSTNAME"])],
    ["journald-export", exported(ENTRY).subarray(0, -1)],
    ["journald-verbose", verbose(ENTRY)],
  ] as const)("is the same record as %s (%#)", (variant, text) => {
    const { records, problems, foreign } = runFramer(variant, text)
    expect(records.map(placeless)).toEqual([RECORD])
    expect([problems, foreign]).toEqual([[], []])
  })

  it("takes the time of receipt where the audit stamp is missing, and makes up a serial", () => {
    const { _SOURCE_REALTIME_TIMESTAMP, _AUDIT_ID, ...rest } = ENTRY
    const { records, problems } = runFramer("journald-json", `${JSON.stringify(rest)}\n`)
    expect(records.map(placeless)).toEqual([{ ...RECORD, nsec: 990_908_000, serial: 1, hasSerial: false }])
    expect(problems).toEqual([])
  })

  it("keeps bytes that are not UTF-8", () => {
    const bytes = [...Buffer.from("EXECVE argc=1 a0=\xff", "latin1")]
    const { records } = runFramer("journald-json", `${JSON.stringify({ ...ENTRY, MESSAGE: bytes })}\n`)
    expect(records[0]?.body).toBe("argc=1 a0=\xff")
  })

  it("is put together from its fields where the exporter left the message out", () => {
    const fields = {
      ...ENTRY,
      MESSAGE: null,
      _AUDIT_FIELD_A10: '"x"',
      _AUDIT_FIELD_A2: "FF",
      _AUDIT_FIELD_ARGC: "11",
      _AUDIT_FIELD_A0: '"/bin/true"',
    }
    const { records, problems } = runFramer("journald-json", `${JSON.stringify(fields)}\n`)
    expect(records.map(placeless)).toEqual([{ ...RECORD, body: 'argc=11 a0="/bin/true" a2=FF a10="x"' }])
    expect(problems).toMatchObject([{ code: "linux-audit/journal-null-message", severity: "warning" }])
  })

  it("is put together with its decoded values encoded again", () => {
    const fields = {
      ...ENTRY,
      _AUDIT_TYPE: "1123",
      _AUDIT_TYPE_NAME: "USER_CMD",
      MESSAGE: null,
      _PID: "7",
      _EXE: "/bin/a b",
      AUDIT_FIELD_CMD: "ls -l",
      AUDIT_FIELD_RES: "success",
    }
    const { records } = runFramer("journald-json", `${JSON.stringify(fields)}\n`)
    expect(records[0]?.body).toBe("pid=7 exe=2F62696E2F612062 msg='cmd=6C73202D6C res=success'")
  })

  it("is an error where nothing of it is left", () => {
    const { records, problems, foreign } = runFramer(
      "journald-json",
      `${JSON.stringify({ ...ENTRY, MESSAGE: null })}\n`,
    )
    expect([records, foreign]).toEqual([[], []])
    expect(problems).toMatchObject([
      { code: "linux-audit/journal-null-message", severity: "error", offset: 0 },
    ])
  })

  it("is a record when it is a line of the kernel's log that is one, else foreign", () => {
    const kernel = {
      ...ENTRY,
      _TRANSPORT: "kernel",
      MESSAGE: 'audit: type=1400 audit(1.002:3): apparmor="STATUS"',
    }
    const { _AUDIT_TYPE, ...rest } = kernel
    const other = { ...rest, MESSAGE: "usb 1-1: new device" }
    const forged = { ...rest, _TRANSPORT: "stdout" }
    const { records, problems, foreign } = runFramer(
      "journald-json",
      [rest, other, forged].map((entry) => JSON.stringify(entry)).join("\n"),
    )
    expect(
      records.map((record) => [record.type, record.node, record.sec, record.serial, record.body]),
    ).toEqual([[1400, "web-1", 1, 3, 'apparmor="STATUS"']])
    expect(foreign).toHaveLength(2)
    expect(problems).toEqual([])
  })
})

describe("a damaged journal", () => {
  it("goes on with the next object after one that is no JSON", () => {
    const pretty = JSON.stringify(ENTRY, null, "\t")
    const broken = pretty.replace('"web-1",', '"web-1')
    const unclosed = pretty.slice(0, -2)
    const { records, problems } = runFramer(
      "journald-json-pretty",
      [pretty, broken, pretty, unclosed, pretty].join("\n"),
    )
    expect(records.map(placeless)).toEqual([RECORD, RECORD, RECORD])
    expect(problems.map((problem) => [problem.code, problem.offset])).toEqual([
      ["linux-audit/bad-json", pretty.length + 1],
      ["linux-audit/bad-json", pretty.length * 2 + broken.length + 3],
    ])
  })

  it("does not believe the length of a binary field", () => {
    const good = exported(ENTRY, ["MESSAGE"])
    for (const length of [0xffff_ffff_ffff_ffffn, 0x7fff_ffffn, 1_000_000n, 3n, 0n]) {
      const bad = Buffer.from(good)
      bad.writeBigUInt64LE(length, bad.indexOf("MESSAGE\n") + 8)
      const { records, problems } = runFramer("journald-export", Buffer.concat([good, bad, good]))
      expect(records.map(placeless)).toEqual([RECORD, RECORD])
      expect(problems).toMatchObject([
        { code: "linux-audit/journal-damaged", severity: "error", offset: good.length },
      ])
    }
  })

  it("does not believe a length that ends before a text that reads like a field", () => {
    const value = "EXECVE argc=1 NAME=1"
    const bad = exported({ ...ENTRY, MESSAGE: value }, ["MESSAGE"])
    bad.writeBigUInt64LE(BigInt(value.length - " NAME=1".length), bad.indexOf("MESSAGE\n") + 8)
    const { records, problems } = runFramer("journald-export", Buffer.concat([bad, exported(ENTRY)]))
    expect(records.map(placeless)).toEqual([RECORD])
    expect(problems).toMatchObject([{ code: "linux-audit/journal-damaged", offset: 0, length: bad.length }])
  })

  it("reports lines that belong to no entry as one stretch, and values shown as blob", () => {
    const blob = verbose({ ...ENTRY, MESSAGE: "[4.2K blob data]", _AUDIT_FIELD_ARGC: "1" })
    const { records, problems, foreign } = runFramer(
      "journald-verbose",
      `-- Boot 1 --\n${blob}junk\n  junk\n${verbose(ENTRY)}`,
    )
    expect(records.map(placeless)).toEqual([{ ...RECORD, body: "argc=1" }, RECORD])
    expect(problems).toMatchObject([
      { code: "linux-audit/journal-null-message", severity: "warning" },
      { code: "linux-audit/journal-damaged", severity: "error", offset: 13 + blob.length, length: 12 },
    ])
    expect(foreign).toEqual([[0, 12]])
  })
})

describe.skipIf(!hasShared)(`one capture in several forms ${WITHOUT_SHARED}`, () => {
  const json = (): ReturnType<typeof runFramer> => runFramer("journald-json", read("json"))

  it("gives the same records from json and json-pretty", () => {
    const [lines, pretty] = [json(), runFramer("journald-json-pretty", read("json-pretty"))]
    expect(lines.records).toHaveLength(271)
    // json was exported before the last record of the others came.
    expect(pretty.records).toHaveLength(272)
    expect(pretty.records.slice(0, -1).map(sorted)).toEqual(lines.records.map(sorted))
    expect(lines.problems.map((problem) => [problem.code, problem.severity])).toEqual([
      ["linux-audit/journal-null-message", "warning"],
      ["linux-audit/journal-null-message", "error"],
    ])
    expect(pretty.problems.map((problem) => problem.code)).toEqual(
      lines.problems.map((problem) => problem.code),
    )
  })

  it.each(["short", "short-iso", "cat"])("finds the events of json in %s by adjacency", (form) => {
    const variant = form === "cat" ? "journald-cat" : "journald-short"
    const { records, problems, foreign } = runFramer(variant, read(form))
    expect([problems, foreign]).toEqual([[], []])
    const serials = new Map<string, string[]>()
    for (const record of records) {
      const key = String(record.serial)
      serials.set(key, [...(serials.get(key) ?? []), `${record.type} ${record.body}`])
    }
    const events = new Set([...serials.values()].map((event) => event.join("\n")))
    const expected = eventsOf(json().records)
    const missing = expected.filter((event) => !events.has(event))
    expect(missing.filter((event) => !event.includes("a1_len"))).toEqual([])
    expect(serials.size).toBe(expected.length + 1)
    if (form !== "cat") expect(records[0]).toMatchObject({ sec: 1795299274, node: "vm", hasSerial: false })
    else expect(records[0]?.sec).toBeNaN()
  })

  it("gives what journalctl's own export gives from jq's view of the same entries", () => {
    const jq = execFileSync(
      "jq",
      ["-j", 'to_entries | map(select(.value | type == "string") | .key + "=" + .value + "\n") | add + "\n"'],
      {
        input: read("json"),
      },
    )
    const { records } = runFramer("journald-export", jq)
    const expected = new Map(json().records.map((record) => [essence(record), record]))
    for (const record of records) expect(expected.has(essence(record))).toBe(true)
    expect(records.length).toBe(271)
  })
})

/** Fields that were put together come in the order of the exporter: compare without it. */
function sorted(record: KeptRecord): unknown {
  return { ...placeless(record), body: record.body.split(" ").sort() }
}

function eventsOf(records: readonly KeptRecord[]): string[] {
  const events = new Map<number, string[]>()
  for (const record of records) {
    events.set(record.serial, [...(events.get(record.serial) ?? []), `${record.type} ${record.body}`])
  }
  return [...events.values()].map((event) => event.join("\n"))
}
