/** What each case of a corpus is there for. */

import { readMeta } from "./case-meta.ts"
import { findCases } from "./find-cases.ts"

export interface ListedCase {
  readonly folder: string
  /** '' when meta.yaml cannot be read. */
  readonly variant: string
  /** What the case shows, or why meta.yaml cannot be read. Hostile text. */
  readonly shows: string
}

export async function listCases(folders: readonly string[]): Promise<ListedCase[]> {
  const cases: ListedCase[] = []
  for (const folder of await findCases(folders)) {
    const meta = await readMeta(folder)
    if (typeof meta === "string") cases.push({ folder, variant: "", shows: meta })
    else cases.push({ folder, variant: meta.variant, shows: meta.shows })
  }
  return cases
}
