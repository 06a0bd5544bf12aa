/** Selections over records of every width. The same options of auditreduce(1) give the same records where it reads them. */
import { describe, expect, it } from "vitest"
import { BsmParser } from "../../../../../src/formats/bsm/bsm-parser.ts"
import { readClassFlags } from "../../../../../src/formats/bsm/select/class-flags.ts"
import type { BsmSelection, ClassFlags } from "../../../../../src/formats/bsm/select/selection.ts"
import { BsmSelector } from "../../../../../src/formats/bsm/select/selector.ts"
import type { BsmPlatform } from "../../../../../src/formats/bsm/tables/events.ts"
import { record } from "../../../../bsm-writer/record.ts"
import * as tokens from "../../../../bsm-writer/tokens.ts"

const WHO = { auid: 501, euid: 0, egid: 20, ruid: 502, rgid: 80, pid: 77, sid: 1 }
const OTHER = { auid: 600, euid: 600, egid: 600, ruid: 600, rgid: 600, pid: 600, sid: 1 }

/** Which of the records are selected, by place. */
function select(
  selection: BsmSelection,
  records: readonly Buffer[],
  platform: BsmPlatform = "freebsd",
): number[] {
  const selector = new BsmSelector(selection)
  const selected: number[] = []
  let place = 0
  const parser = new BsmParser({
    record: (one) => {
      if (selector.selects(one, platform)) selected.push(place)
      place++
    },
    problem: () => {},
    gap: () => {},
  })
  parser.beginSource({ sourceId: 1, platform })
  parser.push(Buffer.concat([...records]), 0)
  parser.endSource()
  expect(place).toBe(records.length)
  return selected
}

const flags = (text: string) => readClassFlags(text) as ClassFlags

describe("events", () => {
  const records = [
    record(23, []),
    record(6152, []),
    record(43_210, []),
    record(43_216, []),
    tokens.file32("/a"),
  ]

  it("by number and by name", () => {
    expect(select({ events: [23] }, records)).toEqual([0])
    expect(select({ events: ["AUE_login", 23] }, records)).toEqual([0, 1])
  })

  it("by the name that the system gives them", () => {
    expect(select({ events: ["AUE_PREADV"] }, records, "freebsd")).toEqual([2])
    expect(select({ events: ["AUE_PREADV"] }, records, "macos")).toEqual([3])
    expect(select({ events: ["AUE_PREADV"] }, records, "unknown")).toEqual([2, 3])
  })
})

describe("classes", () => {
  const records = [
    record(23, [tokens.returns32(0)]),
    record(23, [tokens.returns32(13)]),
    record(6152, [tokens.returns64(0)]),
    record(6152, [tokens.returns64(1)]),
    record(6152, []),
    record(60_000, [tokens.returns32(0)]),
  ]

  it.each([
    ["ex", [0, 1]],
    ["lo", [2, 3, 4]],
    ["+lo", [2, 4]],
    ["-lo", [3, 4]],
    ["-ex,+lo", [1, 2, 4]],
    ["all,^lo", [0, 1]],
    ["all,^-pc,^-ex", [0, 2, 3, 4]],
    ["no", []],
  ])("%s", (text, expected) => {
    expect(select({ classes: flags(text) }, records)).toEqual(expected)
  })

  it("that do not exist are told", () => {
    expect(readClassFlags("lo,^+nothing")).toBe("nothing")
    expect(readClassFlags("lo,,")).toEqual({ success: 0x1000, failure: 0x1000 })
    expect(readClassFlags("all")).toEqual({ success: 0xffff_ffff, failure: 0xffff_ffff })
  })
})

describe("ids", () => {
  const widths = ["32", "32ex", "64", "64ex"] as const
  const records = [
    ...widths.map((width) => record(23, [tokens.subject(WHO, width)])),
    ...widths.map((width) => record(23, [tokens.processToken(WHO, width)])),
    record(23, [tokens.subject(OTHER)]),
    record(23, [tokens.processToken(WHO), tokens.subject(OTHER)]),
    record(23, [tokens.text("nobody")]),
    tokens.file32("/a"),
  ]

  it.each([
    ["auid", 501],
    ["euid", 0],
    ["egid", 20],
    ["ruid", 502],
    ["rgid", 80],
  ] as const)("%s of subjects and processes in every width", (name, id) => {
    expect(select({ [name]: id }, records)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it("pid of the subject alone, and of the object alone", () => {
    expect(select({ pid: 77 }, records)).toEqual([0, 1, 2, 3])
    expect(select({ objects: [{ kind: "pid", value: "77" }] }, records)).toEqual([4, 5, 6, 7, 9])
  })

  it("all of them, by every token", () => {
    expect(select({ auid: 501, pid: 77 }, records)).toEqual([0, 1, 2, 3])
    expect(select({ auid: 501, euid: 501 }, records)).toEqual([])
  })

  it("none that is set", () => {
    const unset = record(23, [tokens.subject({ ...WHO, auid: 0xffff_ffff })])
    expect(select({ auid: 0xffff_ffff }, [unset, ...records])).toEqual([0])
  })

  it("inverted", () => {
    expect(select({ auid: 501, inverts: true }, records)).toEqual([8, 9, 10, 11])
    expect(select({ inverts: true }, records)).toEqual([])
    expect(select({}, records)).toHaveLength(records.length)
  })
})

describe("objects", () => {
  const records = [
    record(23, [tokens.path("/bin/ls")]),
    record(23, [tokens.path("ls"), tokens.path("/bin/ls")]),
    record(23, [tokens.path("/bin/cat\0/bin/ls")]),
    record(23, [tokens.ipc(1, 5)]),
    record(23, [tokens.ipc(2, 5)]),
    record(23, [tokens.ipc(3, 5)]),
    record(23, [tokens.ipc(9, 5)]),
    record(23, [tokens.zonename("jail1")]),
    record(23, []),
  ]

  it("files, by every path of the record", () => {
    const object = (value: string) => ({ objects: [{ kind: "file", value }] as const })
    expect(select(object("^/bin/ls$"), records)).toEqual([0])
    expect(select(object("ls$"), records)).toEqual([0, 1])
    expect(select(object("~ls$,."), records)).toEqual([2])
  })

  it.each([
    ["msgqid", 3],
    ["semid", 4],
    ["shmid", 5],
  ] as const)("%s", (kind, place) => {
    expect(select({ objects: [{ kind, value: "5" }] }, records)).toEqual([place])
    expect(select({ objects: [{ kind, value: "6" }] }, records)).toEqual([])
  })

  it("zones", () => {
    expect(select({ zone: "jail?" }, records)).toEqual([7])
    expect(select({ zone: "jail" }, records)).toEqual([])
  })
})
