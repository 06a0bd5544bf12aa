/** What every reader of saved evidence offers: a name, facts about the file, and its uncompressed bytes. */

export interface SourceFacts {
  /** Path as given or found; for an archive member the archive's path. `-` for stdin. Hostile text. */
  readonly path: string
  /** Path inside the archive, '' for a plain file. Hostile text. */
  readonly member: string
  /** How it is packed: '', 'gz', 'zst', 'tar', 'tar+gz', 'zip', 'tar.gz', …, outermost first. */
  readonly packing: string
  /** Bytes as stored (of the file, or of the member in the archive's directory); -1 when unknown (stdin). */
  readonly storedSize: number
  /** Modification time in ms since 1970, NaN when unknown. */
  readonly modifiedMs: number
}

export interface Chunk {
  /** Valid until the next chunk is asked for. */
  readonly bytes: Buffer
  /** Offset of the first byte in the uncompressed source. */
  readonly offset: number
}

/** One file, or one member of an archive, to be read once from the start. */
export interface Source {
  readonly facts: SourceFacts
  /** Up to 256 KiB from the start of the uncompressed bytes, for detection; does not consume. */
  readonly head: Buffer
  /** The uncompressed bytes in order, from offset 0. Ends early with a problem, never with an exception, on damage. */
  chunks(): AsyncIterable<Chunk>
  /** Known once `chunks()` has ended: SHA-256 (hex) of the bytes as stored and of the uncompressed bytes. */
  readonly digests: { readonly stored: string; readonly content: string }
  /** Stored bytes read so far, for the progress bar. */
  readonly storedRead: number
}
