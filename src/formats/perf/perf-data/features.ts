/**
 * The feature sections that decoding wants: formats of the events, their names, clocks, and what the machine is called.
 * They lie behind the data of a file; a pipe carries them as records. Source: perf.data-file-format.txt.
 */
import { ByteCursor } from "./byte-cursor.ts"
import { FEATURE } from "./file-header.ts"
import { readTracingData, type TracingData } from "./tracing-data.ts"

const MOST_EVENTS = 100_000
const ATTR_MIN = 8

export interface ClockData {
  readonly clockId: number
  readonly wallNs: bigint
  readonly clockNs: bigint
}

/** What is known so far; sections come in any order. */
export interface Features {
  tracing: TracingData | null
  /** By the number of the event's id. */
  readonly nameById: Map<number, string>
  /** Names in the order of the attributes. */
  readonly names: string[]
  clock: ClockData | null
  hostname: string
  osRelease: string
  /** As uname(1) names it. */
  machine: string
  /** Whether the data goes on in files of their own, one a recording thread. */
  isFolder: boolean
  /** Time of the last sample in the recording's clock; NaN without. */
  lastSampleNs: number
}

export function noFeatures(): Features {
  return {
    tracing: null,
    nameById: new Map(),
    names: [],
    clock: null,
    hostname: "",
    osRelease: "",
    machine: "",
    isFolder: false,
    lastSampleNs: Number.NaN,
  }
}

/** Features that are worth reading. */
export const WANTED: ReadonlySet<number> = new Set(Object.values(FEATURE))

/** Takes in one section; false when its bytes end early. */
export function readFeature(
  features: Features,
  feature: number,
  bytes: Buffer,
  isBigEndian: boolean,
): boolean {
  const cursor = new ByteCursor(bytes, isBigEndian)
  switch (feature) {
    case FEATURE.tracingData: {
      const tracing = readTracingData(bytes)
      features.tracing = tracing
      return tracing !== null && !tracing.isCut
    }
    case FEATURE.hostname:
      features.hostname = cursor.sizedString()
      break
    case FEATURE.osRelease:
      features.osRelease = cursor.sizedString()
      break
    case FEATURE.machine:
      features.machine = cursor.sizedString()
      break
    case FEATURE.eventDescriptions:
      readNames(features, cursor)
      break
    case FEATURE.sampleTime:
      cursor.u64()
      features.lastSampleNs = cursor.u64()
      break
    case FEATURE.folder:
      features.isFolder = true
      break
    case FEATURE.clockData: {
      cursor.u32()
      const clock = { clockId: cursor.u32() | 0, wallNs: cursor.big(), clockNs: cursor.big() }
      if (!cursor.isOver) features.clock = clock
      break
    }
  }
  return !cursor.isOver
}

function readNames(features: Features, cursor: ByteCursor): void {
  const count = cursor.u32()
  const attrBytes = cursor.u32()
  if (attrBytes < ATTR_MIN) return
  for (let event = 0; event < count && event < MOST_EVENTS; event++) {
    cursor.slice(attrBytes)
    const ids = cursor.u32()
    const name = cursor.sizedString()
    if (cursor.isOver) return
    features.names.push(name)
    for (let id = 0; id < ids && !cursor.isOver; id++) features.nameById.set(cursor.u64(), name)
  }
}
