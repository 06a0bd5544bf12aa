/** Every command by its name. */
import Ingest from "./ingest.ts"
import Query from "./query.ts"

export const COMMANDS = {
  ingest: Ingest,
  query: Query,
}
