import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { CgroupPaths, cgroupFilter, findCgroupMount } from "../../../../src/sources/bpf/cgroups.ts"
import { parseCpus } from "../../../../src/sources/bpf/machine.ts"
import { bounded, osqueryMemory, planMemory, ringBytesFor } from "../../../../src/sources/bpf/memory-plan.ts"
import { unpackObject } from "../../../../src/sources/bpf/programs.ts"
import { runningProcesses } from "../../../../src/sources/bpf/running-processes.ts"
import { fieldOffset, findTracefs, tracepointId } from "../../../../src/sources/bpf/tracefs.ts"

const folder = mkdtempSync(join(tmpdir(), "retrail-bpf-"))
afterAll(() => rmSync(folder, { recursive: true }))
const MIB = 1024 * 1024

describe("tracefs", () => {
  const events = join(folder, "tracing/events")
  mkdirSync(join(events, "task/task_newtask"), { recursive: true })
  writeFileSync(join(events, "task/task_newtask/id"), "205\n")
  writeFileSync(
    join(events, "task/task_newtask/format"),
    "name: task_newtask\nID: 205\nformat:\n\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n" +
      "\tfield:pid_t pid;\toffset:8;\tsize:4;\tsigned:1;\n\tfield:char comm[16];\toffset:12;\tsize:16;\tsigned:0;\n" +
      '\tfield:__data_loc char[] name;\toffset:28;\tsize:4;\tsigned:0;\n\nprint fmt: "pid=%d", REC->pid\n',
  )

  it("tells numbers and fields", () => {
    expect(findTracefs([join(folder, "none"), join(folder, "tracing")])).toBe(events)
    expect(findTracefs([join(folder, "none")])).toBeUndefined()
    expect(tracepointId(events, "task/task_newtask")).toBe(205)
    expect(tracepointId(events, "task/none")).toBeUndefined()
    const fields = ["pid", "comm", "name", "common_pid", "none"]
    expect(fields.map((field) => fieldOffset(events, "task/task_newtask", field))).toEqual([
      8,
      12,
      28,
      4,
      undefined,
    ])
  })
})

describe("control groups", () => {
  it("are found in the mount that is of version 2", () => {
    const mounts =
      "30 25 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n31 25 0:27 / /srv/demo/unified rw,nosuid shared:9 - cgroup2 cgroup2 rw\n"
    expect(findCgroupMount(mounts)).toBe("/srv/demo/unified")
    expect(findCgroupMount("")).toBeUndefined()
  })

  it("have paths by their inodes, new ones after a while", () => {
    const mount = join(folder, "cgroup")
    mkdirSync(join(mount, "system.slice/docker-1.scope"), { recursive: true })
    const clock = { now: 0, nowMs: () => clock.now, sleep: async () => {} }
    const paths = new CgroupPaths(mount, clock)
    const inode = (path: string) => statSync(join(mount, path)).ino
    expect(paths.pathOf(inode("system.slice/docker-1.scope"))).toBe("/system.slice/docker-1.scope")
    expect(paths.pathOf(inode("."))).toBe("/")
    mkdirSync(join(mount, "new"))
    expect(paths.pathOf(inode("new"))).toBeUndefined()
    clock.now += 1000
    expect(paths.pathOf(inode("new"))).toBe("/new")
    expect(new CgroupPaths(undefined, clock).pathOf(1)).toBeUndefined()
  })

  it("are filters with their depth", () => {
    const mount = join(folder, "cgroup")
    expect(cgroupFilter(join(mount, "system.slice/docker-1.scope"), mount).level).toBe(2)
    expect(cgroupFilter(mount, mount).level).toBe(0)
    expect(() => cgroupFilter("/srv", mount)).toThrow(RangeError)
    expect(() => cgroupFilter(join(mount, "none"), mount)).toThrow(/ENOENT/)
  })
})

describe("processes that run already", () => {
  it("are frames, kernel threads left away", () => {
    const proc = join(folder, "proc")
    for (const [pid, stat] of [
      ["7", "7 (a) b (c) S 3 7 7"],
      ["2", "2 (kthreadd) S 0 0 0"],
    ] as const) {
      mkdirSync(join(proc, pid), { recursive: true })
      writeFileSync(join(proc, pid, "stat"), stat)
    }
    mkdirSync(join(proc, "self"))
    symlinkSync("/srv/demo/program", join(proc, "7/exe"))
    symlinkSync("/srv/demo", join(proc, "7/cwd"))
    const [frame, ...more] = runningProcesses(proc)
    expect(more).toEqual([])
    expect([frame?.readUInt32LE(8), frame?.readUInt32LE(12)]).toEqual([7, 3])
    expect(frame?.toString("latin1", 16)).toContain("/srv/demo/program\0/srv/demo\0")
  })
})

describe("memory", () => {
  const machine = { pageBytes: 4096, onlineCpus: [0, 1], possibleCpus: 2 }

  it("of CPUs as sysfs lists them", () => {
    expect(parseCpus("0-3,8\n")).toEqual([0, 1, 2, 3, 8])
    expect(parseCpus("0\n")).toEqual([0])
  })

  it("is the same for both ways, in powers of two", () => {
    expect(ringBytesFor("ringbuf", 10, machine)).toBe(8 * MIB)
    expect(ringBytesFor("perf", 10, machine)).toBe(4 * MIB)
    expect(ringBytesFor("ringbuf", 10, { ...machine, onlineCpus: [0, 1, 2] })).toBe(16 * MIB)
    expect([bounded(1, 4096), bounded(5000, 4096), bounded(1, 65_536)]).toEqual([4096, 8192, 65_536])
    const perf = planMemory("perf", 4 * MIB, unpackObject("perf"), machine)
    expect([perf.rings, perf.ringsBytes]).toEqual([2, 2 * (4 * MIB + 4096)])
  })

  it("of osquery is that of its code, not of its guide", () => {
    const usual = { exponent: 10, storageSize: 512 }
    expect(osqueryMemory(usual, machine)).toEqual({ storageBytes: 24 * MIB, ringsBytes: 8 * MIB + 2 * 4096 })
    expect(osqueryMemory(usual, { ...machine, possibleCpus: 128 }).storageBytes).toBe(1536 * MIB)
  })
})
