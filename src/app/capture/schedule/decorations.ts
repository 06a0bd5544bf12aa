/**
 * Decorations: columns of the first row of each decorator, written into every line.
 * Source of truth: osquery plugins/config/parsers/decorators.cpp.
 */
import { valueText } from "../../../pipeline/results/result-value.ts"
import type { Decorators } from "../../../pipeline/schedule/config.ts"
import type { ScheduleStore } from "../../../store/sqlite/schedule-store.ts"

export class Decorations {
  readonly values = new Map<string, string>()
  readonly #decorators: Decorators
  readonly #store: ScheduleStore
  readonly #nullText: string
  readonly #warn: (message: string) => void

  constructor(
    decorators: Decorators,
    store: ScheduleStore,
    nullText: string,
    warn: (message: string) => void,
  ) {
    this.#decorators = decorators
    this.#store = store
    this.#nullText = nullText
    this.#warn = warn
  }

  load(): void {
    this.run(this.#decorators.load)
  }

  /** Before each query. */
  always(): void {
    this.run(this.#decorators.always)
  }

  run(queries: readonly string[]): void {
    for (const sql of queries) {
      try {
        this.#take(sql)
      } catch (error) {
        this.#warn(`decorator ${sql}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }

  #take(sql: string): void {
    this.#store.query(sql, null, ({ columns, rows }) => {
      for (const row of rows) {
        for (const [at, { name }] of columns.entries()) {
          this.values.set(name, valueText(row[at] ?? null, this.#nullText))
        }
        return
      }
    })
  }
}
