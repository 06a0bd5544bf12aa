/**
 * Programs of templates that were whole, by template id: for records whose own template is damaged or overwritten.
 * A log can forge a template with the id of another, so a source's own come first, and the first of them stays.
 */
import type { Program } from "./program.ts"

/** Windows has some thousands of events with templates of their own; a host writes a few hundred. */
const MAX_TEMPLATES = 8192

export class LearntTemplates {
  readonly #ofSource = new Map<number, Program>()
  readonly #ofRun = new Map<number, Program>()

  /** Another source begins: what is known from those before counts less. */
  beginSource(): void {
    for (const [id, program] of this.#ofSource) {
      if (!this.#ofRun.has(id) && this.#ofRun.size < MAX_TEMPLATES) this.#ofRun.set(id, program)
    }
    this.#ofSource.clear()
  }

  learn(id: number, program: Program): void {
    if (!this.#ofSource.has(id) && this.#ofSource.size < MAX_TEMPLATES) this.#ofSource.set(id, program)
  }

  get(id: number): Program | null {
    return this.#ofSource.get(id) ?? this.#ofRun.get(id) ?? null
  }
}
