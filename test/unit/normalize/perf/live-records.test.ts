/** What only a live capture writes: the working directory before an exec, and accepts whose beginning was not seen. */
import { describe, expect, it } from "vitest"
import { FLAG, TYPE } from "../../../../src/formats/perf-ring/capture-record.ts"
import { header, recordFrame, totals } from "../../../perf-ring-writer/capture-file.ts"
import { ends, ipv4, type Made, makeRecord, texts } from "../../../perf-ring-writer/record.ts"
import { readInputs } from "./rows-of.ts"

const wide = { cpu: 0, parent: 400 }
const ACCEPT = 43

function read(records: readonly Omit<Made, "number" | "wide">[], asRecords = false) {
  const frames = records.map((record, number) => recordFrame(makeRecord({ ...record, number, wide })))
  const bytes = Buffer.concat([header(), ...frames, totals(BigInt(records.length), 0n)])
  return readInputs([{ name: "live.ring", bytes }], { asRecords })
}

function execIn(names: readonly string[], path: string, flags = 0, enteredMs = 10) {
  const data = texts(...names)
  return [
    { type: TYPE.directory, ms: 12, pid: 500, a0: enteredMs * 1_000_000, data, flags },
    { type: TYPE.exec, ms: 13, pid: 500, a0: 500, a1: 400, a2: 1000, data: texts(path, path, "now") },
  ]
}

describe("the directory before an exec", () => {
  it("is where the process works, and makes a relative path absolute", () => {
    const { table, problems } = read(execIn(["demo", "srv"], "tool"))
    const [row] = table("bpf_process_events")
    expect([row?.cwd, row?.path, row?.cmdline]).toEqual(["/srv/demo", "/srv/demo/tool", "tool now"])
    expect(Number(row?.duration)).toBe(3_000_000)
    expect(problems).toEqual([])
  })

  it("is the root when there are no names, and nothing when it was cut", () => {
    const [root] = read(execIn([], "tool")).table("process_events")
    expect([root?.cwd, root?.path]).toEqual(["/", "/tool"])
    const [cut] = read(execIn(["demo"], "tool", FLAG.cutDirectory)).table("process_events")
    expect([cut?.cwd, cut?.path]).toEqual(["", "tool"])
  })

  it("tells no duration when nobody knows when the call began", () => {
    const [row] = read(execIn(["srv"], "tool", 0, 0)).table("bpf_process_events")
    expect(row?.duration).toBeNull()
  })

  it("is a record of its own", () => {
    const { records } = read(execIn(["demo", "srv"], "tool"), true)
    expect(JSON.parse(records[0] ?? "")).toMatchObject({
      type: "directory",
      record: { names: ["demo", "srv"] },
    })
  })
})

describe("an accept that began before the capture", () => {
  const data = ends(2, 1, 6, ipv4("192.0.2.1", 80), ipv4("192.0.2.7", 40_000))
  const returned = {
    type: TYPE.sockExit,
    ms: 20,
    pid: 500,
    call: ACCEPT,
    a0: 5,
    a1: 3,
    flags: FLAG.ends,
    data,
  }

  it("is told by its return", () => {
    const [row, ...more] = read([returned]).table("socket_events")
    expect(more).toEqual([])
    const { action, local_address, local_port, remote_address, remote_port } = row ?? {}
    expect([action, local_address, Number(local_port), remote_address, Number(remote_port)]).toEqual([
      "accept",
      "192.0.2.1",
      80,
      "192.0.2.7",
      40_000,
    ])
  })

  it("is nothing without its ends, as other calls are", () => {
    expect(read([{ ...returned, flags: 0, data: Buffer.alloc(0) }]).rows).toEqual([])
    expect(read([{ ...returned, call: 42 }]).rows).toEqual([])
  })
})
