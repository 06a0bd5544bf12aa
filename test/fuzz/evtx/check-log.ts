/** Reads a damaged log, and says what a reader must not do with it. */
import { existsSync, globSync, readFileSync, statSync } from "node:fs"
import path from "node:path"
import { SHARED, seededRandom } from "../../acceptance/read-rows.ts"
import { EVTX_CASES } from "../../evtx-writer/cases/index.ts"
import { CHUNK_SIZE } from "../../evtx-writer/chunk-bytes.ts"
import { chunkStart, evtxFile, HEADER_BLOCK } from "../../evtx-writer/file.ts"
import { type EventReading, readEvents, readResumed } from "../../evtx-writer/read-events.ts"
import { mutateLog } from "./mutate-log.ts"

const LONGEST_INPUT = 4 * CHUNK_SIZE + HEADER_BLOCK
const MOST_MEMORY = 400 * 1024 * 1024

export interface LogInput {
  readonly name: string
  readonly bytes: Buffer
  /** Events of a chunk, by the chunk's bytes. */
  readonly chunks: ReadonlyMap<string, readonly string[]>
}

/** Logs of the writer, several chunks among them, and small ones that Windows wrote where they are at hand. */
export function readLogs(): LogInput[] {
  const sound = EVTX_CASES.filter(({ folder }) => !folder.startsWith("damaged/"))
  const records = sound.flatMap(({ file }) => file.records.map(({ record }) => record))
  const logs = new Map(sound.map(({ folder, file }) => [folder, file.bytes]))
  logs.set("several chunks", evtxFile({ records, recordsPerChunk: 9 }).bytes)
  for (const name of existsSync(SHARED) ? globSync("windows/*/*.evtx", { cwd: SHARED }).sort() : []) {
    const file = path.join(SHARED, name)
    if (statSync(file).size <= LONGEST_INPUT) logs.set(name, readFileSync(file))
  }
  return [...logs].map(([name, bytes]) => ({ name, bytes, chunks: eventsByChunk(bytes, readEvents(bytes)) }))
}

/** @param seed chooses the log, the damage and the pieces. Returns what went wrong, in words */
export function checkLog(inputs: readonly LogInput[], seed: number): string[] {
  const input = inputs[seed % inputs.length]
  if (input === undefined) throw new Error("there are no inputs")
  const bytes = mutateLog(input.bytes, seed)
  const cuts = cutUp(bytes.length, seed)
  try {
    const reading = readEvents(bytes, { cuts, recover: seed % 4 === 3 })
    const faults = [
      ...checkPlaces(bytes, reading),
      ...checkUntouched(input, bytes, reading),
      ...checkMemory(),
    ]
    if (seed % 8 === 0) faults.push(...checkResumed(bytes, cuts, reading))
    return faults.map((fault) => `seed ${seed}, ${input.name}: ${fault}`)
  } catch (error) {
    return [`seed ${seed}, ${input.name}: threw ${error instanceof Error ? error.stack : String(error)}`]
  }
}

function cutUp(length: number, seed: number): number[] {
  const random = seededRandom(seed + 1_000_003)
  if (random() < 0.3) return []
  const longest = random() < 0.2 ? 500 : 100_000
  const cuts: number[] = []
  for (let at = 0; at < length; ) {
    at += 1 + Math.floor(random() * longest)
    if (at < length) cuts.push(at)
  }
  return cuts
}

function eventsByChunk(bytes: Buffer, { events }: EventReading): Map<string, string[]> {
  const chunks = new Map<string, string[]>()
  const numbers = Math.ceil((bytes.length - HEADER_BLOCK) / CHUNK_SIZE)
  for (let chunk = 0; chunk < numbers; chunk++) chunks.set(keyOf(bytes, chunk), [])
  const known = new Map<string, number>()
  for (const { place, text } of events) {
    if (place.recovered !== "") continue
    const chunk = Math.floor((place.offset - HEADER_BLOCK) / CHUNK_SIZE)
    const key = keyOf(bytes, chunk)
    // A chunk that is there twice is listed once.
    if ((known.get(key) ?? chunk) !== chunk) continue
    known.set(key, chunk)
    chunks.get(key)?.push(`${place.offset - chunkStart(chunk)}+${place.length} ${text}`)
  }
  return chunks
}

function keyOf(bytes: Buffer, chunk: number): string {
  return bytes.toString("latin1", chunkStart(chunk), chunkStart(chunk + 1))
}

/** A chunk of which no byte differs gives the events that it gave, whatever became of the others. */
function checkUntouched(input: LogInput, bytes: Buffer, reading: EventReading): string[] {
  const found = eventsByChunk(bytes, reading)
  return [...found].flatMap(([key, events]) => {
    const before = input.chunks.get(key)
    if (before === undefined || key.length < CHUNK_SIZE) return []
    const different = before.findIndex((text, at) => text !== events[at])
    if (before.length === events.length && different < 0) return []
    const what = `event ${different} was ${before[different]?.slice(0, 200)}, is ${events[different]?.slice(0, 200)}`
    return [`an untouched chunk gives ${events.length} events for ${before.length}: ${what}`]
  })
}

function checkPlaces(bytes: Buffer, { events, problems }: EventReading): string[] {
  const end = Math.max(bytes.length, 128)
  const outside = [
    ...events
      .map(({ place }) => place)
      .filter(({ offset, length }) => !(offset >= 0 && offset + length <= end)),
    ...problems.filter(({ offset, length }) => !(offset >= 0 && length >= 0 && offset <= end)),
  ]
  return outside.slice(0, 2).map((place) => `outside of the file: ${JSON.stringify(place)}`)
}

function checkMemory(): string[] {
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  const used = arrayBuffers + heapUsed
  return used < MOST_MEMORY ? [] : [`${Math.round(used / 2 ** 20)} MiB are in use`]
}

/**
 * Stops at a cut and reads on with a new parser: the events must be those of one reading, each once. Templates that
 * were learnt before the cut are not known behind it, and a record that has lost its own is told of.
 */
function checkResumed(bytes: Buffer, cuts: readonly number[], whole: EventReading): string[] {
  const cut = cuts[cuts.length >> 1]
  if (cut === undefined) return []
  const resumed = readResumed(bytes, cut)
  const forgotten = new Set(resumed.problems.map(({ offset }) => offset))
  const list = ({ events }: EventReading) =>
    events
      .filter(({ place }) => place.recovered === "" && !forgotten.has(place.offset))
      .map(({ place, text }) => `${place.offset} ${text}`)
  const [wanted, given] = [list(whole), list(resumed)]
  const different = wanted.findIndex((text, at) => text !== given[at])
  if (given.length === wanted.length && different < 0) return []
  return [`stopped at ${cut} gives ${given.length} events for ${wanted.length}; event ${different} differs`]
}
