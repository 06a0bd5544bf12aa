/** What a user of praudit(1) chooses. */

/** `default`: events by their description. `short`: by their name. `raw`: numbers. */
export type PrauditForm = "default" | "short" | "raw"

export interface PrauditOptions {
  readonly form: PrauditForm
  readonly isXml: boolean
  /** A record a line; in text each token then ends with the delimiter. */
  readonly isOneLine: boolean
  readonly delimiter: string
  /** Names of the host that wrote the trail; ids that are not there stay numbers. */
  readonly users?: ReadonlyMap<number, string>
  readonly groups?: ReadonlyMap<number, string>
  /** The text goes to a terminal. */
  readonly isTerminal?: boolean
}
