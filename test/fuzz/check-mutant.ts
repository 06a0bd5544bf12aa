/** Reads a damaged file through parser and normalizer, and says what a reader must not do with it. */
import { globSync, readFileSync } from "node:fs"
import path from "node:path"
import { gunzipSync } from "node:zlib"
import { chooseFormat } from "../../src/app/reading/choose-format.ts"
import { createLinuxAuditReader } from "../../src/app/reading/linux-audit-reader.ts"
import { newTally, type ReaderOptions, type Tally } from "../../src/app/reading/reader.ts"
import type { Problem } from "../../src/base/problem.ts"
import type { Detection } from "../../src/formats/format.ts"
import { ObjectSink } from "../../src/rows/object-sink.ts"
import { seededRandom } from "../acceptance/read-rows.ts"
import { mutate } from "./mutate.ts"

const CORPUS = path.resolve(import.meta.dirname, "../../corpus/linux-audit")
const LONGEST_INPUT = 6 * 1024
/** One line, one record or one reason why not. */
const LINE_FORMS = new Set([
  "auditd",
  "syslog",
  "audispd",
  "audisp",
  "dmesg",
  "journald-short",
  "journald-cat",
])
/** Whose records say by themselves which event they are of. */
const KEYED_FORMS = new Set(["auditd", "syslog", "audispd", "audisp", "dmesg"])

export interface FuzzInput {
  readonly name: string
  readonly bytes: Buffer
  readonly detection: Detection
  readonly rows: readonly KeyedRow[]
}

interface KeyedRow {
  readonly key: string
  readonly text: string
}

interface Reading {
  readonly rows: KeyedRow[]
  readonly problems: Problem[]
  readonly tally: Tally
}

/** Small files of the corpus, recognised and read once undamaged. */
export function readInputs(): FuzzInput[] {
  const inputs: FuzzInput[] = []
  for (const name of globSync("**/input.*", { cwd: CORPUS }).sort()) {
    const stored = readFileSync(path.join(CORPUS, name))
    if (stored.length > LONGEST_INPUT || name.includes("damaged/gz")) continue
    const bytes = name.endsWith(".gz") ? gunzipSync(stored) : stored
    const facts = { path: name, member: "", packing: "", storedSize: bytes.length, modifiedMs: 0 }
    const choice = chooseFormat(bytes, facts, "linux-audit")
    if (bytes.length > LONGEST_INPUT || choice.kind !== "format") continue
    const { detection } = choice
    inputs.push({ name, bytes, detection, rows: read(bytes, detection, []).rows })
  }
  return inputs
}

/** @param seed chooses the input, the damage and the sizes of the chunks. Returns what went wrong, in words */
export function checkMutant(inputs: readonly FuzzInput[], seed: number): string[] {
  const input = inputs[seed % inputs.length]
  if (input === undefined) throw new Error("there are no inputs")
  const { bytes, touched } = mutate(input.bytes, seed)
  const place = `seed ${seed}, ${input.name}`
  try {
    const cuts = chunkSizes(bytes.length, seed)
    const reading = read(bytes, input.detection, cuts)
    const faults = [...checkCounts(bytes, input.detection.variant, reading), ...checkProblems(bytes, reading)]
    if (KEYED_FORMS.has(input.detection.variant)) faults.push(...checkUntouched(input, reading, touched))
    if (seed % 8 === 0) faults.push(...checkResumed(bytes, input.detection, cuts, reading))
    if (seed % 8 === 1) read(bytes, input.detection, cuts, () => {})
    return faults.map((fault) => `${place}: ${fault}`)
  } catch (error) {
    return [`${place}: threw ${error instanceof Error ? error.stack : String(error)}`]
  }
}

function chunkSizes(length: number, seed: number): number[] {
  const random = seededRandom(seed + 1_000_003)
  if (random() < 0.3) return []
  const cuts: number[] = []
  for (let at = 0; at < length; ) {
    at += 1 + Math.floor(random() * (random() < 0.1 ? 4 : 2000))
    if (at < length) cuts.push(at)
  }
  return cuts
}

function open(detection: Detection, recordJson?: (json: string) => void) {
  const sink = new ObjectSink()
  const problems: Problem[] = []
  const tally = newTally()
  const options: ReaderOptions = {
    writer: sink,
    host: "",
    problem: (problem) => problems.push(problem),
    gap: () => {},
    ...(recordJson === undefined ? {} : { recordJson }),
  }
  const reader = createLinuxAuditReader(options)
  reader.beginSource({ sourceId: 1, detection, modifiedMs: 0, tally })
  return { sink, problems, tally, reader }
}

function read(
  bytes: Buffer,
  detection: Detection,
  cuts: readonly number[],
  recordJson?: (json: string) => void,
): Reading {
  const { sink, problems, tally, reader } = open(detection, recordJson)
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
  return { rows: sink.rows.map(keyRow), problems, tally }
}

function keyRow({ table, values }: ObjectSink["rows"][number]): KeyedRow {
  const { eid, source_offset, parent_path, ...content } = values
  const ns = typeof values.time_ns === "bigint" ? values.time_ns : BigInt(Number(values.time_ns ?? 0))
  const ms = String((ns / 1_000_000n) % 1000n).padStart(3, "0")
  const key = `${ns / 1_000_000_000n}.${ms}:${values.record_id ?? 0}`
  const text = JSON.stringify(content, (_, value) => (typeof value === "bigint" ? String(value) : value))
  return { key, text: `${table} ${text}` }
}

/** A line is one record or one reason why not; NULs part it, and a record may begin where a line end was lost. */
function checkCounts(bytes: Buffer, variant: string, { tally, problems }: Reading): string[] {
  if (!LINE_FORMS.has(variant)) return []
  const lines = bytes
    .toString("latin1")
    .split("\n")
    .flatMap((line) => line.split(/^\0+|\0+$|\0{512,}|\0+(?=type=|node=)/))
    .filter((line) => line.replace(/\r$/, "").replace(/ +$/, "") !== "").length
  const counted = tally.records + tally.rejected + tally.otherLines
  const merged = problems.filter(({ code }) => code === "linux-audit/merged-lines").length
  if (counted === lines + merged) return []
  const { records, rejected, otherLines } = tally
  return [`${lines} + ${merged} lines, but ${records} records + ${rejected} rejected + ${otherLines} others`]
}

function checkProblems(bytes: Buffer, { problems }: Reading): string[] {
  return problems
    .filter(({ offset, length }) => !(offset >= 0 && length >= 0 && offset <= bytes.length))
    .map((problem) => `a problem outside of the file: ${JSON.stringify(problem)}`)
}

function checkUntouched(input: FuzzInput, { rows }: Reading, touched: ReadonlySet<string>): string[] {
  const counts = new Map<string, number>()
  for (const { key, text } of input.rows) if (!touched.has(key)) counts.set(text, (counts.get(text) ?? 0) + 1)
  for (const { key, text } of rows) if (!touched.has(key)) counts.set(text, (counts.get(text) ?? 0) - 1)
  return [...counts]
    .filter(([, count]) => count !== 0)
    .slice(0, 2)
    .map(([text, count]) => `an untouched row ${count > 0 ? "is gone" : "is new"}: ${text}`)
}

/** Stops at a chunk, saves, and reads on with a new reader: the rows must be those of one reading. */
function checkResumed(
  bytes: Buffer,
  detection: Detection,
  cuts: readonly number[],
  whole: Reading,
): string[] {
  const cut = cuts[cuts.length >> 1]
  if (cut === undefined) return []
  const first = open(detection)
  first.reader.push(Buffer.from(bytes.subarray(0, cut)), 0)
  const state = first.reader.saveState()
  const at = first.reader.consumedTo
  const second = open(detection)
  if (!second.reader.restoreState(state)) return ["a saved state was refused"]
  second.reader.push(Buffer.from(bytes.subarray(at)), at)
  second.reader.endSource()
  second.reader.end()
  const rows = [...first.sink.rows, ...second.sink.rows].map((row) => keyRow(row).text)
  const wanted = whole.rows.map(({ text }) => text)
  const different = wanted.findIndex((text, row) => text !== rows[row])
  if (rows.length === wanted.length && different < 0) return []
  return [`read on at ${at} gives ${rows.length} rows for ${wanted.length}; row ${different} differs`]
}
