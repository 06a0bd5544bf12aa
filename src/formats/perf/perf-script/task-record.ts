/**
 * Records of perf's own in the text of `perf script --show-task-events --show-mmap-events --show-lost-events`:
 *
 *   PERF_RECORD_COMM exec: true:1920/1920          PERF_RECORD_FORK(1920:1920):(1918:1918)
 *   PERF_RECORD_MMAP2 1918/1918: [0x41f000(0x2b3000) @ 0x1f000 fe:00 260811 0]: r-xp /usr/bin/python3.11
 *   PERF_RECORD_LOST lost 3675
 *
 * Source of truth: Linux' tools/perf/util/event.c, the perf_event__fprintf functions.
 */
import { KIND, type Kind } from "../sample.ts"
import type { FieldList } from "./field-list.ts"

const COMM = /^( exec)?: (.*):(-?\d+)\/(-?\d+)$/s
const TASK = /^\((-?\d+):(-?\d+)\):\((-?\d+):(-?\d+)\)$/
const MAPPING =
  /^ (-?\d+)\/(-?\d+): \[0x([0-9a-f]+)\(0x[0-9a-f]+\) @ [^\]]*\]: (?:([r-])([w-])([x-])[ps]|([rx])) (.*)$/s
const LOST = /^ lost (\d+)/
const PROT_EXEC = 4

export interface TaskRecord {
  readonly kind: Kind
  /** NaN where the record names none. */
  readonly pid: number
  readonly tid: number
}

/** Reads a record's fields; undefined when its text is not whole. Kinds that rows do not want are `other`. */
export function readTaskRecord(record: string, text: string, fields: FieldList): TaskRecord | undefined {
  switch (record) {
    case "PERF_RECORD_COMM":
      return readComm(text, fields)
    case "PERF_RECORD_FORK":
    case "PERF_RECORD_EXIT":
      return readTask(record === "PERF_RECORD_FORK" ? KIND.fork : KIND.exit, text, fields)
    case "PERF_RECORD_MMAP":
    case "PERF_RECORD_MMAP2":
      return readMapping(text, fields)
    case "PERF_RECORD_LOST":
      return readLost(text, fields)
    default:
      return { kind: KIND.other, pid: Number.NaN, tid: Number.NaN }
  }
}

function readComm(text: string, fields: FieldList): TaskRecord | undefined {
  const found = COMM.exec(text)
  if (found === null) return undefined
  fields.text("comm", found[2] ?? "")
  fields.int("exec", found[1] === undefined ? 0 : 1)
  return { kind: KIND.comm, pid: Number(found[3]), tid: Number(found[4]) }
}

function readTask(kind: Kind, text: string, fields: FieldList): TaskRecord | undefined {
  const found = TASK.exec(text)
  if (found === null) return undefined
  fields.int("ppid", Number(found[3]))
  fields.int("ptid", Number(found[4]))
  return { kind, pid: Number(found[1]), tid: Number(found[2]) }
}

function readMapping(text: string, fields: FieldList): TaskRecord | undefined {
  const found = MAPPING.exec(text)
  if (found === null) return undefined
  const isExecutable = found[6] === "x" || found[7] === "x"
  fields.int("addr", BigInt(`0x${(found[3] ?? "0").slice(-16)}`))
  fields.int("prot", isExecutable ? PROT_EXEC : 0)
  fields.text("filename", found[8] ?? "")
  return { kind: KIND.mmap, pid: Number(found[1]), tid: Number(found[2]) }
}

function readLost(text: string, fields: FieldList): TaskRecord | undefined {
  const found = LOST.exec(text)
  if (found === null) return undefined
  fields.int("lost", BigInt.asUintN(63, BigInt((found[1] ?? "0").slice(0, 18))))
  return { kind: KIND.lost, pid: Number.NaN, tid: Number.NaN }
}
