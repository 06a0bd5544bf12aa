/** Reads a recording to its output by the short way of plain samples or without it, and counts what went that way. */
import { PerfDataReader } from "../../src/app/reading/perf-data-reader.ts"
import { newTally, type ReaderOptions } from "../../src/app/reading/reader.ts"
import { GrowingBytes } from "../../src/base/growing-bytes.ts"
import type { Stretch } from "../../src/formats/format.ts"
import { detectPerfData } from "../../src/formats/perf/perf-data/detect.ts"
import { lookAhead } from "../../src/formats/perf/perf-data/look-ahead.ts"
import type { PlainSample } from "../../src/formats/perf/perf-data/plain-sample.ts"
import { ObjectSink } from "../../src/rows/object-sink.ts"

export type PlainForm = "json" | "script-ns" | "script" | "rows"

export interface ReadPlainOptions {
  readonly form: PlainForm
  readonly isPlain: boolean
  /** Bytes of each piece; all at once unless given. */
  readonly step?: number
  readonly modifiedMs?: number
}

class CountingReader extends PerfDataReader {
  taken = 0
  isPlain = true

  override plain(sample: PlainSample, sourceId: number): boolean {
    const isTaken = this.isPlain && super.plain(sample, sourceId)
    if (isTaken) this.taken++
    return isTaken
  }
}

/** What the recording gives: records or rows, problems, counts. `taken` samples went the short way. */
export async function readPlain(bytes: Buffer, options: ReadPlainOptions) {
  const { form, isPlain, step = bytes.length, modifiedMs = 0 } = options
  const out = new GrowingBytes(1024 * 1024)
  const sink = new ObjectSink()
  const told: unknown[] = []
  const reader = new CountingReader({
    writer: sink,
    host: "",
    problem: (problem) => void told.push(problem),
    gap: ({ what, offset }) => void told.push({ what, offset }),
    ...(form === "rows" ? {} : { records: recordsTo(out, form) }),
  })
  reader.isPlain = isPlain
  const tally = newTally()
  const detection = detectPerfData(bytes, "perf.data")
  if (detection === null) return { text: "", rows: sink.rows, told, tally, taken: 0 }
  const ahead: readonly Stretch[] | null = await lookAhead(bytes, async (wanted) =>
    wanted.map(({ offset, length }) => ({ offset, bytes: bytes.subarray(offset, offset + length) })),
  )
  reader.beginSource({ sourceId: 1, detection, modifiedMs, tally, ahead })
  for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step), at)
  reader.endSource()
  reader.end()
  return { text: out.bytes.latin1Slice(0, out.used), rows: sink.rows, told, tally, taken: reader.taken }
}

function recordsTo(out: GrowingBytes, form: PlainForm): NonNullable<ReaderOptions["records"]> {
  const script = { hasNanoseconds: form === "script-ns", hasPid: form === "script-ns" }
  const isJson = form === "json"
  return {
    form: isJson ? "json" : "perf-script",
    ...(isJson ? {} : { perfScript: script }),
    text: (text) => {
      throw new Error(text)
    },
    bytes: (buffer, start, end) => {
      out.reserve(end - start)
      out.used += buffer.copy(out.bytes, out.used, start, end)
    },
    begin: () => out,
    end: () => {},
  }
}
