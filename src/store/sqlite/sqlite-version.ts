/** Loads SQLite once, to see that it works on this machine. */
import Database from "better-sqlite3"

/** The version, or why the addon does not load. */
export function readSqliteVersion(): { readonly version: string } | { readonly error: string } {
  try {
    const db = new Database(":memory:")
    const version = String(db.prepare("SELECT sqlite_version()").pluck().get())
    db.close()
    return { version }
  } catch (error) {
    return { error: error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error) }
  }
}
