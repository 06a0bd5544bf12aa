/** Reads plain auditd lines and oracle files for the tests of this folder. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { AuditRecord } from "../../../../src/formats/linux-audit/record.ts"
import { recordTypeNumber } from "../../../../src/formats/linux-audit/tables/record-types.ts"

const root = path.resolve(import.meta.dirname, "../../../..")
export const SHARED = path.resolve(root, "../shared/data/linux-audit")
export const hasShared = existsSync(SHARED)

/** A record whose body is `body`. */
export function recordOf(type: number | string, body: string | Buffer): AuditRecord {
  const record = new AuditRecord()
  record.type = typeof type === "number" ? type : recordTypeNumber(type)
  if (record.type < 0) record.typeName = String(type)
  record.buffer = Buffer.from(body)
  record.end = record.buffer.length
  record.length = record.end
  record.sec = 1_700_000_000
  record.nsec = 123_000_000
  record.serial = 42
  return record
}

/** The records of a file as auditd writes it, node= or not; lines of another form are left out. */
export function readRecords(file: string): AuditRecord[] {
  const bytes = readFileSync(path.join(SHARED, file))
  const records: AuditRecord[] = []
  for (let at = 0; at < bytes.length; ) {
    let end = bytes.indexOf(10, at)
    if (end < 0) end = bytes.length
    const record = recordOfLine(bytes, at, end)
    if (record !== undefined) records.push(record)
    at = end + 1
  }
  return records
}

export function recordOfLine(bytes: Buffer, start: number, end: number): AuditRecord | undefined {
  const head = bytes.latin1Slice(start, Math.min(end, start + 200))
  const match = /^(?:node=(\S+) )?type=(\S+) msg=audit\((\d+)\.(\d+):(\d+)\): ?/.exec(head)
  if (match === null) return undefined
  const record = recordOf(match[2] ?? "", "")
  record.node = match[1] ?? ""
  record.sec = Number(match[3])
  record.nsec = Number(match[4]) * 1_000_000
  record.serial = Number(match[5])
  record.buffer = bytes
  record.start = start + match[0].length
  record.end = end
  record.offset = start
  record.length = end - start
  return record
}

export interface GoldenRecord {
  readonly type: number
  readonly name: string
  readonly fields: readonly (readonly [name: string, raw: string, interpreted: string])[]
}

/** What libauparse gave for each record of a log, by serial and then in order. */
export function readGolden(file: string): Map<number, GoldenRecord[]> {
  const text = execFileSync("xz", ["-dc", path.join(SHARED, file)], { maxBuffer: 1 << 29 }).toString("utf8")
  const golden = new Map<number, GoldenRecord[]>()
  for (const line of text.split("\n")) {
    if (line === "") continue
    const event = JSON.parse(line) as { serial: number; records: GoldenRecord[] }
    golden.set(event.serial, [...(golden.get(event.serial) ?? []), ...event.records])
  }
  return golden
}
