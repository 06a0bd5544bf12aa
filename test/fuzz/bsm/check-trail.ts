/** Reads a damaged trail, and says what a reader must not do with it. */
import { globSync, readFileSync } from "node:fs"
import path from "node:path"
import { BsmReader } from "../../../src/app/reading/bsm-reader.ts"
import { newTally } from "../../../src/app/reading/reader.ts"
import { ObjectSink } from "../../../src/rows/object-sink.ts"
import { seededRandom } from "../../acceptance/read-rows.ts"
import { EVERY_TOKEN, RAW_TOKENS } from "../../bsm-writer/every-token.ts"
import { record } from "../../bsm-writer/record.ts"
import { execArgs, path as pathToken, returns32, subject } from "../../bsm-writer/tokens.ts"
import { hasShared, readTrail, SHARED, type TrailReading } from "../../unit/formats/bsm/read-trail.ts"
import { type MutatedTrail, mutateTrail } from "./mutate-trail.ts"

const LONGEST_INPUT = 64 * 1024
const MOST_MEMORY = 400 * 1024 * 1024

export interface TrailInput {
  readonly name: string
  /** Records and file tokens, and what lies between them. */
  readonly items: readonly Buffer[]
  /** What an item gives, by its offset. */
  readonly content: ReadonlyMap<number, string>
}

/** Trails of the writer, and small ones that systems wrote where they are at hand. */
export function readTrails(): TrailInput[] {
  const each = EVERY_TOKEN.concat(RAW_TOKENS).map(({ bytes }, at) =>
    record(23, [pathToken("/srv/demo"), bytes, subject({ pid: at }), returns32()]),
  )
  const short = [record(23, [execArgs(["a", "b"], 9), pathToken("/a"), subject(), returns32()])]
  const trails = new Map([["every token", Buffer.concat([...each, ...short])]])
  const names = hasShared ? globSync("{plaso,generated,freebsd13-vdhoven}/*", { cwd: SHARED }).sort() : []
  for (const name of names.filter((one) => !/\.(?:txt|xml|ndjson)$/.test(one))) {
    const bytes = readFileSync(path.join(SHARED, name))
    if (bytes.length <= LONGEST_INPUT) trails.set(name, bytes)
  }
  return [...trails].map(([name, bytes]) => inputOf(name, bytes))
}

function inputOf(name: string, bytes: Buffer): TrailInput {
  const reading = readTrail(bytes)
  const { records } = reading
  const content = new Map<number, string>()
  const starts = new Set([0])
  for (const [at, { offset, length }] of records.entries()) {
    // Without a trailer it counts what stands behind it.
    const isSound = records[at]?.tokens.at(-1)?.token === "trailer"
    if (isSound) content.set(offset, contentOf(reading.texts[at] ?? ""))
    starts.add(offset).add(offset + length)
  }
  const cuts = [...starts].sort((a, b) => a - b).filter((start) => start < bytes.length)
  return {
    name,
    items: cuts.map((start, at) => bytes.subarray(start, cuts[at + 1] ?? bytes.length)),
    content,
  }
}

/** Without its place and without what other records tell. */
function contentOf(text: string): string {
  return text
    .replace(/^.*?"tokens":/, "")
    .replace(/"port":\d+,("addr":"[^"]*"),"port_stored":(\d+)/g, '"port":$2,$1')
}

/** @param seed chooses the trail, the damage and the pieces. Returns what went wrong, in words */
export function checkTrail(inputs: readonly TrailInput[], seed: number): string[] {
  const input = inputs[seed % inputs.length]
  if (input === undefined) throw new Error("there are no inputs")
  const mutant = mutateTrail(input.items, seed)
  try {
    const whole = readTrail(mutant.bytes)
    const faults = [
      ...checkCover(mutant.bytes, whole),
      ...checkIntact(input, mutant, whole),
      ...checkMemory(),
    ]
    faults.push(...checkPieces(mutant.bytes, seed, whole))
    if (seed % 4 === 0) faults.push(...checkResumed(mutant.bytes, seed, whole))
    if (seed % 4 === 1) readRows(mutant.bytes)
    return faults.map((fault) => `seed ${seed}, ${input.name}: ${fault}`)
  } catch (error) {
    return [`seed ${seed}, ${input.name}: threw ${error instanceof Error ? error.stack : String(error)}`]
  }
}

/** Every byte is in one record, or told of as in none. */
function checkCover(bytes: Buffer, { records, problems }: TrailReading): string[] {
  const outside = problems.filter(({ code }) => /skipped-bytes|cut-record/.test(code))
  const parts = [...records, ...outside].sort((a, b) => a.offset - b.offset)
  let at = 0
  for (const { offset, length } of parts) {
    if (offset !== at || length <= 0) return [`byte ${at} is in no record, or in two`]
    at += length
  }
  return at === bytes.length ? [] : [`ends at ${at} of ${bytes.length}`]
}

function checkIntact(
  input: TrailInput,
  { bytes, intact }: MutatedTrail,
  { records, texts }: TrailReading,
): string[] {
  const found = new Map(records.map(({ offset, length }, at) => [offset, { length, at }]))
  for (const [offset, origin] of intact) {
    const before = input.content.get(origin)
    if (before === undefined) continue
    const now = found.get(offset)
    const isCut = bytes.length < offset + 25 || bytes.length < offset + bytes.readUInt32BE(offset + 1)
    if (now === undefined && isCut) continue
    const content = now === undefined ? "no record" : contentOf(texts[now.at] ?? "")
    if (content !== before) return [`the record at ${offset} is untouched and gives ${content.slice(0, 200)}`]
  }
  return []
}

function checkPieces(bytes: Buffer, seed: number, whole: TrailReading): string[] {
  const random = seededRandom(seed + 1_000_003)
  const piece = 1 + Math.floor(random() * (random() < 0.3 ? 8 : 2000))
  const reading = readTrail(bytes, { piece })
  const isSame =
    JSON.stringify([reading.texts, reading.problems]) === JSON.stringify([whole.texts, whole.problems])
  return isSame ? [] : [`pieces of ${piece} give something else`]
}

/** Stops somewhere and reads on with a new parser: the records must be those of one reading, each once. */
function checkResumed(bytes: Buffer, seed: number, whole: TrailReading): string[] {
  const cut = Math.floor(seededRandom(seed + 7)() * bytes.length)
  const first = readTrail(bytes.subarray(0, cut), { isOpen: true })
  const second = readTrail(Buffer.alloc(0), { isOpen: true })
  second.parser.restoreState(first.parser.saveState())
  const from = first.parser.consumedTo
  second.parser.push(bytes.subarray(from), from)
  second.parser.endSource()
  const isSame = JSON.stringify([...first.texts, ...second.texts]) === JSON.stringify(whole.texts)
  return isSame ? [] : [`stopped at ${cut}, read on at ${from} gives other records`]
}

function readRows(bytes: Buffer): void {
  const reader = new BsmReader({ writer: new ObjectSink(), host: "", problem: () => {}, gap: () => {} })
  const detection = {
    format: "bsm",
    variant: "trail",
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
