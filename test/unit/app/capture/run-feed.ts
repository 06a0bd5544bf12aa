/** Feeds a reader that writes row objects, and keeps what the next run needs. */
import { createHash } from "node:crypto"
import type { FeedOptions, KnownSource } from "../../../../src/app/capture/feed.ts"
import { parseSaved, tallyFrom } from "../../../../src/app/ingest/chain.ts"
import type { Deliver } from "../../../../src/app/reading/deliver.ts"
import { deliverAtOnce } from "../../../../src/app/reading/deliver.ts"
import { newTally, type Tally } from "../../../../src/app/reading/reader.ts"
import type { Problem } from "../../../../src/base/problem.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import type { SourceFacts } from "../../../../src/sources/source.ts"
import type { ProcessRow } from "../../../../src/store/case-store.ts"

interface KeptSource {
  readonly facts: SourceFacts
  readonly variant: string
  readonly headSize: number
  readonly headSha256: string
  readonly tally: Tally
  resumeOffset: number
  parserState: string
}

/** What outlives a run, as a case file does. */
export class Feeding {
  readonly sink = new ObjectSink()
  readonly sources: KeptSource[] = []
  readonly problems: {
    readonly problem: Problem
    readonly path: string
    readonly sourceId: number | undefined
  }[] = []
  readonly gaps: string[] = []
  readonly #eids = new Map<string, number>()

  options(deliver: Deliver = deliverAtOnce): FeedOptions & Required<Pick<FeedOptions, "saved" | "resumed">> {
    return {
      deliver,
      createReader: async (format) => {
        const createReader = await format.loadReader()
        return createReader({
          writer: this.sink,
          host: "web-1",
          eids: this.#eids,
          problem: (problem, sourceId) => this.problems.push({ problem, path: "", sourceId }),
          gap: (gap) => this.gaps.push(gap.kind),
        })
      },
      openSource: (facts, choice, { head, known }) => {
        const counts = known === undefined ? undefined : parseSaved(known.parserState)?.counts
        const tally = counts === undefined ? newTally() : tallyFrom(counts)
        if (known !== undefined) return { sourceId: known.sourceId, tally }
        const { variant } = choice.detection
        const headSha256 = sha256(head)
        const place = { resumeOffset: 0, parserState: "" }
        this.sources.push({ facts, variant, headSize: head.length, headSha256, tally, ...place })
        return { sourceId: this.sources.length, tally }
      },
      saved: ({ sourceId, resumeOffset, parserState }) =>
        Object.assign(this.sources[sourceId - 1] ?? {}, { resumeOffset, parserState }),
      resumed: (reader) => {
        for (const row of this.#processRows()) reader.replay(row)
      },
      problem: (problem, path, sourceId) => this.problems.push({ problem, path, sourceId }),
    }
  }

  readonly known = (head: Buffer): KnownSource | undefined => {
    const at = this.sources.findIndex(
      ({ headSize, headSha256 }) =>
        headSize > 0 && headSize <= head.length && sha256(head.subarray(0, headSize)) === headSha256,
    )
    const source = this.sources[at]
    return source === undefined ? undefined : { ...source, sourceId: at + 1 }
  }

  get codes(): string[] {
    return this.problems.map(({ problem }) => problem.code)
  }

  /** Rows without the file and place that they come from. */
  get rows(): string[] {
    return this.sink.rows.map(({ table, values }) => {
      const kept = Object.entries(values).filter(([name]) => name !== "source_id" && name !== "source_offset")
      return `${table} ${JSON.stringify(kept, (_, value) => (typeof value === "bigint" ? String(value) : value))}`
    })
  }

  *#processRows(): Iterable<ProcessRow> {
    for (const { table, values } of this.sink.rows) {
      if (table !== "process_events") continue
      const { host, pid, parent, event_type: eventType, status, path, parent_path: parentPath } = values
      yield { host, pid, parent, eventType, status, path, parentPath } as unknown as ProcessRow
    }
  }
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex")
}
