/** Every command by its name. */
import Convert from "./convert.ts"
import Ingest from "./ingest.ts"
import Query from "./query.ts"

export const COMMANDS = {
  convert: Convert,
  ingest: Ingest,
  query: Query,
}
