/** Runs the parser over a trail and keeps what it gives, records as the JSON that `convert --records` writes. */
import { existsSync } from "node:fs"
import path from "node:path"
import { BsmRecordWriter } from "../../../../src/app/reading/bsm-record.ts"
import { GrowingBytes } from "../../../../src/base/growing-bytes.ts"
import type { Gap, Problem } from "../../../../src/base/problem.ts"
import { type BsmConsumer, BsmParser } from "../../../../src/formats/bsm/bsm-parser.ts"
import type { BsmRecord } from "../../../../src/formats/bsm/record.ts"
import type { BsmPlatform } from "../../../../src/formats/bsm/tables/events.ts"

export const SHARED = path.resolve(import.meta.dirname, "../../../../../shared/data/bsm")
export const WITHOUT_SHARED = "skipped: needs the shared test data"
export const hasShared = existsSync(SHARED)

export type TokenJson = Readonly<Record<string, unknown>> & { readonly token: string }

export interface RecordJson {
  readonly offset: number
  readonly length: number
  readonly time: string | null
  readonly id: number | null
  readonly type: string
  readonly platform: BsmPlatform
  readonly tokens: readonly TokenJson[]
}

export class TrailReading implements BsmConsumer {
  readonly texts: string[] = []
  readonly problems: Problem[] = []
  readonly gaps: Gap[] = []
  readonly parser = new BsmParser(this)
  readonly #writer = new BsmRecordWriter()
  readonly #out = new GrowingBytes(64 * 1024)

  get records(): RecordJson[] {
    return this.texts.map((text) => JSON.parse(text) as RecordJson)
  }

  /** Code, offset and length of each problem. */
  get places(): string[] {
    return this.problems.map(({ code, offset, length }) => `${code} ${offset}+${length}`)
  }

  record(record: BsmRecord): void {
    this.#out.clear()
    this.#writer.write(record, this.parser.platform, this.#out)
    this.texts.push(this.#out.bytes.utf8Slice(0, this.#out.used))
  }

  problem(problem: Problem): void {
    this.problems.push(problem)
  }

  gap(gap: Gap): void {
    this.gaps.push(gap)
  }
}

export interface TrailOptions {
  readonly piece?: number
  readonly platform?: BsmPlatform
  /** The trail goes on: its end is not told. */
  readonly isOpen?: boolean
}

export function readTrail(bytes: Buffer, options: TrailOptions = {}): TrailReading {
  const reading = new TrailReading()
  const { parser } = reading
  parser.beginSource({ sourceId: 1, platform: options.platform ?? "unknown" })
  const piece = options.piece ?? Math.max(1, bytes.length)
  for (let at = 0; at < bytes.length; at += piece) {
    // Sources use a chunk's memory again.
    const chunk = Buffer.from(bytes.subarray(at, at + piece))
    parser.push(chunk, at)
    chunk.fill(0x14)
  }
  if (options.isOpen !== true) parser.endSource()
  return reading
}
