import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, describe, expect, it } from "vitest"
import { openReadonly } from "../../../../src/store/sqlite/open-readonly.ts"

const directory = mkdtempSync(join(tmpdir(), "retrail-open-"))
const file = (name: string, content: string | Buffer) => {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}
afterAll(() => {
  rmSync(directory, { recursive: true })
})

const failureOf = (path: string) => {
  const opened = openReadonly(path)
  if (opened.ok) opened.db.close()
  return opened.ok ? "opened" : opened.failure
}

describe("openReadonly", () => {
  it("says why a file cannot be opened", () => {
    expect(failureOf(join(directory, "nope.db"))).toBe("missing")
    expect(failureOf(join(directory, "nope", "nope.db"))).toBe("missing")
    expect(failureOf(directory)).toBe("not-a-file")
    expect(failureOf(file("empty.db", ""))).toBe("not-a-database")
    expect(failureOf(file("short.db", "SQLite"))).toBe("not-a-database")
    expect(failureOf(file("log.db", "type=SYSCALL msg=audit(1.1:1): x"))).toBe("not-a-database")
    expect(failureOf(file("magic.db", `SQLite format 3\0${"x".repeat(200)}`))).toBe("not-a-database")
    expect(failureOf(":memory:")).toBe("missing")
    expect(failureOf("")).toBe("missing")
  })

  it("notices damage in the schema", () => {
    const path = join(directory, "damaged.db")
    const db = new Database(path)
    db.exec("CREATE TABLE t (a)")
    const bytes = db.serialize()
    db.close()
    bytes.fill(0xff, 100, 120)
    expect(failureOf(file("damaged.db", bytes))).toBe("damaged")
  })

  it.skipIf(process.getuid?.() === 0)("names a missing permission", () => {
    const path = file("secret.db", "SQLite format 3\0")
    chmodSync(path, 0)
    expect(failureOf(path)).toBe("no-permission")
  })

  it("hardens the connection", () => {
    const path = join(directory, "good.db")
    const db = new Database(path)
    db.exec("CREATE TABLE t (a)")
    db.close()
    const opened = openReadonly(path)
    if (!opened.ok) throw new Error(opened.detail)
    const settings = ["trusted_schema", "cell_size_check", "mmap_size", "query_only"].map((name) =>
      opened.db.pragma(name, { simple: true }),
    )
    expect(settings).toEqual([0n, 1n, 0n, 1n])
    expect(opened.db.readonly).toBe(true)
    opened.db.close()
  })
})
