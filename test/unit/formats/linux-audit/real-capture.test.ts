/** Holds fields and interpretations of a real capture against what libauparse 4.2.2 made of it. */
import { spawnSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { textOfBytes } from "../../../../src/base/text.ts"
import { decodeRecord } from "../../../../src/formats/linux-audit/decode-record.ts"
import { splitFields } from "../../../../src/formats/linux-audit/fields.ts"
import type { AuditRecord } from "../../../../src/formats/linux-audit/record.ts"
import { type GoldenRecord, hasShared, readGolden, readRecords } from "./saved-records.ts"

const canRun = hasShared && spawnSync("xz", ["--version"]).status === 0
const suite = describe.skipIf(!canRun)
const RAW = "real/golden/auparse-4.2.2.raw.jsonl.xz"
const ENRICHED = "real/golden/auparse-4.2.2.enriched.jsonl.xz"

/** Each record with what libauparse gave for it; the golden field `type` belongs to the header. */
function pair(log: string, golden: string): [AuditRecord, GoldenRecord["fields"]][] {
  const expected = readGolden(golden)
  return readRecords(log).map((record) => {
    const candidates = expected.get(record.serial) ?? []
    const at = candidates.findIndex(({ type }) => type === record.type)
    const [match] = candidates.splice(at < 0 ? candidates.length : at, 1)
    if (match === undefined) throw new Error(`no golden record for ${record.serial}`)
    return [record, match.fields.filter(([name]) => name !== "type")]
  })
}

const pairs = (fields: readonly (readonly [string, string, ...string[]])[]): string =>
  fields.map(([name, raw]) => `${name}=${raw}`).join("\n")

suite("raw fields equal libauparse 4.2.2 (needs ../shared and xz)", () => {
  it.each([
    ["real/audit.log", RAW, 14_513],
    ["real/audit.enriched.log", ENRICHED, 14_513],
    ["variants/enriched-no-separator.log", ENRICHED, 14_153],
  ])("%s", (log, golden, count) => {
    const differing = pair(log, golden).filter(
      ([record, wanted]) => pairs(splitFields(record).map(({ name, raw }) => [name, raw])) !== pairs(wanted),
    )
    expect(differing.map(([record]) => record.serial)).toEqual([])
    expect(readRecords(log)).toHaveLength(count)
  })
})

const ACCOUNT_FIELDS = /^(?:(?:|a|e|s|fs|o|oa)uid|(?:|e|s|fs|o)gid|id|a[0-3])$/

/** Why an interpretation differs from libauparse's, undefined when there is no good reason. */
function reasonOf(
  type: number,
  [name, raw, wanted]: readonly [string, string, string],
  got: string,
): string | undefined {
  const number = name.startsWith("a") && name.length === 2 ? Number.parseInt(raw, 16) : Number(raw)
  if (ACCOUNT_FIELDS.test(name) && got === String(number)) return "accounts of the examining machine"
  if (/^a[1-3]$/.test(name) && wanted === `0x${raw}` && got === "unset")
    return "accounts of fchown and fchownat are named as those of chown"
  if (type === 1326 && name === "syscall") return "SECCOMP syscall is found by its name, not its position"
  if (type === 1424 && name === "mode") return "LANDLOCK_DOMAIN mode is a word"
  if (type === 1336 && name === "uring_op") return "io_uring operations are named"
  if (name === "list" && raw === "7") return "io_uring rules have a list"
  if (name.startsWith("cap_f") && raw === "?") return "an unknown capability mask is not an empty one"
  if (name !== "saddr") return undefined
  if (raw.startsWith("010000")) return "an abstract name is not cut at a NUL"
  if (raw.startsWith("1100") || raw.startsWith("2800")) return "packet and vsock addresses are decoded"
  return wanted.includes("too short") && raw === "0100" ? "an unnamed socket is not damage" : undefined
}

function compareInterpretations(log: string, golden: string) {
  const reasons = new Map<string, number>()
  const unexplained: unknown[] = []
  const agreement = new Map<string, { all: number; same: number }>()
  for (const [record, fields] of pair(log, golden)) {
    const decoded = decodeRecord(record).fields
    fields.forEach((field, at) => {
      const got = decoded[at]?.[2] ?? ""
      const count = agreement.get(field[0]) ?? { all: 0, same: 0 }
      agreement.set(field[0], count)
      count.all++
      // The golden file holds each byte as one character.
      if (textOfBytes(Buffer.from(field[2], "latin1")) === got) count.same++
      else {
        const reason = reasonOf(record.type, field, got)
        if (reason === undefined) unexplained.push([record.serial, ...field, got])
        else reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
    })
  }
  return { reasons: Object.fromEntries(reasons), unexplained, agreement }
}

suite("interpretations equal libauparse 4.2.2 but for named differences (needs ../shared and xz)", () => {
  const DIFFERENCES = {
    "accounts of fchown and fchownat are named as those of chown": 2,
    "an abstract name is not cut at a NUL": 2,
    "an unknown capability mask is not an empty one": 2,
    "io_uring operations are named": 1,
    "io_uring rules have a list": 2,
    "LANDLOCK_DOMAIN mode is a word": 1,
    "packet and vsock addresses are decoded": 2,
    "SECCOMP syscall is found by its name, not its position": 2,
  }

  it("without the tail, account numbers stay numbers", () => {
    const { reasons, unexplained } = compareInterpretations("real/audit.log", RAW)
    expect(unexplained).toEqual([])
    const { "accounts of the examining machine": accounts, ...others } = reasons
    expect(others).toEqual(DIFFERENCES)
    expect(accounts).toBeGreaterThan(30_000)
  })

  it("with the tail, the names are those of the host", () => {
    const { reasons, unexplained, agreement } = compareInterpretations("real/audit.enriched.log", ENRICHED)
    expect(unexplained).toEqual([])
    expect(reasons).toMatchObject({ ...DIFFERENCES, "an unnamed socket is not damage": 4 })
    for (const [name, { all, same }] of agreement) {
      const isAccountArgument = /^a[0-3]$/.test(name)
      if (all > 100 && !isAccountArgument) expect(same / all, name).toBeGreaterThan(0.97)
    }
  })

  it("a lost separator loses no name", () => {
    const whole = new Map<string, unknown>()
    for (const record of readRecords("variants/base.enriched.log")) {
      const key = `${record.serial} ${record.type}`
      whole.set(key, [...((whole.get(key) as unknown[]) ?? []), decodeRecord(record).fields])
    }
    const lost = new Map<string, unknown>()
    for (const record of readRecords("variants/enriched-no-separator.log")) {
      const key = `${record.serial} ${record.type}`
      lost.set(key, [...((lost.get(key) as unknown[]) ?? []), decodeRecord(record).fields])
    }
    expect(lost).toEqual(whole)
  })
})
