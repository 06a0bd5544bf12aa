/** What a recording says of itself: events, formats, names and clock, from wherever they stand. */
import { LIMITS } from "../../../base/limits.ts"
import type { Stretch } from "../../format.ts"
import { CLOCK } from "../sample.ts"
import { readAttribute } from "./attribute.ts"
import { ByteCursor } from "./byte-cursor.ts"
import { RecordingClock } from "./clock.ts"
import { type Features, noFeatures, readFeature, WANTED } from "./features.ts"
import { FEATURE, type FileHeader, SECTION_BYTES } from "./file-header.ts"
import { readFeatureSections } from "./look-ahead.ts"
import { RecordingEvents } from "./recording-events.ts"
import type { RecordingNotes } from "./recording-notes.ts"

const UPDATE_NAME = 2
/** A pipe tells all of its events before the first sample. */
const MOST_LESSONS = 1000

export class RecordingFacts {
  readonly events = new RecordingEvents()
  readonly clock = new RecordingClock()
  readonly #notes: RecordingNotes
  features: Features = noFeatures()
  /** Whether something has come that `learn` has not seen. */
  areNew = false
  #lessons = 0
  #modifiedMs = Number.NaN
  #isBigEndian = false

  constructor(notes: RecordingNotes) {
    this.#notes = notes
  }

  begin(modifiedMs: number): void {
    this.features = noFeatures()
    this.events.clear()
    this.clock.reset()
    this.areNew = false
    this.#lessons = 0
    this.#modifiedMs = modifiedMs
  }

  /** Takes in the attributes of a file; `bytes` begin with its header. */
  readHeader({ isBigEndian, isPipe, attrs, attrBytes }: FileHeader, bytes: Buffer): void {
    this.#isBigEndian = isBigEndian
    if (isPipe) return
    const count = attrBytes > SECTION_BYTES ? Math.floor(attrs.size / attrBytes) : 0
    if (count === 0) this.#notes.noAttributes()
    for (let place = 0; place < count; place++) {
      const from = attrs.offset + place * attrBytes
      const read = readAttribute(bytes.subarray(from, from + attrBytes), isBigEndian)
      if (read === null || from + attrBytes > bytes.length || !this.#hasRoom()) {
        this.#notes.noAttributes()
        return
      }
      const section = new ByteCursor(bytes, isBigEndian, from + attrBytes - SECTION_BYTES)
      const at = section.u64()
      const ids = new ByteCursor(bytes, isBigEndian, at, at + section.u64())
      this.events.add(read.attribute, readIds(ids))
    }
  }

  /** Takes in the feature sections of a file. */
  readSections(header: FileHeader, stretches: readonly Stretch[]): void {
    const tableAt = header.data.offset + header.data.size
    const head = { isBigEndian: header.isBigEndian, features: header.features, tableAt }
    const { hasTable, isDamaged } = readFeatureSections(this.features, head, stretches)
    if (!hasTable || isDamaged) this.#notes.noFormats()
  }

  /** An attribute with its ids, as a pipe carries them. */
  addAttribute(bytes: Buffer): void {
    const read = readAttribute(bytes, this.#isBigEndian)
    if (read === null || !this.#hasRoom()) {
      this.#notes.noAttributes()
      return
    }
    this.events.add(read.attribute, readIds(new ByteCursor(bytes, this.#isBigEndian, read.length)))
    this.areNew = true
  }

  addFeature(feature: number, bytes: Buffer, offset: number): void {
    if (!WANTED.has(feature)) return
    if (!readFeature(this.features, feature, bytes, this.#isBigEndian) && feature === FEATURE.tracingData)
      this.#notes.noFormats(offset)
    this.areNew = true
  }

  /** A pipe carries an event's name behind its attribute. */
  updateName(bytes: Buffer): void {
    const cursor = new ByteCursor(bytes, this.#isBigEndian)
    const kind = cursor.u64()
    const id = cursor.u64()
    const rest = cursor.slice(cursor.left)
    const nul = rest.indexOf(0)
    const { nameById } = this.features
    if (kind !== UPDATE_NAME || nameById.size >= LIMITS.perfEvents.value) return
    nameById.set(id, rest.utf8Slice(0, nul < 0 ? rest.length : nul))
    this.areNew = true
  }

  /** Names, formats and the clock, as known by now. */
  learn(): void {
    this.areNew = false
    if (this.#lessons++ > MOST_LESSONS) return
    this.events.resolve(this.features)
    const { clock, lastSampleNs } = this.features
    if (clock !== null) this.clock.set(CLOCK.unix, clock.wallNs - clock.clockNs)
    else if (lastSampleNs > 0 && Number.isFinite(this.#modifiedMs)) {
      const offsetNs = BigInt(Math.floor(this.#modifiedMs)) * 1_000_000n - BigInt(lastSampleNs)
      this.clock.set(CLOCK.estimated, offsetNs)
      this.#notes.estimated()
    } else this.clock.reset()
  }

  #hasRoom(): boolean {
    return this.events.count < LIMITS.perfEvents.value
  }
}

function readIds(cursor: ByteCursor): number[] {
  const ids: number[] = []
  while (cursor.left >= 8) ids.push(cursor.u64())
  return ids
}
