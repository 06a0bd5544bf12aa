/** What golden cases cannot show: a terminal, a reader that leaves, signals. Runs the built command line. */
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const entry = resolve(import.meta.dirname, "../../bin/run.js")
const directory = mkdtempSync(join(tmpdir(), "retrail-query-"))
const ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"
const hasScript = spawnSync("script", ["--version"]).status === 0

beforeAll(() => {
  const db = new Database(join(directory, "case.db"))
  db.exec(readFileSync(join(import.meta.dirname, "query/case.sql"), "utf8"))
  const insert = db.prepare("INSERT INTO process_events (path, cmdline) VALUES (?, ?)")
  for (const code of [
    0x07, 0x08, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0x200b, 0x202e, 0x2028, 0x2066, 0xfeff, 0xe0041,
  ]) {
    insert.run(String.fromCodePoint(code), `a${String.fromCodePoint(code)}]8;;http://x`)
  }
  db.close()
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

const start = (...args: string[]) =>
  spawn(process.execPath, [entry, "query", "-d", "case.db", ...args], { cwd: directory })
const exitOf = (child: ReturnType<typeof start>) =>
  new Promise<number | null>((done) => child.once("close", (code) => done(code)))

describe.skipIf(!hasScript)("on a terminal (skipped without script(1))", () => {
  const onTerminal = (columns: number, args: string) =>
    execFileSync(
      "script",
      [
        "-qec",
        `stty cols ${columns}; "${process.execPath}" "${entry}" query -d case.db ${args}`,
        "/dev/null",
      ],
      { cwd: directory, encoding: "utf8" },
    )

  it.each(["table", "line", "csv", "json", "jsonl"])(
    "%s holds nothing that the terminal would obey",
    (format) => {
      const shown = onTerminal(60, `-t ${format} 'SELECT path, cmdline FROM process_events'`)
      expect(shown.replaceAll("\r\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(shown).toMatch(/\\u\{202e\}|\\u202e/)
      if (format === "table") {
        const lines = shown.split("\r\n")
        expect(lines.every((line) => line.length <= 60)).toBe(true)
        expect(lines).toHaveLength(17 + 2 + 1 + 1)
      }
    },
  )

  it("refuses --raw-output", () => {
    const shown = spawnSync(
      "script",
      ["-qec", `"${process.execPath}" "${entry}" query -d case.db --raw-output 'SELECT 1'`, "/dev/null"],
      { cwd: directory, encoding: "utf8" },
    )
    expect(shown.stdout).toContain("--raw-output is not for a terminal")
    expect(shown.status).toBe(64)
  })
})

describe("a query process", () => {
  it("ends with success when its reader has seen enough", async () => {
    const child = start("-t", "csv", `${ENDLESS} i, 'some text' FROM n`)
    child.stdout.once("data", () => child.stdout.destroy())
    expect(await exitOf(child)).toBe(0)
  })

  it("streams: a reader of an endless result gets rows", async () => {
    const child = start("-t", "jsonl", `${ENDLESS} i FROM n`)
    let bytes = 0
    for await (const chunk of child.stdout) {
      bytes += chunk.length
      if (bytes > 1_000_000) break
    }
    expect(await exitOf(child)).toBe(0)
  })

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends on %s with %i and takes its child along", async (signal, code) => {
    const child = start(`${ENDLESS} max(i) FROM n`)
    const grandchild = await childOf(child.pid ?? 0)
    child.kill(signal)
    expect(await exitOf(child)).toBe(code)
    await waitUntil(() => !isAlive(grandchild))
  })

  it("leaves no child behind when it is killed", async () => {
    const child = start(`${ENDLESS} max(i) FROM n`)
    const grandchild = await childOf(child.pid ?? 0)
    // Deep in SQLite by now, where it hears nothing of its parent.
    await new Promise((done) => setTimeout(done, 300))
    child.kill("SIGKILL")
    await exitOf(child)
    await waitUntil(() => !isAlive(grandchild))
  })

  it("writes nothing beside the database", () => {
    expect(readdirSync(directory)).toEqual(["case.db"])
  })
})

/** Linux only: the first child of a process, once there is one. */
async function childOf(pid: number): Promise<number> {
  let found = ""
  await waitUntil(() => {
    found = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim()
    return found !== ""
  })
  return Number(found.split(" ")[0])
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")
  } catch {
    return false
  }
}

async function waitUntil(isDone: () => boolean): Promise<void> {
  for (let tries = 0; !isDone(); tries++) {
    if (tries > 400) throw new Error("waited too long")
    await new Promise((done) => setTimeout(done, 25))
  }
}
