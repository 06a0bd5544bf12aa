/** A capture while it runs: what it may still do, who may read what it writes, and that queries need not wait for it. */
import { execFileSync } from "node:child_process"
import { statSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { AUDIT_CONTROL, CaptureProcess, ownProgram, RETRAIL, testFolder } from "./capture-process.ts"
import { holdKernel } from "./kernel-lock.ts"
import { run, storm } from "./workload.ts"

const { reason } = await holdKernel()
const NONE = "0000000000000000"

describe.skipIf(reason !== "")(`a running capture${reason}`, () => {
  it.each([
    ["the owner", []],
    ["a listener", ["--multicast"]],
  ])("has given up root, but for what puts the kernel back: %s", async (_, options) => {
    const folder = testFolder()
    const raw = join(folder, "audit.log")
    const capture = await CaptureProcess.start({ folder, arguments: ["--raw", raw, ...options] })
    const status = capture.processStatus()
    const nobody = execFileSync("id", ["-u", "nobody"], { encoding: "utf8" }).trim()
    expect(status.get("Uid")).toBe([nobody, nobody, nobody, nobody].join("\t"))
    expect(status.get("Groups")).toBe("")
    expect(["CapEff", "CapPrm", "CapInh", "CapAmb"].map((name) => status.get(name))).toEqual([
      AUDIT_CONTROL,
      AUDIT_CONTROL,
      NONE,
      NONE,
    ])
    expect(status.get("NoNewPrivs")).toBe("1")
    await capture.until("has taken the rights of its threads", () =>
      capture.threadStatus().every((thread) => thread.get("CapPrm") === NONE),
    )
    const ofThreads = (name: string) => [...new Set(capture.threadStatus().map((thread) => thread.get(name)))]
    expect(ofThreads("Uid")).toEqual([status.get("Uid")])
    for (const path of [capture.database, `${capture.database}-wal`, raw]) {
      const { mode, uid } = statSync(path)
      expect([path, (mode & 0o777).toString(8), String(uid)]).toEqual([path, "600", nobody])
    }
    expect((await capture.finish()).exitCode).toBe(0)
  })

  it("is queried meanwhile", async () => {
    const folder = testFolder()
    const program = ownProgram(folder)
    const capture = await CaptureProcess.start({ folder, arguments: [] })
    await storm(program, 20)
    const sql = `SELECT count(*) AS n FROM process_events WHERE path = '${program}'`
    const query = [RETRAIL, "query", "-d", capture.database, sql, "-t", "json"]
    let answer: unknown
    for (let tries = 0; tries < 10 && answer !== 20; tries++) {
      answer = JSON.parse(await run(process.execPath, query))[0]?.n
    }
    expect([answer, capture.hasEnded]).toEqual([20, false])
    const events = [
      RETRAIL,
      "query",
      "-d",
      capture.database,
      "SELECT name, active FROM osquery_events",
      "-t",
      "json",
    ]
    expect(JSON.parse(await run(process.execPath, events))).toContainEqual({
      name: "process_events",
      active: 1,
    })
    expect((await capture.finish()).exitCode).toBe(0)
  })
})
