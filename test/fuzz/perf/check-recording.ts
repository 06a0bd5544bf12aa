/** Reads a damaged recording, and says what a reader must not do with it. */

import { PerfDataReader } from "../../../src/app/reading/perf-data-reader.ts"
import { PerfRecordWriter } from "../../../src/app/reading/perf-record.ts"
import { newTally } from "../../../src/app/reading/reader.ts"
import { GrowingBytes } from "../../../src/base/growing-bytes.ts"
import { PROBLEM_CODES } from "../../../src/base/problem-codes.ts"
import { ObjectSink } from "../../../src/rows/object-sink.ts"
import { seededRandom } from "../../acceptance/read-rows.ts"
import { PERF_CASES } from "../../perf-writer/cases.ts"
import { type PlainForm, readPlain } from "../../perf-writer/read-plain.ts"
import { readRecording } from "../../perf-writer/read-recording.ts"
import { mutate } from "../mutate.ts"

const PLAIN_FORMS: readonly PlainForm[] = ["json", "script-ns", "rows"]
const MOST_MEMORY = 500 * 1024 * 1024

export interface RecordingInput {
  readonly name: string
  readonly bytes: Buffer
}

/** The cases of the corpus. */
export function readInputs(): RecordingInput[] {
  return PERF_CASES.map(({ folder, bytes }) => ({ name: folder, bytes }))
}

/** @param seed chooses the recording, the damage and the pieces. Returns what went wrong, in words */
export async function checkRecording(inputs: readonly RecordingInput[], seed: number): Promise<string[]> {
  const input = inputs[seed % inputs.length]
  if (input === undefined) throw new Error("there are no inputs")
  const bytes = damage(input.bytes, seed)
  try {
    const whole = await read(bytes, bytes.length + 1)
    const random = seededRandom(seed + 1_000_003)
    const piece = 1 + Math.floor(random() * (random() < 0.3 ? 64 : 2000))
    const pieces = await read(bytes, piece)
    const faults = [...checkMemory(), ...checkCodes(whole)]
    if (JSON.stringify(whole) !== JSON.stringify(pieces))
      faults.push(`pieces of ${piece} give something else`)
    if (seed % 4 === 1) readRows(bytes)
    faults.push(...(await checkPlain(bytes, seed)))
    return faults.map((fault) => `seed ${seed}, ${input.name}: ${fault}`)
  } catch (error) {
    return [`seed ${seed}, ${input.name}: threw ${error instanceof Error ? error.stack : String(error)}`]
  }
}

/** The short way of plain samples gives what the general way does. */
async function checkPlain(bytes: Buffer, seed: number): Promise<string[]> {
  const form = PLAIN_FORMS[seed % PLAIN_FORMS.length] ?? "json"
  const general = await readPlain(bytes, { form, isPlain: false })
  const plain = await readPlain(bytes, { form, isPlain: true })
  const isSame =
    JSON.stringify({ ...plain, taken: 0 }, withoutBigInts) === JSON.stringify(general, withoutBigInts)
  return isSame ? [] : [`plain samples give something else as ${form}`]
}

function withoutBigInts(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value
}

/** Half of them keep their header, which most damage would make unreadable. */
function damage(bytes: Buffer, seed: number): Buffer {
  if (seed % 2 === 0) return mutate(bytes, seed).bytes
  const head = bytes.latin1Slice(0, 1) === "P" ? Number(bytes.readBigUInt64LE(40)) : 16
  const start = bytes.readUInt32LE(8) === 104 ? head : 16
  return Buffer.concat([bytes.subarray(0, start), mutate(bytes.subarray(start), seed).bytes])
}

interface Reading {
  readonly records: readonly string[]
  readonly problems: readonly unknown[]
  readonly codes: readonly string[]
  readonly text: string
}

async function read(bytes: Buffer, step: number): Promise<Reading> {
  const writer = new PerfRecordWriter("perf-data")
  const out = new GrowingBytes(4096)
  const records: string[] = []
  const isStreamed = bytes.length % 2 === 0
  const { problems, text } = await readRecording([bytes], {
    step,
    isStreamed,
    onRecord: (sample, parser) => {
      out.clear()
      writer.write(sample, parser.names.nameOf(sample.event), out)
      const json = out.bytes.utf8Slice(0, out.used)
      JSON.parse(json)
      records.push(json)
    },
  })
  return { records, problems, codes: problems.map(({ code }) => code), text }
}

function checkCodes({ codes }: Reading): string[] {
  return codes.filter((code) => PROBLEM_CODES[code] === undefined).map((code) => `${code} is not listed`)
}

function readRows(bytes: Buffer): void {
  const reader = new PerfDataReader({ writer: new ObjectSink(), host: "", problem: () => {}, gap: () => {} })
  const detection = {
    format: "perf-data",
    variant: "file",
    title: "",
    confidence: "certain",
    why: "",
    firstTimeMs: 0,
  } as const
  reader.beginSource({ sourceId: 1, detection, modifiedMs: 0, tally: newTally() })
  reader.push(bytes, 0)
  reader.endSource()
  reader.end()
}

function checkMemory(): string[] {
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  const used = arrayBuffers + heapUsed
  return used < MOST_MEMORY ? [] : [`${Math.round(used / 2 ** 20)} MiB are in use`]
}
