/** A capture under load: with the default settings nothing is missed; what is missed all the same is counted exactly. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
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

  it(
    "that overflows a short backlog is counted: stored and lost are what ran",
    async () => {
      const folder = testFolder()
      const program = ownProgram(folder)
      const rules = join(folder, "storm.rules")
      writeFileSync(rules, `-a always,exit -F arch=b64 -S execve -F exe=${program} -k storm\n`)
      const options = ["--rules", rules, "--audit_backlog_limit=64", "--stall", "1000"]
      const { lost = 0 } = auditStatus()
      const capture = await CaptureProcess.start({ folder, arguments: options })
      await storm(program, EXECS, 2)
      const { summary, exitCode } = await capture.finish()
      const { loss } = summary
      const stored = countExecs(capture.database, program)
      expect(stored).toBeLessThanOrEqual(2 * EXECS)
      expect(loss?.kernelLost).toBe((auditStatus().lost ?? 0) - lost)
      if (loss?.isNone) {
        expect([exitCode, stored]).toEqual([0, 2 * EXECS])
        return
      }
      expect(exitCode).toBe(4)
      const kinds = readRows(capture.database, "SELECT DISTINCT kind FROM _gaps").map(({ kind }) => kind)
      if ((loss?.socketOverruns ?? 0) > 0) {
        expect(loss?.lostEvents).toBeNull()
        expect(kinds).toContain("socket-overrun")
      } else {
        expect(stored + (loss?.lostEvents ?? 0)).toBe(2 * EXECS)
        expect(kinds).toContain("kernel-lost")
      }
    },
    TIMEOUT_MS,
  )
})
