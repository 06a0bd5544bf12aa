/** Runs a framer over bytes and keeps what it hands on. */
import { existsSync } from "node:fs"
import path from "node:path"
import type { Problem } from "../../../../../src/base/problem.ts"
import {
  createFramer,
  type FramerParts,
  type Variant,
} from "../../../../../src/formats/linux-audit/framing/create.ts"
import type { Framer, RecordConsumer } from "../../../../../src/formats/linux-audit/framing.ts"
import { HeaderReader } from "../../../../../src/formats/linux-audit/header.ts"
import type { AuditRecord } from "../../../../../src/formats/linux-audit/record.ts"
import { RECORD_TYPES } from "../../../../../src/formats/linux-audit/tables/record-types.gen.ts"
import { TypeNames } from "../../../../../src/formats/linux-audit/type-names.ts"

/** Captures that do not belong to the project: tests that compare with them are skipped without them. */
export const SHARED = path.resolve(import.meta.dirname, "../../../../../../shared/data/linux-audit")
export const hasShared = existsSync(SHARED)
export const WITHOUT_SHARED = "(skipped without ../shared)"

export const TYPES = new TypeNames(RECORD_TYPES.pairs().map(([number, name]) => [name, number] as const))
export const MODIFIED_MS = Date.UTC(2026, 10, 22)

export interface KeptRecord {
  type: number
  typeName: string
  node: string
  sec: number
  nsec: number
  serial: number
  hasSerial: boolean
  offset: number
  length: number
  /** latin1 */
  body: string
}

export interface Kept {
  records: KeptRecord[]
  problems: Problem[]
  foreign: [offset: number, length: number][]
}

export function keeper(): { kept: Kept; consumer: RecordConsumer } {
  const kept: Kept = { records: [], problems: [], foreign: [] }
  const consumer: RecordConsumer = {
    record: (record) => kept.records.push(copyRecord(record)),
    problem: (problem) => kept.problems.push(problem),
    foreign: (offset, length) => kept.foreign.push([offset, length]),
  }
  return { kept, consumer }
}

function copyRecord(record: AuditRecord): KeptRecord {
  const { type, typeName, node, sec, nsec, serial, hasSerial, offset, length } = record
  const body = record.buffer.toString("latin1", record.start, record.end)
  return { type, typeName, node, sec, nsec, serial, hasSerial, offset, length, body }
}

export function makeFramer(variant: Variant, consumer: RecordConsumer, modifiedMs = MODIFIED_MS): Framer {
  const header = new HeaderReader(TYPES)
  const parts: FramerParts = { header, types: TYPES }
  return createFramer(variant, { modifiedMs }, consumer, parts)
}

/** @param sizes of the chunks, used again and again; each chunk is overwritten once it was read */
export function runFramer(
  variant: Variant,
  bytes: Buffer | string,
  sizes: readonly number[] = [65_536],
  modifiedMs = MODIFIED_MS,
): Kept {
  const { kept, consumer } = keeper()
  const framer = makeFramer(variant, consumer, modifiedMs)
  const source = typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes
  let at = 0
  for (let turn = 0; at < source.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1)
    const chunk = Buffer.from(source.subarray(at, at + size))
    framer.push(chunk, at)
    chunk.fill(0xaa)
    at += chunk.length
  }
  framer.end()
  return kept
}

/** Type, serial and body: what a record says wherever it lay. */
export function essence(record: KeptRecord): string {
  return `${record.type} ${record.serial} ${record.body}`
}

/** A record without its place in the source. */
export function placeless(record: KeptRecord): Omit<KeptRecord, "offset" | "length"> {
  const { offset: _offset, length: _length, ...rest } = record
  return rest
}
