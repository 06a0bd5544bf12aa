/** The seam between the ways in which audit records are saved and what is made of them. */
import type { Problem } from "../../base/problem.ts"
import type { AuditRecord } from "./record.ts"

export interface RecordConsumer {
  /** One record; the instance is reused, copy what must last. */
  record(record: AuditRecord): void
  /** Bytes that should have been a record and are none (`error`), or a record that is damaged (`warning`). */
  problem(problem: Problem): void
  /** A line or entry of the wrapping that is no audit record: a kernel message, another program's syslog line. */
  foreign(offset: number, length: number): void
}

/** Finds the records in a stream of bytes. Never throws on input; always advances. */
export interface Framer {
  /**
   * Reads the whole units of `chunk` and keeps the unfinished tail itself (copied).
   * @param offset of `chunk[0]` in the uncompressed source; chunks follow each other without holes
   */
  push(chunk: Buffer, offset: number): void
  /** End of the source: what is left is read as if a line end followed. */
  end(): void
  /** Everything before this offset has been handed on: reading may resume here. */
  readonly consumedTo: number
}

export interface FramerContext {
  /** Modification time of the file in ms, NaN when unknown: gives the year that RFC 3164 stamps lack. */
  readonly modifiedMs: number
}
