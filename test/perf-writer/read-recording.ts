/** Reads a recording from memory as the sources do: with a look ahead, or without one, in pieces of any size. */
import { GrowingBytes } from "../../src/base/growing-bytes.ts"
import type { Gap, Problem } from "../../src/base/problem.ts"
import type { Stretch } from "../../src/formats/format.ts"
import { RECORDS } from "../../src/formats/perf/perf-data/detect.ts"
import { hasMagic } from "../../src/formats/perf/perf-data/file-header.ts"
import { lookAhead } from "../../src/formats/perf/perf-data/look-ahead.ts"
import { PerfDataParser } from "../../src/formats/perf/perf-data/perf-data-parser.ts"
import { type ScriptOptions, ScriptRenderer } from "../../src/formats/perf/perf-data/script-renderer.ts"
import type { PerfSample } from "../../src/formats/perf/sample.ts"

export interface ReadOptions {
  readonly step?: number
  readonly isStreamed?: boolean
  readonly modifiedMs?: number
  readonly script?: ScriptOptions
  readonly onRecord?: (sample: PerfSample, parser: PerfDataParser) => void
}

export interface ReadRecording {
  readonly text: string
  readonly problems: readonly Problem[]
  readonly gaps: readonly Gap[]
  readonly parser: PerfDataParser
}

/** @param files the recording, or the files of a folder, the one called `data` first */
export async function readRecording(
  files: readonly Buffer[],
  options: ReadOptions = {},
): Promise<ReadRecording> {
  const problems: Problem[] = []
  const gaps: Gap[] = []
  const out = new GrowingBytes(1024 * 1024)
  const parser: PerfDataParser = new PerfDataParser({
    record: (sample) => {
      options.onRecord?.(sample, parser)
      renderer.render(sample, out)
    },
    problem: (problem) => void problems.push(problem),
    gap: (gap) => void gaps.push(gap),
  })
  const renderer = new ScriptRenderer(options.script ?? { hasNanoseconds: true, hasPid: true }, parser)
  for (const [place, bytes] of files.entries()) {
    const ahead = options.isStreamed === true ? null : await ahead0(bytes)
    const variant = files.length === 1 || hasMagic(bytes) ? "file" : RECORDS
    parser.beginSource({ sourceId: place + 1, variant, modifiedMs: options.modifiedMs ?? Number.NaN, ahead })
    const step = options.step ?? bytes.length
    for (let at = 0; at < bytes.length; at += step)
      parser.push(Buffer.from(bytes.subarray(at, at + step)), at)
    parser.endSource()
  }
  parser.end()
  return { text: out.bytes.latin1Slice(0, out.used), problems, gaps, parser }
}

function ahead0(bytes: Buffer): Promise<readonly Stretch[] | null> {
  return lookAhead(bytes.subarray(0, 256 * 1024), async (wanted) =>
    wanted.map(({ offset, length }) => ({ offset, bytes: bytes.subarray(offset, offset + length) })),
  )
}
