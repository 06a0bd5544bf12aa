/** A case of the corpus that the writer makes: its trail, and what it shows. */

export interface BsmCase {
  /** Below corpus/bsm. */
  readonly folder: string
  /** One sentence. */
  readonly shows: string
  readonly how: string
  readonly bytes: Buffer
  /** How many records and file tokens a reader must give or refuse; absent where damage leaves no single answer. */
  readonly records?: number
  /** Records without the file tokens. */
  readonly events?: number
}

interface Made {
  readonly shows: string
  readonly items: readonly Buffer[]
  /** File tokens among the items. */
  readonly fileTokens?: number
}

/** A sound trail. */
export function sound(folder: string, { shows, items, fileTokens = 0 }: Made): BsmCase {
  return {
    folder,
    shows,
    how: "written by test/bsm-writer",
    bytes: Buffer.concat([...items]),
    records: items.length,
    events: items.length - fileTokens,
  }
}

/** A trail that is broken on purpose. */
export function damaged(folder: string, shows: string, pieces: readonly Buffer[]): BsmCase {
  return {
    folder: `damaged/${folder}`,
    shows,
    how: "written by test/bsm-writer, then damaged",
    bytes: Buffer.concat([...pieces]),
  }
}
