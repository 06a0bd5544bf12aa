/** parent_directory (osquery/sql/sqlite_filesystem.cpp; its functions that read the examiner's disk are left out). */
import { type SqlArgument, type SqlFunction, textOf } from "./function.ts"

export const PATH_FUNCTIONS: readonly SqlFunction[] = [
  { name: "parent_directory", parameters: 1, call: (...values) => parentDirectory(values[0]) },
]

/**
 * The part before the last separator, '' right below the root, NULL without a separator.
 * DEVIATION(osquery): the separator follows from the path, because one case file holds hosts of every system;
 * osquery asks the system it runs on, and has the two mixed up.
 */
function parentDirectory(value: SqlArgument | undefined): string | null {
  if (value === null || value === undefined) return null
  const path = textOf(value)
  const isWindows = !path.startsWith("/") && path.includes("\\")
  const at = path.lastIndexOf(isWindows ? "\\" : "/")
  return at < 0 ? null : path.slice(0, at)
}
