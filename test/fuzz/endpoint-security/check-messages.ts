/** Reads damaged messages through parser and normalizer, and says what a reader must not do with them. */
import { createEsReader } from "../../../src/app/reading/es-reader.ts"
import { newTally, type ReaderOptions } from "../../../src/app/reading/reader.ts"
import type { Problem } from "../../../src/base/problem.ts"
import { detectEndpointSecurity } from "../../../src/formats/endpoint-security/detect.ts"
import type { Detection } from "../../../src/formats/format.ts"
import { ObjectSink } from "../../../src/rows/object-sink.ts"
import { seededRandom } from "../../acceptance/read-rows.ts"
import { ES_CASES } from "../../es-writer/cases.ts"
import { KeptRecords } from "../../kept-records.ts"
import { mutate } from "../mutate.ts"

const LONGEST_INPUT = 40 * 1024
const DETECTION: Detection = {
  ...{ format: "endpoint-security", variant: "eslogger", title: "", why: "", firstTimeMs: Number.NaN },
  confidence: "certain",
}

export interface FuzzInput {
  readonly name: string
  readonly bytes: Buffer
}

interface Reading {
  readonly rows: readonly string[]
  readonly problems: readonly Problem[]
  readonly records: readonly string[]
  readonly events: number
}

export function readInputs(): FuzzInput[] {
  return ES_CASES.map(({ folder, content }) => ({ name: folder, bytes: content.subarray(0, LONGEST_INPUT) }))
}

/** @param seed chooses the input, the damage and the sizes of the chunks. Returns what went wrong, in words */
export function checkMutant(inputs: readonly FuzzInput[], seed: number): string[] {
  const input = inputs[seed % inputs.length]
  if (input === undefined) throw new Error("there are no inputs")
  const { bytes } = mutate(input.bytes, seed)
  const place = `seed ${seed}, ${input.name}`
  try {
    detectEndpointSecurity(bytes, "input")
    const whole = read(bytes, [], seed % 2 === 0)
    const faults = [...checkProblems(bytes, whole), ...checkRecords(whole)]
    const pieces = read(bytes, chunkSizes(bytes.length, seed), seed % 2 === 0)
    if (JSON.stringify(whole) !== JSON.stringify(pieces)) faults.push("in pieces it gives something else")
    return faults.map((fault) => `${place}: ${fault}`)
  } catch (error) {
    return [`${place}: threw ${error instanceof Error ? error.stack : String(error)}`]
  }
}

function chunkSizes(length: number, seed: number): number[] {
  const random = seededRandom(seed + 1_000_003)
  const cuts: number[] = []
  for (let at = 0; at < length; ) {
    at += 1 + Math.floor(random() * (random() < 0.1 ? 4 : 3000))
    if (at < length) cuts.push(at)
  }
  return cuts
}

function read(bytes: Buffer, cuts: readonly number[], isRecords: boolean): Reading {
  const sink = new ObjectSink()
  const problems: Problem[] = []
  const output = new KeptRecords()
  const records = output.texts
  const tally = newTally()
  const options: ReaderOptions = {
    ...{ writer: sink, host: "mac-1", gap: () => {} },
    problem: (problem) => problems.push(problem),
    ...(isRecords ? { records: output } : {}),
  }
  const reader = createEsReader(options)
  reader.beginSource({ sourceId: 1, detection: DETECTION, modifiedMs: 0, tally })
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    // Sources use a chunk's memory again.
    const chunk = Buffer.from(bytes.subarray(from, cut))
    reader.push(chunk, from)
    chunk.fill(0x21)
    from = cut
  }
  reader.endSource()
  reader.end()
  const rows = sink.rows.map((row) =>
    JSON.stringify(row, (_, value) => (typeof value === "bigint" ? `${value}n` : value)),
  )
  return { rows, problems, records, events: tally.events }
}

function checkProblems(bytes: Buffer, { problems }: Reading): string[] {
  return problems
    .filter(({ offset, length }) => !(offset >= 0 && length >= 0 && offset + length <= bytes.length))
    .map((problem) => `a problem outside of the file: ${JSON.stringify(problem)}`)
}

/** Each record is one line of JSON. */
function checkRecords({ records }: Reading): string[] {
  return records.flatMap((record) => {
    try {
      JSON.parse(record)
      return record.includes("\n") ? [`a record of two lines: ${record.slice(0, 200)}`] : []
    } catch {
      return [`a record that is no JSON: ${record.slice(0, 200)}`]
    }
  })
}
