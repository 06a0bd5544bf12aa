/** The rows of `_sources` behind a feed: new or known, with what a later run needs to read on. */
import type { Problem } from "../../base/problem.ts"
import type { SourceFacts } from "../../sources/source.ts"
import type { RowRange, SourceRow } from "../../store/case-store.ts"
import { countsOf, parseSaved, tallyFrom } from "../ingest/chain.ts"
import { findChanged, isWrittenInPlace } from "../ingest/changed-sources.ts"
import type { SourceLedger } from "../ingest/source-ledger.ts"
import type { ChosenFormat } from "../reading/choose-format.ts"
import { newTally, type Tally } from "../reading/reader.ts"
import type { KnownSource, OpenedSource, Opening, SavedSource } from "./feed.ts"

/** Deletes these rows and stores the source, at once. */
type Retract = (ranges: readonly RowRange[], source: SourceRow) => void

export class FeedSources {
  readonly #ledger: SourceLedger
  readonly #problem: (problem: Problem, sourceId: number) => void
  readonly #rows = new Map<number, SourceRow>()
  readonly #tallies = new Map<number, Tally>()
  readonly #unread = new Map<string, number>()

  constructor(ledger: SourceLedger, problem: (problem: Problem, sourceId: number) => void) {
    this.#ledger = ledger
    this.#problem = problem
  }

  /** What an earlier run left of the file that begins with these bytes. */
  known(head: Buffer, facts: SourceFacts): KnownSource | undefined {
    const { known } = this.#ledger
    if (isWrittenInPlace(head)) {
      const changed = findChanged(known.earlier, head, facts)
      return changed === undefined ? undefined : { ...placeOf(changed.row), isGuess: changed.isGuess }
    }
    const row = known
      .candidates(head)
      .find(({ state, parserState }) => (state === "reading" || state === "done") && parserState !== "")
    return row === undefined ? undefined : placeOf(row)
  }

  open(facts: SourceFacts, choice: ChosenFormat, { head, known }: Opening): OpenedSource {
    const earlier = this.#ledger.known.rows.find(({ id }) => id === known?.sourceId)
    const row = earlier ?? this.#ledger.add(facts, "reading", choice)
    row.path = facts.path
    row.state = "reading"
    this.#ledger.setHead(row, head)
    this.#ledger.mark(row)
    this.#rows.set(row.id, row)
    const counts = parseSaved(known?.parserState ?? "")?.counts
    const tally = counts === undefined ? newTally() : tallyFrom(counts)
    this.#tallies.set(row.id, tally)
    return { sourceId: row.id, tally }
  }

  /** What an ingest wrote at its end for events that were open then: they go on, and those rows have to go. */
  takeBack({ sourceId, parserState }: KnownSource, retract: Retract): void {
    const row = this.#rows.get(sourceId)
    const saved = parseSaved(parserState)
    if (row === undefined || saved === null) return
    row.parserState = JSON.stringify({ ...saved, flushed: null })
    retract(saved.flushed ?? [], row)
  }

  /** A stream has ended: it cannot be read on. */
  ended({ sourceId, resumeOffset }: SavedSource): void {
    const row = this.#rows.get(sourceId)
    const tally = this.#tallies.get(sourceId)
    if (row === undefined || tally === undefined) return
    Object.assign(row, countsOf(tally))
    row.state = "done"
    row.size = row.contentSize = row.resumeOffset = resumeOffset
    this.#ledger.mark(row)
  }

  saved({ sourceId, resumeOffset, parserState, isDone = false }: SavedSource): void {
    const row = this.#rows.get(sourceId)
    if (row === undefined) return
    row.resumeOffset = resumeOffset
    row.parserState = parserState
    Object.assign(row, parseSaved(parserState)?.counts)
    // Without a state there is nothing to go on with: it was read to its end.
    if (parserState === "" || isDone) {
      row.state = "done"
      row.size = row.contentSize = resumeOffset
    }
    this.#ledger.mark(row)
  }

  /** A problem with a source, or with a path that is not read as one. */
  problem(problem: Problem, path: string, sourceId: number | undefined): void {
    this.#problem(problem, sourceId ?? this.#unreadId(path))
  }

  #unreadId(path: string): number {
    const known = this.#unread.get(path)
    if (known !== undefined) return known
    const facts = { path, member: "", packing: "", storedSize: -1, modifiedMs: Number.NaN }
    const row = this.#ledger.add(facts, "refused")
    this.#unread.set(path, row.id)
    return row.id
  }
}

function placeOf({ id, resumeOffset, parserState }: SourceRow): KnownSource {
  return { sourceId: id, resumeOffset, parserState }
}
