/** How far a use case has come, for whoever shows it. */
import type { Source, SourceFacts } from "../sources/source.ts"

export interface Progress {
  /** @param total stored bytes of all inputs, as far as they are known */
  begin(total: number): void
  beginSource(facts: SourceFacts, source: Source): void
  /** Some more bytes were read: of the current source, or `done` stored bytes of all inputs. */
  advance(done?: number): void
  end(): void
}

export const NO_PROGRESS: Progress = {
  begin() {},
  beginSource() {},
  advance() {},
  end() {},
}
