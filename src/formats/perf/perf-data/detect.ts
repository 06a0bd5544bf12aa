/** Recognises recordings of perf by their first bytes, and the files of their threads by a run of records. */
import type { Detect, Detection } from "../../format.ts"
import { hasMagic, readFileHeader } from "./file-header.ts"

const FORMAT = "perf-data"
/** The variant of a thread's file, which begins with a record. */
export const RECORDS = "records"
const THREAD_NAME = /(?:^|\/)data\.\d+(?:\.gz|\.zst)?$/
const ENOUGH_RECORDS = 4
const HEADER_BYTES = 8
const LAST_KERNEL_TYPE = 21
const FIRST_OWN_TYPE = 64
const LAST_OWN_TYPE = 90

export const detectPerfData: Detect = (head, name) => {
  if (hasMagic(head)) return detection(head)
  if (!THREAD_NAME.test(name)) return null
  const isThread = hasRecords(head, true) || hasRecords(head, false)
  if (!isThread) return null
  return {
    format: FORMAT,
    variant: RECORDS,
    title: "perf recording (one thread's records)",
    confidence: "likely",
    why: "begins with records of perf, and is named like a thread's file",
    firstTimeMs: Number.NaN,
  }
}

function detection(head: Buffer): Detection {
  const header = readFileHeader(head)
  const isPipe = header?.isPipe === true
  const isKilled = header !== null && !isPipe && header.data.size === 0
  return {
    format: FORMAT,
    variant: isPipe ? "pipe" : "file",
    title: isPipe ? "perf recording (pipe)" : `perf recording${isKilled ? " (recorder killed)" : ""}`,
    confidence: "certain",
    why: `begins with perf's mark${header?.isBigEndian === true ? ", big endian" : ""}`,
    firstTimeMs: Number.NaN,
  }
}

/** Sizes that lead from record to record, to the end or far enough. */
function hasRecords(head: Buffer, isLittle: boolean): boolean {
  let at = 0
  for (let count = 0; count < ENOUGH_RECORDS; count++) {
    if (at === head.length && count > 0) return true
    if (at + HEADER_BYTES > head.length) return false
    const type = isLittle ? head.readUInt32LE(at) : head.readUInt32BE(at)
    const size = isLittle ? head.readUInt16LE(at + 6) : head.readUInt16BE(at + 6)
    const isType =
      (type >= 1 && type <= LAST_KERNEL_TYPE) || (type >= FIRST_OWN_TYPE && type <= LAST_OWN_TYPE)
    if (!isType || size < HEADER_BYTES || size % 8 !== 0) return false
    at += size
  }
  return true
}
