/** Every command by its name. */
import Convert from "./convert.ts"
import Doctor from "./doctor.ts"
import Ingest from "./ingest.ts"
import Inspect from "./inspect.ts"
import Query from "./query.ts"
import Stats from "./stats.ts"

export const COMMANDS = {
  convert: Convert,
  doctor: Doctor,
  ingest: Ingest,
  inspect: Inspect,
  query: Query,
  stats: Stats,
}
