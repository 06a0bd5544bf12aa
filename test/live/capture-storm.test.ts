/** A capture under load: with the default settings nothing is missed; what is missed all the same is counted exactly. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { captureText } from "../../src/app/capture/describe-capture.ts"
import { CaptureProcess, countExecs, ownProgram, readRows, testFolder } from "./capture-process.ts"
import { auditStatus, holdKernel } from "./kernel-lock.ts"
import { storm } from "./workload.ts"

/** Programs of each of the two loops. */
const EXECS = Number(process.env.RETRAIL_TEST_STORM ?? 1000)
const TIMEOUT_MS = 60_000 + EXECS * 60
const { reason } = await holdKernel()

describe.skipIf(reason !== "")(`a storm of programs${reason}`, () => {
  it(
    "is a row each with the default settings, and the kernel has lost nothing",
    async () => {
      const folder = testFolder()
      const program = ownProgram(folder)
      const { lost } = auditStatus()
      const capture = await CaptureProcess.start({ folder, arguments: [] })
      await storm(program, EXECS, 2)
      const { summary, exitCode } = await capture.finish()
      expect(countExecs(capture.database, program)).toBe(2 * EXECS)
      expect(summary).toMatchObject({ ended: "stopped", problems: {}, gaps: {}, loss: { isNone: true } })
      expect([exitCode, auditStatus().lost]).toEqual([0, lost])
    },
    TIMEOUT_MS,
  )

  /** The last leaves the kernel no room for the records of one program. */
  const SHORT_BACKLOGS = ["--audit_backlog_limit=64", "--audit_backlog_limit=4 --socket-buffer 4KiB"]

  it.each(SHORT_BACKLOGS)(
    "that overflows a short backlog is counted, stored and lost are what ran: %s",
    async (options) => {
      const folder = testFolder()
      const program = ownProgram(folder)
      const rules = join(folder, "storm.rules")
      writeFileSync(rules, `-a always,exit -F arch=b64 -S execve -F exe=${program} -k storm\n`)
      const { lost = 0 } = auditStatus()
      const capture = await CaptureProcess.start({
        folder,
        arguments: ["--rules", rules, "--stall", "1000", ...options.split(" ")],
      })
      await storm(program, EXECS / 4, 2)
      const { summary, exitCode } = await capture.finish()
      const { loss } = summary
      if (loss === null) throw new Error("no account of what was lost")
      expect(loss.kernelLost).toBe((auditStatus().lost ?? 0) - lost)
      if (options !== SHORT_BACKLOGS[0]) expect(loss.missingRecords).toBeGreaterThan(0)
      const stored = countExecs(capture.database, program)
      const kinds = readRows(capture.database, "SELECT DISTINCT kind FROM _gaps").map(({ kind }) => kind)
      if (loss.isNone) {
        expect([exitCode, stored, kinds]).toEqual([0, EXECS / 2, []])
      } else if (loss.socketOverruns > 0) {
        expect([exitCode, loss.lostEvents]).toEqual([4, null])
        expect(kinds).toContain("socket-overrun")
        expect(captureText(summary, "Captured")).toContain("events lost: unknown")
      } else {
        expect([exitCode, stored + (loss.lostEvents ?? 0)]).toEqual([4, EXECS / 2])
        expect(kinds).toContain("kernel-lost")
      }
    },
    TIMEOUT_MS,
  )
})
