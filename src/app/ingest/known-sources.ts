/** Recognises sources that the case has seen, by their content: under another name, grown, or read in part. */
import { createHash } from "node:crypto"
import type { Source } from "../../sources/source.ts"
import type { SourceRow } from "../../store/case-store.ts"

const HEAD_BYTES = 4096

export interface HeadDigest {
  readonly sha256: string
  readonly size: number
}

/** Digest of the first bytes of a source, at most 4,096. */
export function digestHead(head: Buffer, size = HEAD_BYTES): HeadDigest {
  const bytes = head.subarray(0, Math.min(size, HEAD_BYTES))
  return { sha256: createHash("sha256").update(bytes).digest("hex"), size: bytes.length }
}

export type Match =
  /** Never seen. */
  | { readonly kind: "new" }
  /** Every byte is in the case. */
  | { readonly kind: "same"; readonly row: SourceRow }
  /** Begins with all that the case holds of `row`, and goes on. */
  | { readonly kind: "grown"; readonly row: SourceRow }
  /** An earlier run was stopped in the middle of it. */
  | { readonly kind: "partial"; readonly row: SourceRow }
  /** Has changed in place since the case read `row`, and is read from its start for what is new. */
  | { readonly kind: "changed"; readonly row: SourceRow }

export class KnownSources {
  readonly rows: SourceRow[]
  /** Those of earlier runs. */
  readonly earlier: readonly SourceRow[]

  constructor(rows: readonly SourceRow[]) {
    this.rows = [...rows]
    this.earlier = [...rows]
  }

  /** Rows that may be this source, judged by the first bytes; largest content first. */
  candidates(head: Buffer): SourceRow[] {
    if (head.length === 0) return []
    const digests = new Map<number, string>()
    const digestOf = (size: number): string => {
      const known = digests.get(size) ?? digestHead(head, size).sha256
      digests.set(size, known)
      return known
    }
    return this.rows
      .filter((row) => row.state === "done" || row.state === "reading" || row.state === "duplicate")
      .filter(
        (row) => row.headSize > 0 && row.headSize <= head.length && digestOf(row.headSize) === row.headSha256,
      )
      .sort((a, b) => b.contentSize - a.contentSize)
  }

  /** Reads the source once through and compares. Only for sources that can be read again. */
  async match(source: Source): Promise<Match> {
    const candidates = this.candidates(source.head)
    if (candidates.length === 0) return { kind: "new" }
    const prefixDigests = candidates.map((row) => row.contentSize).filter((size) => size > 0)
    for await (const chunk of source.chunks({ startAt: Number.MAX_SAFE_INTEGER, prefixDigests })) void chunk
    return this.compare(source, candidates)
  }

  /** After all of the source was read, with the digests of the candidates' lengths. */
  compare(source: Source, candidates: readonly SourceRow[]): Match {
    const content = source.digests.content
    const same = candidates.find(
      (row) => row.state !== "reading" && (row.contentSha256 === content || isFollowedTo(row, source)),
    )
    if (same !== undefined) return { kind: "same", row: this.#original(same) }
    for (const row of candidates) {
      const isPrefix =
        row.contentSize === 0 || source.prefixDigests.get(row.contentSize) === row.contentSha256
      if (!isPrefix || row.resumeOffset > source.contentRead) continue
      if (row.state === "reading") return { kind: "partial", row }
      if (row.state === "done") return { kind: "grown", row }
    }
    return { kind: "new" }
  }

  /** The row that holds the events of `row`. */
  #original(row: SourceRow): SourceRow {
    return this.rows.find(({ id }) => id === row.duplicateOf) ?? row
  }
}

/**
 * A log that was followed to its end of as many bytes. What is read as it grows has no digest: as for the one who
 * follows it, its first bytes say which log it is.
 */
function isFollowedTo(row: SourceRow, source: Source): boolean {
  const { state, path, contentSha256, contentSize } = row
  return state === "done" && path !== "-" && contentSha256 === "" && contentSize === source.contentRead
}
