/** The rows of `_sources` during a run: which exist, which have changed, and their digests. */

import type { Source, SourceFacts } from "../../sources/source.ts"
import type { SourceRow, SourceState } from "../../store/case-store.ts"
import type { Choice } from "../reading/choose-format.ts"
import { digestHead, KnownSources } from "./known-sources.ts"

export class SourceLedger {
  readonly known: KnownSources
  readonly #runId: number
  readonly #dirty = new Map<number, SourceRow>()
  #nextId: number

  constructor(rows: readonly SourceRow[], runId: number) {
    this.known = new KnownSources(rows)
    this.#runId = runId
    this.#nextId = 1 + rows.reduce((highest, row) => Math.max(highest, row.id), 0)
  }

  add(facts: SourceFacts, state: SourceState, choice?: Choice): SourceRow {
    const detection = choice?.kind === "format" ? choice.detection : undefined
    const row: SourceRow = {
      id: this.#nextId++,
      path: facts.path,
      member: facts.member,
      packing: facts.packing,
      format: detection?.format ?? "",
      variant: detection?.variant ?? "",
      state,
      size: facts.storedSize < 0 ? null : facts.storedSize,
      modified: Number.isNaN(facts.modifiedMs) ? null : Math.floor(facts.modifiedMs / 1000),
      sha256: "",
      contentSize: 0,
      contentSha256: "",
      records: 0,
      rejected: 0,
      otherLines: 0,
      events: 0,
      firstTime: null,
      lastTime: null,
      runId: this.#runId,
      duplicateOf: null,
      headSha256: "",
      headSize: 0,
      resumeOffset: 0,
      parserState: "",
    }
    this.known.rows.push(row)
    this.mark(row)
    return row
  }

  /**
   * A source goes on where another file ends: the row will carry the longer one's name, so the shorter one is
   * listed as a duplicate of it.
   */
  keepName(row: SourceRow, grown: SourceFacts): void {
    if (row.path === grown.path && row.member === grown.member) return
    const copy: SourceRow = {
      ...row,
      id: this.#nextId++,
      state: "duplicate",
      duplicateOf: row.id,
      parserState: "",
    }
    copy.records = copy.rejected = copy.otherLines = copy.events = 0
    copy.resumeOffset = copy.contentSize
    this.known.rows.push(copy)
    this.mark(copy)
  }

  /** Number that the next row will have. */
  get nextId(): number {
    return this.#nextId
  }

  /** The row will be written with the next commit. */
  mark(row: SourceRow): void {
    row.runId = this.#runId
    this.#dirty.set(row.id, row)
  }

  /** Takes back the row that was added last. */
  remove(row: SourceRow): void {
    this.#dirty.delete(row.id)
    this.known.rows.splice(this.known.rows.indexOf(row), 1)
    if (row.id === this.#nextId - 1) this.#nextId = row.id
  }

  /** A row of the same file in an earlier run: same path, same member, one of these states. */
  find(facts: SourceFacts, states: readonly SourceState[]): SourceRow | undefined {
    return this.known.rows.find(
      (row) => row.path === facts.path && row.member === facts.member && states.includes(row.state),
    )
  }

  takeChanged(): SourceRow[] {
    const changed = [...this.#dirty.values()]
    this.#dirty.clear()
    return changed
  }

  setHead(row: SourceRow, head: Buffer): void {
    const { sha256, size } = digestHead(head)
    row.headSha256 = sha256
    row.headSize = size
  }

  /** Size and digests of a source that was read to its end. */
  setWhole(row: SourceRow, source: Source): void {
    this.setHead(row, source.head)
    row.sha256 = source.digests.stored
    row.contentSize = source.contentRead
    row.contentSha256 = source.digests.content
    if (source.facts.storedSize >= 0) row.size = source.facts.storedSize
    else row.size = source.storedRead
  }
}
