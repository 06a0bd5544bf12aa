/**
 * What a parser says about bytes it could not read, or could read only in part.
 * Model: node-tar's warning codes (stable strings, documented, never reused).
 */

/**
 * `error`: the unit was rejected, it gives no record. `warning`: the record was kept but is damaged or
 * incomplete. `info`: worth knowing, nothing is wrong with the bytes.
 */
export type Severity = "error" | "warning" | "info"

export interface Problem {
  /** `<room>/<what>`, listed in docs/problem-codes.md; never changes its meaning. */
  readonly code: string
  readonly severity: Severity
  /** First byte concerned, in the uncompressed source. */
  readonly offset: number
  /** Bytes concerned; 0 when it is a place rather than a stretch. */
  readonly length: number
  /** One sentence for a person. May quote input: escape before a terminal sees it. */
  readonly message: string
  readonly expected?: string
  readonly found?: string
}

/** A loss that lies in the evidence itself, not in our reading of it. */
export interface Gap {
  /** `truncated-source`, `lost-records`, `serial-gap`, `clock-step`, … */
  readonly kind: string
  /** What was lost, in words, with numbers where known. */
  readonly what: string
  /** Unix ns, when the gap can be placed in time. */
  readonly fromNs?: bigint
  readonly toNs?: bigint
  readonly fromId?: string
  readonly toId?: string
  /** How it is known. */
  readonly evidence: string
  readonly offset: number
}
