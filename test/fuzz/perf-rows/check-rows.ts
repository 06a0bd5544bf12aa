/** Reads damaged captures, rings and texts through parser and normalizer, and says what a reader must not do with them. */

import { globSync, readFileSync } from "node:fs"
import path from "node:path"
import { chooseFormat } from "../../../src/app/reading/choose-format.ts"
import type { FormatEntry } from "../../../src/app/reading/formats.ts"
import { newTally } from "../../../src/app/reading/reader.ts"
import { PROBLEM_CODES } from "../../../src/base/problem-codes.ts"
import type { Detection } from "../../../src/formats/format.ts"
import { ObjectSink } from "../../../src/rows/object-sink.ts"
import { seededRandom } from "../../acceptance/read-rows.ts"
import { KeptRecords } from "../../kept-records.ts"
import { readerOf } from "../../readers.ts"
import { mutate } from "../mutate.ts"

const CORPUS = path.resolve(import.meta.dirname, "../../../corpus")

export interface RowsInput {
  readonly name: string
  readonly bytes: Buffer
  readonly format: FormatEntry
  readonly detection: Detection
}

/** The inputs of the corpus, recognised undamaged. */
export function readRowsInputs(): RowsInput[] {
  const inputs: RowsInput[] = []
  for (const name of globSync("perf-{ring,script}/**/input.*", { cwd: CORPUS }).sort()) {
    const bytes = readFileSync(path.join(CORPUS, name))
    const facts = { path: name, member: "", packing: "", storedSize: bytes.length, modifiedMs: 0 }
    const choice = chooseFormat(bytes, facts)
    if (choice.kind === "format")
      inputs.push({ name, bytes, format: choice.format, detection: choice.detection })
  }
  return inputs
}

/** @param seed chooses the input, the damage and the sizes of the chunks. Returns what went wrong, in words */
export function checkRows(inputs: readonly RowsInput[], seed: number): string[] {
  const input = inputs[seed % inputs.length]
  if (input === undefined) throw new Error("there are no inputs")
  const { bytes } = mutate(input.bytes, seed)
  const place = `seed ${seed}, ${input.name}`
  try {
    const whole = read(input, bytes, [])
    const pieces = read(input, bytes, chunkSizes(bytes.length, seed))
    const faults = [...checkProblems(bytes, whole)]
    if (JSON.stringify(whole.out) !== JSON.stringify(pieces.out)) faults.push("chunks change what is read")
    return faults.map((fault) => `${place}: ${fault}`)
  } catch (error) {
    return [`${place}: threw ${error instanceof Error ? error.stack : String(error)}`]
  }
}

interface Out {
  readonly rows: readonly string[]
  readonly records: readonly string[]
  readonly problems: readonly string[]
  readonly gaps: readonly string[]
}

interface Read {
  readonly out: Out
  readonly places: readonly { readonly code: string; readonly offset: number; readonly length: number }[]
}

function read(input: RowsInput, bytes: Buffer, cuts: readonly number[]): Read {
  const rows = readOnce(input, bytes, cuts, false)
  const records = readOnce(input, bytes, cuts, true)
  return { out: { ...rows.out, records: records.out.records }, places: rows.places }
}

function readOnce(
  { format, detection }: RowsInput,
  bytes: Buffer,
  cuts: readonly number[],
  asRecords: boolean,
): Read {
  const sink = new ObjectSink()
  const output = new KeptRecords()
  const records = output.texts
  const gaps: string[] = []
  const places: Read["places"][number][] = []
  const reader = readerOf(format)({
    writer: sink,
    host: "",
    problem: ({ code, offset, length }) => places.push({ code, offset, length }),
    gap: (gap) => gaps.push(`${gap.kind} ${gap.what} ${gap.offset}`),
    ...(asRecords ? { records: output } : {}),
  })
  reader.beginSource({ sourceId: 1, detection, modifiedMs: 0, tally: newTally() })
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    // A buffer that is used again: what a parser keeps must be its own.
    const chunk = Buffer.from(bytes.subarray(from, cut))
    reader.push(chunk, from)
    chunk.fill(0xee)
    from = cut
  }
  reader.endSource()
  reader.end()
  for (const record of records) JSON.parse(record)
  const rows = sink.rows.map((row) => [row.table, ...Object.values(row.values)].join("\u0001"))
  const problems = places.map(({ code, offset, length }) => `${code} ${offset}+${length}`)
  return { out: { rows, records, problems, gaps }, places }
}

function checkProblems(bytes: Buffer, { places }: Read): string[] {
  return places.flatMap(({ code, offset, length }) => {
    if (!(code in PROBLEM_CODES)) return [`${code} is not listed`]
    const isWithin = offset >= 0 && offset <= bytes.length && (length >= 0 || code.endsWith("cut-record"))
    return isWithin ? [] : [`${code} lies at ${offset}+${length}`]
  })
}

function chunkSizes(length: number, seed: number): number[] {
  const random = seededRandom(seed + 1_000_003)
  const cuts: number[] = []
  for (let at = 0; at < length; ) {
    at += 1 + Math.floor(random() * (random() < 0.1 ? 4 : 700))
    if (at < length) cuts.push(at)
  }
  return cuts
}
