/** What a live source is asked to do, and what it says at its end. */
import type { Clock } from "../../base/clock.ts"
import type { BpfFigures } from "../../pipeline/bpf-figures.ts"
import type { OsqueryFlags } from "../../pipeline/flags/osquery-flags.ts"
import type { LossFigures } from "../../pipeline/loss-ledger.ts"
import type { PipeFigures } from "../../pipeline/pipe-ledger.ts"
import type { OsqueryConfig } from "../../pipeline/schedule/config.ts"

/** Where the person who watches sees what happens. */
export interface CaptureDisplay {
  /** A line that stays. */
  log(message: string): void
  /** A line that stays, unless the person wants to hear of trouble only. */
  note(message: string): void
  /** How it stands now; drawn at the display's own pace. */
  update(state: LiveState): void
  end(): void
}

export interface LiveState {
  readonly nowMs: number
  readonly records: number
  /** Rows stored, by table. */
  readonly rows: ReadonlyMap<string, number>
  readonly depths: readonly [unprocessed: number, processed: number]
  /** The kernel's counters, lost since the start; null for sources without any. */
  readonly kernel: { readonly lost: number; readonly backlog: number; readonly backlogLimit: number } | null
  readonly residentBytes: number
}

/** What `capture` of any kind and `replay` have in common. */
export interface LiveRequest {
  readonly database: string
  readonly version: string
  /** As given, for `_runs`. */
  readonly argv: readonly string[]
  readonly flags: OsqueryFlags
  /** --config: its options are among the flags already. */
  readonly config?: OsqueryConfig
  /** Host of events that name none. */
  readonly host: string
  /** Milliseconds that the subscribers wait after each turn. */
  readonly stallMs: number
  readonly clock: Clock
  readonly display: CaptureDisplay
  /** Aborted when the person wants to stop: what is under way is stored first. */
  readonly signal: AbortSignal
}

/** What a stream of bytes tells of its losses at the end. */
export interface StreamLoss {
  readonly pipe?: PipeFigures
  readonly bpf?: BpfFigures
}

export interface CaptureSummary {
  readonly database: string
  readonly seconds: number
  readonly records: number
  /** Rows stored by this run, by table. */
  readonly rows: Readonly<Record<string, number>>
  /** Rows that went again because they were old, or too many. */
  readonly expired: Readonly<Record<string, number>>
  readonly problems: Readonly<Record<string, number>>
  readonly gaps: Readonly<Record<string, number>>
  readonly highestDepths: readonly [unprocessed: number, processed: number]
  /** How long the pipeline held back. */
  readonly throttled: { readonly readingSeconds: number; readonly processingSeconds: number }
  /** null for sources that cannot lose anything. */
  readonly loss: LossFigures | null
  /** Of an audit pipe only. */
  readonly pipe?: PipeFigures
  /** Of a capture by BPF only. */
  readonly bpf?: BpfFigures
  /** Why it ended. */
  readonly ended: string
  readonly exitCode: number
}
