/** What the capture and the schedule's process say to each other; all of it is sent over IPC as JSON. */
import type { Decorators, ScheduledQuery } from "../../../pipeline/schedule/config.ts"

export interface Account {
  readonly uid: number
  readonly gid: number
}

export interface LineForm {
  /** logger_event_type: a line a row */
  readonly isByRow: boolean
  /** logger_snapshot_event_type: the same for snapshots */
  readonly isSnapshotByRow: boolean
  readonly numerics: boolean
  readonly nullText: string
  readonly decorationsTopLevel: boolean
}

export interface ScheduleRequest {
  /** The live database, in WAL mode, with all tables. */
  readonly database: string
  readonly queries: readonly ScheduledQuery[]
  readonly discovery: readonly { readonly pack: string; readonly queries: readonly string[] }[]
  /** For how long the answer of a discovery query holds. */
  readonly discoveryS: number
  readonly decorators: Decorators
  /** null: results are not logged. */
  readonly log: {
    readonly folder: string
    readonly mode: number
    readonly rotation?: { readonly sizeBytes: number; readonly maxFiles: number }
  } | null
  readonly lines: LineForm
  readonly hostIdentifier: string
  readonly epoch: number
  /** events_optimize */
  readonly optimizes: boolean
  /** Seconds after which the schedule ends; 0 for never. */
  readonly timeoutS: number
  /** Who the process becomes once the database and the log are open. */
  readonly dropTo?: Account
}

export type ScheduleMessage =
  /** Database and log are open, privileges are dropped. */
  | { readonly kind: "ready" }
  | {
      readonly kind: "started"
      readonly name: string
      readonly startedAt: number
      readonly intervalS: number
    }
  | {
      readonly kind: "run"
      readonly name: string
      /** The event tables that the query reads. */
      readonly tables: readonly string[]
      /** Unix seconds; rows that were there then have been seen. */
      readonly startedAt: number
      readonly rows: number
      readonly hasFailed: boolean
    }
  | { readonly kind: "warning"; readonly message: string }
  /** It could not begin; the process ends. */
  | { readonly kind: "failed"; readonly message: string }

/** To the child: first a request, later the word to end. */
export type ScheduleOrder =
  | { readonly kind: "begin"; readonly request: ScheduleRequest }
  /** With a last round, queries that log only new events run once more: what came since their last run is not lost. */
  | { readonly kind: "stop"; readonly hasLastRound: boolean }
