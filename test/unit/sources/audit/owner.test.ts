import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { describe, expect, it, vi } from "vitest"
import { bootId, describeProcess, processStartTime } from "../../../../src/sources/audit/owner.ts"

const isLinux = process.platform === "linux"

describe.skipIf(!isLinux)(`owner${isLinux ? "" : " (skipped: needs Linux)"}`, () => {
  it("names a live process", () => {
    expect(describeProcess(process.pid)).toMatchObject({ pid: process.pid, isAlive: true })
    expect(describeProcess(process.pid).name).not.toBe("")
    expect(processStartTime(process.pid)).toMatch(/^\d+$/)
    expect(bootId()).toMatch(/^[0-9a-f-]{36}$/)
  })

  it("reads the start of a process whose name looks like the rest of the line", async () => {
    const child = spawn("sh", ["-c", 'printf ") R 1 2 3" > /proc/$$/comm; echo named; read line'])
    await once(child.stdout, "data")
    const pid = child.pid ?? 0
    expect(describeProcess(pid).name).toBe(") R 1 2 3")
    const plain = readFileSync(`/proc/${pid}/stat`, "utf8").replace(") R 1 2 3", "name")
    expect(processStartTime(pid)).toBe(plain.split(" ")[21])
    const closed = once(child, "close")
    child.stdin.end()
    await closed
  })

  it("counts a process that waits to be reaped as gone", async () => {
    // The shell becomes a program that knows nothing of the child, and does so before the child ends: nobody waits for it.
    const parent = spawn("sh", ["-c", "sleep 0.5 & echo $!; exec sleep 30"])
    const [line] = await once(parent.stdout, "data")
    const pid = Number(String(line))
    try {
      const isWaiting = () => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")
      await vi.waitFor(() => expect(isWaiting()).toBe(true), { timeout: 10_000 })
      expect(describeProcess(pid)).toEqual({ pid, isAlive: false, name: "" })
      expect(processStartTime(pid)).toBeUndefined()
    } finally {
      parent.kill()
    }
  })

  it("says that a process is gone", () => {
    const { pid } = spawnSync("true")
    expect(describeProcess(pid)).toEqual({ pid, isAlive: false, name: "" })
    expect(processStartTime(pid)).toBeUndefined()
  })
})
