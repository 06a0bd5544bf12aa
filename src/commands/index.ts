/** Every command by its name. */
import Doctor from "./doctor.ts"
import Inspect from "./inspect.ts"
import Query from "./query.ts"
import Stats from "./stats.ts"

export const COMMANDS = {
  doctor: Doctor,
  inspect: Inspect,
  query: Query,
  stats: Stats,
}
