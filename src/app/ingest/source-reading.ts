/** One source on its way through a chain's reader: where it begins, what of it is saved on the way. */
import type { Detection, Stretch } from "../../formats/format.ts"
import type { Chunk, Source } from "../../sources/source.ts"
import type { SourceRow } from "../../store/case-store.ts"
import type { ChainReader, Tally } from "../reading/reader.ts"
import { countsOf, type OpenEnd, type SavedReading, tallyFrom } from "./chain.ts"

/** Lengths at which the content's digest is kept, so that a later run can tell the file again. */
const STRIDE = 16 * 1024 * 1024
const MAX_STRIDES = 65_536
/** A last line longer than this is not carried into the next file. */
const MAX_TAIL = 64 * 1024

export class SourceReading {
  readonly tally: Tally
  readonly #reader: ChainReader
  readonly #row: SourceRow
  readonly #source: Source
  #tail: Buffer = Buffer.alloc(0)
  #hasRead = false

  /** @param ahead what the format asked to see before */
  constructor(
    reader: ChainReader,
    row: SourceRow,
    source: Source,
    detection: Detection,
    ahead?: readonly Stretch[] | null,
  ) {
    this.#reader = reader
    this.#row = row
    this.#source = source
    this.tally = tallyFrom(row)
    reader.beginSource({
      sourceId: row.id,
      detection,
      modifiedMs: source.facts.modifiedMs,
      tally: this.tally,
      ...(ahead === undefined ? {} : { ahead }),
    })
  }

  /** The bytes that the case does not hold. @param lengths prefixes whose digests are wanted, instead of the usual */
  chunks(lengths?: readonly number[]): AsyncIterable<Chunk> {
    const prefixDigests = lengths ?? stridesOf(this.#source)
    return this.#source.chunks({ startAt: this.#row.resumeOffset, prefixDigests })
  }

  push({ bytes, offset }: Chunk): void {
    this.#hasRead = true
    this.#reader.push(bytes, offset)
    const unread = offset + bytes.length - this.#reader.consumedTo
    const isCarried = unread > 0 && unread <= Math.min(MAX_TAIL, bytes.length)
    this.#tail = isCarried ? Buffer.from(bytes.subarray(bytes.length - unread)) : Buffer.alloc(0)
  }

  /** Puts into the source's row what a later run needs to read on from here. */
  checkpoint(): void {
    const row = this.#row
    const known = [...this.#source.prefixDigests].filter(([size]) => size <= this.#reader.consumedTo)
    const [size, sha256] = known.reduce((best, entry) => (entry[0] > best[0] ? entry : best), [0, ""])
    row.contentSize = size
    row.contentSha256 = sha256
    row.resumeOffset = this.#reader.consumedTo
    Object.assign(row, countsOf(this.tally))
    row.parserState = JSON.stringify(this.#save([]))
  }

  /** The source has no more bytes. Its last line and its open events wait for what follows. */
  finish(eids: ReadonlyMap<string, number>): OpenEnd {
    const row = this.#row
    row.state = "done"
    // A run that was killed after its last chunk left nothing to push: the reader then knows no offset.
    if (this.#hasRead) row.resumeOffset = this.#reader.consumedTo
    Object.assign(row, countsOf(this.tally))
    const saved = this.#save([...eids])
    row.parserState = JSON.stringify(saved)
    const endSource = () => {
      this.#reader.endSource()
      Object.assign(row, countsOf(this.tally))
    }
    return { row, saved, tally: this.tally, endSource }
  }

  #save(eids: SavedReading["eids"]): SavedReading {
    const tail = this.#tail.toString("base64")
    return { reader: this.#reader.saveState(), counts: countsOf(this.tally), tail, flushed: null, eids }
  }
}

function stridesOf(source: Source): number[] {
  const size = source.facts.packing === "" ? source.facts.storedSize : Number.POSITIVE_INFINITY
  const strides: number[] = []
  for (let at = STRIDE; at <= size && strides.length < MAX_STRIDES; at += STRIDE) strides.push(at)
  return strides
}
