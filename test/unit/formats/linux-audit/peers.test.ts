/** Holds decoded records against the expected output of other parsers, with each difference named. */
import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { type DecodedRecord, decodeRecord } from "../../../../src/formats/linux-audit/decode-record.ts"
import type { AuditRecord } from "../../../../src/formats/linux-audit/record.ts"
import { hasShared, readRecords, recordOfLine, SHARED } from "./saved-records.ts"

const suite = describe.skipIf(!hasShared)

function recordOfText(line: string): AuditRecord | undefined {
  const bytes = Buffer.from(line)
  return recordOfLine(bytes, 0, bytes.length)
}

function valuesOf(record: DecodedRecord, name: string): string[] {
  return record.fields.filter((field) => field[0] === name).flatMap(([, raw, meant]) => [raw, meant])
}

suite("auparse's own reference output (needs ../shared)", () => {
  /** Of test2.log and then test.log: `type=LOGIN (LOGIN)` opens a record, `uid=0` is one of its fields. */
  function readReference(): { type: string; fields: string[] }[] {
    const text = readFileSync(path.join(SHARED, "audit-userspace/auparse_test.ref"), "utf8")
    const records: { type: string; fields: string[] }[] = []
    for (const line of text.slice(text.indexOf("Starting Test 5"), text.indexOf("Test 5 Done")).split("\n")) {
      const field = /^ {8}(.*)$/.exec(line)?.[1]
      const type = field === undefined ? undefined : /^type=(\S+)/.exec(field)?.[1]
      if (type !== undefined) records.push({ type, fields: [] })
      else if (field !== undefined) records.at(-1)?.fields.push(field)
    }
    return records
  }

  it("gives every field of test.log and test2.log", () => {
    const decoded = ["test2.log", "test.log"].flatMap((file) =>
      readRecords(`audit-userspace/${file}`).map((record) => decodeRecord(record)),
    )
    const reference = readReference()
    expect(decoded.map(({ type }) => type)).toEqual(reference.map(({ type }) => type))
    decoded.forEach(({ fields }, at) => {
      expect(fields.map(([name, raw]) => `${name}=${raw}`)).toEqual(reference[at]?.fields)
    })
  })
})

suite("auditd-parser's snapshots (needs ../shared)", () => {
  /** Their value in our words; undefined where they take it apart into an object of their own. */
  function agrees(theirs: unknown, ours: readonly string[]): boolean | undefined {
    if (theirs === null) return ours.some((value) => ["unset", "(none)", "(null)", "?"].includes(value))
    if (typeof theirs === "boolean")
      return ours.some((value) => ["yes", "success", "1"].includes(value)) === theirs
    if (Array.isArray(theirs)) {
      const words = theirs.map((word) => String(word).toLowerCase()).sort()
      return ours.some((value) => value.split(",").sort().join() === (words.join() || "none"))
    }
    return typeof theirs === "object" ? undefined : ours.includes(String(theirs))
  }

  /** Why we do not follow them. */
  function reasonOf(
    type: string,
    name: string,
    theirs: unknown,
    ours: readonly string[],
  ): string | undefined {
    if (theirs === "root" && ours[0] === "0") return "0 has no name without evidence"
    if (name === "msg" && ours.length === 0) return "a nested message is taken apart as libauparse does"
    if (theirs === "success" && ours.includes("yes")) return "res=1 is yes in ausearch"
    if (ours.some((value) => value === `"${String(theirs)}"`))
      return "text that is not encoded keeps its quotes"
    if (type === "TTY" || type === "USER_TTY") return "keystrokes are shown as keys"
    return undefined
  }

  it("agrees with every value that is a scalar or a list", () => {
    const reasons = new Map<string, number>()
    const unexplained: unknown[] = []
    let same = 0
    const folder = path.join(SHARED, "auditd-parser/snapshots")
    for (const file of readdirSync(folder)) {
      const text = readFileSync(path.join(folder, file), "utf8")
      const snapshot = JSON.parse(text.slice(text.indexOf("\n---\n") + 5)) as { fields?: object }
      const record = recordOfText(JSON.parse(/^info: (".*")$/m.exec(text)?.[1] ?? '""'))
      if (snapshot.fields === undefined || record === undefined) continue
      const decoded = decodeRecord(record)
      const entries = Object.entries(snapshot.fields).flatMap(([name, value]) =>
        name === "msg" && value !== null && typeof value === "object"
          ? Object.entries(value)
          : [[name, value]],
      )
      for (const [name, theirs] of entries) {
        const ours = valuesOf(decoded, name)
        const agreed = agrees(theirs, ours)
        if (agreed === undefined) continue
        const reason = reasonOf(decoded.type, name, theirs, ours)
        if (agreed) same++
        else if (reason === undefined) unexplained.push([file, name, theirs, ours])
        else reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
    }
    expect(unexplained).toEqual([])
    expect([...reasons.keys()].sort()).toMatchInlineSnapshot(`
      [
        "0 has no name without evidence",
        "a nested message is taken apart as libauparse does",
        "res=1 is yes in ausearch",
        "text that is not encoded keeps its quotes",
      ]
    `)
    expect(same).toBeGreaterThan(2000)
  })
})

suite("go-libaudit's golden files (needs ../shared)", () => {
  interface Golden {
    readonly record_type: string
    readonly raw_msg: string
    readonly data?: Readonly<Record<string, string>>
  }

  function reasonOf(name: string, theirs: string, ours: readonly string[]): string | undefined {
    if (/^(subj|obj)_/.test(name)) return "labels are not taken apart"
    if (name === "result") return "success and res keep their names and words"
    if (["family", "addr", "port", "path"].includes(name) && ours.length === 0) return "saddr stays one value"
    if (name === "old_auid" || name === "new_auid") return "`old auid` is a field auid, as in libauparse"
    if (ours.some((value) => value === `"${theirs}"`)) return "text that is not encoded keeps its quotes"
    if (ours.some((value) => value.startsWith(`${theirs}(`))) return "an error has its message with it"
    return name === "data" ? "keystrokes are shown as keys" : undefined
  }

  it("agrees with every value", () => {
    const reasons = new Map<string, number>()
    const unexplained: unknown[] = []
    let same = 0
    const folder = path.join(SHARED, "go-libaudit/auparse")
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".golden"))) {
      const entries = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as (Golden | null)[]
      for (const golden of entries) {
        const line = golden === null ? "" : `type=${golden.record_type.toUpperCase()} msg=${golden.raw_msg}`
        const record = recordOfText(line)
        if (golden === null || record === undefined) continue
        const decoded = decodeRecord(record)
        for (const [name, theirs] of Object.entries(golden.data ?? {})) {
          const ours = valuesOf(decoded, name)
          const reason = reasonOf(name, theirs, ours)
          if (ours.includes(theirs)) same++
          else if (reason === undefined) unexplained.push([file, golden.record_type, name, theirs, ours])
          else reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
        }
      }
    }
    expect(unexplained).toEqual([])
    expect([...reasons.keys()].sort()).toMatchInlineSnapshot(`
      [
        "\`old auid\` is a field auid, as in libauparse",
        "an error has its message with it",
        "keystrokes are shown as keys",
        "labels are not taken apart",
        "saddr stays one value",
        "success and res keep their names and words",
        "text that is not encoded keeps its quotes",
      ]
    `)
    expect(same).toBeGreaterThan(700)
  })
})
