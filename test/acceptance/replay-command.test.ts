/** `retrail replay` as a person runs it: exit codes, the summary as JSON, its speed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { makeLog } from "../faults/evidence.ts"
import { isBuilt, LiveCommand, NEEDS_DIST } from "./live-command.ts"
import { rowsOf } from "./live-runs.ts"

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-replay-"))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (name: string, bytes: string | Buffer) => writeFileSync(path.join(folder, name), bytes)
const replay = (...args: readonly string[]) => new LiveCommand(folder, ["replay", ...args]).ended
const call = (sec: number, serial: number) =>
  `type=SYSCALL msg=audit(${sec}.000:${serial}): arch=c000003e syscall=62 success=yes exit=0 ppid=1 pid=2 uid=0 exe="/bin/x"\ntype=EOE msg=audit(${sec}.000:${serial}): \n`

describe.skipIf(!isBuilt)(`exit codes of replay ${NEEDS_DIST}`, () => {
  const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])

  it.each<readonly [number, string, string | Buffer | null, readonly string[]]>([
    [0, "when all was read", makeLog(1), []],
    [1, "when there was nothing to read", "", []],
    [3, "when problems were recorded", `${makeLog(1)}type=SYSCALL msg=audit(x\n`, []],
    [64, "for a speed that is none", makeLog(1), ["--speed", "fast"]],
    [64, "for a speed of nothing", makeLog(1), ["--speed", "0x"]],
    [64, "for a value that a flag does not take", makeLog(1), ["--audit_allow_unix=maybe"]],
    [65, "when nothing was recognised", JPEG, []],
    [66, "when there is no such file", null, []],
  ])("%i %s", async (exit, _when, bytes, flags) => {
    if (bytes !== null) put("audit.log", bytes)
    const run = await replay("audit.log", "-d", "out.db", ...flags)
    expect([run.exit, run.stdout], run.stderr).toEqual([exit, ""])
    expect(run.stderr).not.toBe("")
  })

  it("64 without a database", async () => {
    put("audit.log", makeLog(1))
    expect((await replay("audit.log")).exit).toBe(64)
  })

  it("gives the summary as one JSON object, and nothing else on stdout", async () => {
    put("audit.log", makeLog(50_000))
    const { stdout, stderr, exit } = await replay("audit.log", "-d", "out.db", "--json")
    const summary = JSON.parse(stdout)
    expect([exit, stderr]).toEqual([0, ""])
    const [{ n }] = rowsOf(path.join(folder, "out.db"), "SELECT count(*) AS n FROM process_events") as [
      { n: number },
    ]
    expect(summary).toMatchObject({ ended: "source ended", exitCode: 0, loss: null, problems: {} })
    expect(summary.rows.process_events).toBe(n)
    expect(n).toBeGreaterThan(1)
    expect(rowsOf(path.join(folder, "out.db"), "SELECT exit_code FROM _runs")).toEqual([{ exit_code: 0 }])
  })

  it("takes at 10x a tenth of the time that passed", async () => {
    put("audit.log", [0, 4, 8, 12].map((sec) => call(1_700_000_000 + sec, sec + 1)).join(""))
    const { stdout } = await replay("audit.log", "-d", "out.db", "--speed", "10x", "--json")
    const { seconds, records } = JSON.parse(stdout)
    expect(records).toBe(8)
    expect(seconds).toBeGreaterThanOrEqual(1.15)
    expect(seconds).toBeLessThan(6)
  })
})
