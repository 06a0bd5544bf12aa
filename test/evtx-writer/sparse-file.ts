/** Writes a log of more chunks than its header can count, beyond 4 GiB, of which only a few take room on the disk. */
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs"
import type { EvtxRecord } from "./chunk.ts"
import { chunkOf, chunkStart, evtxFile, fileHeader } from "./file.ts"

/** @param records by the number of the chunk that holds them; all other chunks are zeros */
export function writeSparseFile(
  path: string,
  chunks: number,
  records: ReadonlyMap<number, readonly EvtxRecord[]>,
): void {
  const last = [...records.values()].at(-1)?.at(-1)?.id ?? 0n
  const header = fileHeader({
    firstChunk: 0n,
    lastChunk: BigInt(chunks - 1),
    nextId: last + 1n,
    minorVersion: 2,
    chunks,
    flags: 0,
  })
  const file = openSync(path, "wx", 0o600)
  try {
    writeSync(file, header)
    for (const [at, own] of records) {
      writeSync(file, chunkOf(evtxFile({ records: own }).bytes, 0), 0, undefined, chunkStart(at))
    }
    ftruncateSync(file, chunkStart(chunks))
  } finally {
    closeSync(file)
  }
}
