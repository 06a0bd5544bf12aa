/** The rows of `_sources` of a replay: the same as those of an ingest. */
import type { Problem } from "../../base/problem.ts"
import type { Source } from "../../sources/source.ts"
import type { SourceRow, SourceState } from "../../store/case-store.ts"
import { countsOf } from "../ingest/chain.ts"
import { digestHead } from "../ingest/known-sources.ts"
import type { SourceLedger } from "../ingest/source-ledger.ts"
import { unreadProblem } from "../ingest/unread-problem.ts"
import type { ReadSource } from "../reading/read-sources.ts"

export class ReplaySources {
  readonly #ledger: SourceLedger
  readonly #problem: (problem: Problem, sourceId: number) => void
  readonly #rows = new Map<number, SourceRow>()
  readonly #reads: ReadSource[] = []
  /** Sources by the digest of their first bytes; `digest` is that of all of them, once they were read. */
  readonly #alike = new Map<string, { readonly id: number; readonly digest: () => string }[]>()

  constructor(ledger: SourceLedger, problem: (problem: Problem, sourceId: number) => void) {
    this.#ledger = ledger
    this.#problem = problem
  }

  /** Takes note of a source whose turn has come, or, with its bytes, of one that was read. */
  note(read: ReadSource, source: Source | null): void {
    if (source === null) this.#add(read)
    else this.#finish(read, source)
  }

  /** True when these very bytes were read already, under another name: they are listed, and not read twice. */
  async isCopy(source: Source): Promise<boolean> {
    if (!source.isRereadable || source.head.length === 0) return false
    const key = digestHead(source.head).sha256
    const alike = this.#alike.get(key) ?? []
    this.#alike.set(key, alike)
    if (alike.length > 0) for await (const chunk of source.chunks()) void chunk
    const first = alike.find(({ digest }) => digest() === source.digests.content)
    if (first === undefined) {
      alike.push({ id: this.#ledger.nextId, digest: () => source.digests.content })
      return false
    }
    const copy = this.#ledger.add(source.facts, "duplicate")
    copy.duplicateOf = first.id
    this.#ledger.setWhole(copy, source)
    copy.resumeOffset = copy.contentSize
    return true
  }

  /** Times and counts are complete once all is read. */
  close(): void {
    for (const read of this.#reads) {
      const row = this.#rows.get(read.id)
      if (row === undefined || read.choice.kind !== "format") continue
      Object.assign(row, countsOf(read.tally))
      this.#ledger.mark(row)
    }
  }

  /** Sources that were read as a format, or had nothing to read. */
  get recognised(): number {
    return this.#reads.filter(({ choice }) => choice.kind === "format" || choice.kind === "empty").length
  }

  get reads(): readonly ReadSource[] {
    return this.#reads
  }

  #add(read: ReadSource): void {
    const { facts, choice } = read
    const state: SourceState = choice.kind === "format" ? "reading" : choice.kind
    const row = this.#ledger.add(facts, state, choice.kind === "format" ? choice : undefined)
    this.#rows.set(read.id, row)
    this.#reads.push(read)
    if (choice.kind === "empty" || choice.kind === "unrecognised")
      this.#problem(unreadProblem(choice), read.id)
  }

  #finish(read: ReadSource, source: Source): void {
    const row = this.#rows.get(read.id)
    if (row === undefined) return
    if (read.choice.kind === "format") row.state = "done"
    this.#ledger.setWhole(row, source)
    row.resumeOffset = row.contentSize
    this.#ledger.mark(row)
  }
}
