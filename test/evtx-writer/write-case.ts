/** Files of a corpus case as they are stored: meta.yaml, and the log packed with gzip, of which one chunk takes 2 KiB. */
import { gzipSync } from "node:zlib"
import { stringify } from "yaml"
import type { EvtxCase } from "./cases/case.ts"

export const INPUT = "input.evtx.gz"

/** The same bytes on any host: gzip's header tells of no time and of no system. */
export function packLog(bytes: Buffer): Buffer {
  const packed = gzipSync(bytes, { level: 9 })
  packed.writeUInt8(0xff, 9)
  return packed
}

export function metaOf({ shows, how, records }: EvtxCase): string {
  const counted = records === undefined ? {} : { records, events: records }
  return stringify({ shows, origin: "built", how, variant: "evtx", ...counted })
}
