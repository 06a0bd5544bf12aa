/** Every command by its name. */
import Query from "./query.ts"

export const COMMANDS = {
  query: Query,
}
