/** Where a query finds its database: a case file that is there, or one made from logs for this query alone. */
import { UsageError } from "../errors.ts"

export interface OpenedCase {
  readonly path: string
  /** Removes what was made for this query. */
  close(): Promise<void>
}

/** Makes a case out of saved logs. */
export type OpenCase = (logs: readonly string[]) => Promise<OpenedCase>

export interface CaseChoice {
  readonly database: string | undefined
  readonly logs: readonly string[]
  /** Absent where logs cannot be queried directly. */
  readonly openLogs?: OpenCase
}

/** The caller closes what it gets. */
export async function chooseCase({ database, logs, openLogs }: CaseChoice): Promise<OpenedCase> {
  if (database !== undefined) {
    if (logs.length > 0) {
      throw new UsageError(
        `there is more than one argument beside -d ${database}`,
        'Put the SQL into one pair of quotes: retrail query -d case.db "SELECT …"',
      )
    }
    return { path: database, close: async () => {} }
  }
  if (logs.length > 0 && openLogs !== undefined) return openLogs(logs)
  throw new UsageError("no database is given", 'Name it with -d: retrail query -d case.db "SELECT …"')
}
