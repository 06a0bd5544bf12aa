/** Recognises Windows event logs, and logs that lost their first block. Source of truth: layout.ts. */
import type { Detect, Detection } from "../../format.ts"
import { hasChunkMagic } from "./chunk-header.ts"
import { CHUNK, FILE, FILE_MAGIC, RECORD, RECORD_MAGIC } from "./layout.ts"
import { readU32 } from "./print-numbers.ts"
import { writtenMsAt } from "./record-header.ts"

const FORMAT = "evtx"

export const detectEvtx: Detect = (head) => {
  if (
    head.length >= FILE.used &&
    head.compare(FILE_MAGIC, 0, FILE_MAGIC.length, 0, FILE_MAGIC.length) === 0
  ) {
    const version = `${head.readUInt16LE(FILE.majorAt)}.${head.readUInt16LE(FILE.minorAt)}`
    return {
      format: FORMAT,
      variant: "evtx",
      title: `Windows event log (EVTX ${version})`,
      confidence: "certain",
      why: "begins with ElfFile",
      firstTimeMs: firstTimeMs(head, FILE.bytes),
    }
  }
  return detectChunks(head)
}

/** A carved piece of a log: chunks without the block before them. */
function detectChunks(head: Buffer): Detection | null {
  if (head.length < CHUNK.recordsAt || !hasChunkMagic(head, 0)) return null
  return {
    format: FORMAT,
    variant: "evtx-chunks",
    title: "Chunks of a Windows event log",
    confidence: "certain",
    why: "begins with ElfChnk",
    firstTimeMs: firstTimeMs(head, 0),
  }
}

/** When the first record was written; an export has the time of the second one there. */
function firstTimeMs(head: Buffer, from: number): number {
  for (let chunk = from; chunk + CHUNK.recordsAt + RECORD.binXmlAt <= head.length; chunk += CHUNK.bytes) {
    const at = chunk + CHUNK.recordsAt
    if (hasChunkMagic(head, chunk) && readU32(head, at) === RECORD_MAGIC) return writtenMsAt(head, at)
  }
  return Number.NaN
}
