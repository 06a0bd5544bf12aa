/**
 * Runs the built command line: every folder below that has a `cmd` (one argument a line) is a case, with the
 * expected `stdout`, `stderr` and `exit` beside it. It runs in a copy of its folder, with `case.db` made from the
 * nearest `case.sql` above, or by ingest from the nearest `audit.log` above, and `stdin` from the file of that name.
 * UPDATE=1 writes the expectations.
 */
import { spawn, spawnSync } from "node:child_process"
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { buffer } from "node:stream/consumers"
import Database from "better-sqlite3"
import { beforeAll, describe, expect, it } from "vitest"

const root = import.meta.dirname
const entry = resolve(root, "../../bin/run.js")
const isUpdate = process.env.UPDATE === "1"
const cases = globSync("**/cmd", { cwd: root }).map(dirname).sort()

interface Result {
  readonly stdout: string
  readonly stderr: string
  readonly exit: string
}

async function runCase(name: string): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), "retrail-cli-"))
  try {
    cpSync(join(root, name), directory, { recursive: true })
    makeDatabase(join(root, name), join(directory, "case.db"))
    const lines = readFileSync(join(root, name, "cmd"), "utf8").split("\n")
    const child = spawn(process.execPath, [entry, ...lines.slice(0, -1)], {
      cwd: directory,
      env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, NO_COLOR: "1" },
    })
    const input = join(root, name, "stdin")
    child.stdin.end(existsSync(input) ? readFileSync(input) : "")
    const exit = new Promise<number | null>((done) => child.once("close", done))
    const [stdout, stderr] = await Promise.all([buffer(child.stdout), buffer(child.stderr)])
    return { stdout: stdout.toString(), stderr: stderr.toString(), exit: `${await exit}\n` }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function makeDatabase(from: string, path: string): void {
  for (let directory = from; directory.startsWith(root); directory = dirname(directory)) {
    const log = join(directory, "audit.log")
    if (existsSync(log)) {
      writeFileSync(path, ingest(log))
      return
    }
    const script = join(directory, "case.sql")
    if (!existsSync(script)) continue
    const db = new Database(path)
    db.exec(readFileSync(script, "utf8"))
    db.close()
    return
  }
}

const ingested = new Map<string, Buffer>()

/** The bytes of the case, which is the same for all who ask for it. */
function ingest(log: string): Buffer {
  const known = ingested.get(log)
  if (known !== undefined) return known
  const path = join(mkdtempSync(join(tmpdir(), "retrail-cli-")), "case.db")
  const args = [entry, "ingest", "audit.log", "-d", path, "--quiet", "--host", "web-1"]
  // It ends with 3: the log holds a damaged line.
  spawnSync(process.execPath, args, { cwd: dirname(log) })
  const bytes = readFileSync(path)
  rmSync(dirname(path), { recursive: true })
  ingested.set(log, bytes)
  return bytes
}

describe("the command line", () => {
  beforeAll(() => {
    if (!existsSync(resolve(root, "../../dist"))) throw new Error("dist is missing: npm run build")
  })

  it("has cases", () => {
    expect(cases.length).toBeGreaterThan(0)
  })

  it.concurrent.for(cases)("%s", { timeout: 60_000 }, async (name) => {
    const result = await runCase(name)
    for (const part of ["stdout", "stderr", "exit"] as const) {
      const file = join(root, name, part)
      if (isUpdate) writeFileSync(file, result[part])
      expect(result[part], part).toBe(readFileSync(file, "utf8"))
    }
  })
})
