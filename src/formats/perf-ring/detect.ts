/** Recognises saved rings, the files beside them, and the file of a BPF capture. */
import type { Detect, Detection } from "../format.ts"
import { findBpfPage, readPerfPage } from "./image.ts"
import { RAW_MAGIC, readRawHeader } from "./raw-file.ts"
import { readSideFile } from "./side-file.ts"

const FORMAT = "perf-ring"
const SIDE_FILE_BYTES = 64 * 1024
const PAGE_SIZES: ReadonlySet<number> = new Set([4096, 16_384, 65_536])

/** How a file is known under `Detection.variant`. */
export const VARIANT = {
  raw: "capture",
  perf: "perf-image",
  bpf: "ringbuf-image",
  consumer: "ringbuf-consumer",
  side: "side-file",
} as const

export const detectPerfRing: Detect = (head, name) => {
  if (head.length >= RAW_MAGIC.length && RAW_MAGIC.compare(head, 0, RAW_MAGIC.length) === 0)
    return rawFile(head)
  if (readPerfPage(head) !== undefined)
    return make(VARIANT.perf, "saved perf ring", "certain", "its first page has the places of its data")
  if (isSideFile(head, name))
    return make(VARIANT.side, "facts of saved rings", "likely", "names their kind and clocks")
  if (isConsumerPage(head, name))
    return make(VARIANT.consumer, "consumer page of a BPF ring", "possible", "one page with one position")
  if (findBpfPage(head) !== undefined)
    return make(VARIANT.bpf, "saved BPF ring buffer", "likely", "a page with one position, then a record")
  return null
}

function rawFile(head: Buffer): Detection {
  const header = readRawHeader(head)
  const firstTimeMs = header === undefined ? Number.NaN : Number(header.realtimeNs / 1_000_000n)
  return { ...make(VARIANT.raw, "BPF capture", "certain", "begins with its mark"), firstTimeMs }
}

function isSideFile(head: Buffer, name: string): boolean {
  if (!name.endsWith(".json") || head.length > SIDE_FILE_BYTES || head[0] !== 0x7b) return false
  return readSideFile(head.utf8Slice()) !== undefined
}

function isConsumerPage(head: Buffer, name: string): boolean {
  if (!name.endsWith(".page") || !PAGE_SIZES.has(head.length)) return false
  return head.subarray(8).every((byte) => byte === 0)
}

function make(variant: string, title: string, confidence: Detection["confidence"], why: string): Detection {
  return { format: FORMAT, variant, title, confidence, why, firstTimeMs: Number.NaN }
}
