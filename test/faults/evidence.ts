/** Makes folders of generated logs for the tests of this folder. */
import { mkdirSync, utimesSync, writeFileSync } from "node:fs"
import path from "node:path"
import { gzipSync } from "node:zlib"
import { type GenerateOptions, generateLog } from "../../bench/generate.ts"

const MTIME = new Date("2026-11-22T00:00:00Z")

export function makeLog(sizeBytes: number, options: Partial<GenerateOptions> = {}): Buffer {
  const fixed = { seed: 1, dropProctitle: 0, enriched: false, node: false, rate: 60 }
  const all = { sizeBytes, ...fixed, ...options }
  return Buffer.from([...generateLog(all)].join(""), "latin1")
}

/** Offsets near the given parts of the log at which a record of an event ends and another of it follows. */
export function cutsInsideEvents(log: Buffer, parts: readonly number[]): number[] {
  return parts.map((part) => {
    let at = log.indexOf(10, Math.floor(log.length * part)) + 1
    for (;;) {
      const end = log.indexOf(10, at)
      const next = log.indexOf(10, end + 1)
      if (end < 0 || next < 0) throw new Error("no event to cut")
      if (keyOf(log, at, end) === keyOf(log, end + 1, next)) return end + 1
      at = end + 1
    }
  })
}

function keyOf(log: Buffer, start: number, end: number): string {
  return /audit\([^)]*\)/.exec(log.latin1Slice(start, Math.min(end, start + 120)))?.[0] ?? ""
}

export function put(folder: string, files: Readonly<Record<string, Buffer | string>>): void {
  for (const [name, bytes] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, bytes)
    utimesSync(file, MTIME, MTIME)
  }
}

/** A log as logrotate leaves it: the oldest part compressed, all cuts inside events. */
export function rotate(log: Buffer): Record<string, Buffer> {
  const [first = 0, second = 0] = cutsInsideEvents(log, [0.35, 0.7])
  return {
    "audit.log.2.gz": gzipSync(log.subarray(0, first)),
    "audit.log.1": log.subarray(first, second),
    "audit.log": log.subarray(second),
  }
}
