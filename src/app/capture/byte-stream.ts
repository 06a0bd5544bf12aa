/** A live source that gives bytes: what a run needs of it, from its start to its end. */

export interface ByteStream {
  /** Ends when the source has no more, or after `stop`. The next piece is asked for when there is room. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Called once a second. */
  look(): void
  /** Asks the source to end; what is under way still comes. Resolves when nothing more will. */
  stop(): Promise<void>
  /** After the last byte: why it ended by itself, one clause; undefined when it was asked to. */
  whyEnded(): Promise<StreamFailure | undefined>
  /** Releases what is left, whatever the state. */
  close(): Promise<void>
}

export interface StreamFailure {
  /** For the person who watches. May quote input. */
  readonly message: string
  /** Row of `_gaps`. */
  readonly kind: string
  readonly evidence: string
}
