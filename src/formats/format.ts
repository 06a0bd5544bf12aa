/** What every format offers to the floors above: recognising itself in a file's first bytes. */

/** `certain`: the bytes carry this format's own mark. `likely`: the shape fits. `possible`: nothing speaks against it. */
export type Confidence = "certain" | "likely" | "possible"

export interface Detection {
  readonly format: string
  /** How the format is wrapped, e.g. `auditd`, `journald-json`, `netlink`. */
  readonly variant: string
  /** For people: `auditd log (ENRICHED)`. */
  readonly title: string
  readonly confidence: Confidence
  /** What in the bytes says so, one clause. */
  readonly why: string
  /** Time of the first record in ms since 1970, NaN when the head does not tell; orders rotated files. */
  readonly firstTimeMs: number
}

/** Looks at up to 256 KiB from the start of a source. Never throws. */
export type Detect = (head: Buffer, name: string) => Detection | null

/** Bytes of a source that were read before its first one was handed on. */
export interface Stretch {
  readonly offset: number
  readonly bytes: Buffer
}

/** Stretches of the uncompressed source, each shorter where it ends; null where its bytes can only be streamed. */
export type ReadStretches = (
  wanted: readonly { readonly offset: number; readonly length: number }[],
) => Promise<readonly Stretch[] | null>

/** Asks for what stands behind the bytes that need it. null: it cannot be known before it comes. */
export type LookAhead = (head: Buffer, read: ReadStretches) => Promise<readonly Stretch[] | null>
