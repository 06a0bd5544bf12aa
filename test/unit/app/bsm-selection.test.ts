/** The words of auditreduce's options, good and bad. */
import { describe, expect, it } from "vitest"
import { readSelection, type SelectionWords } from "../../../src/app/bsm-selection.ts"
import { UsageError } from "../../../src/app/errors.ts"

const ACCOUNTS = {
  users: new Map([
    [0, "root"],
    [501, "alice"],
  ]),
  groups: new Map([[20, "staff"]]),
}

describe("words of a selection", () => {
  it.each<[SelectionWords, object]>([
    [{ event: ["23,AUE_login", " 6152 "] }, { events: [23, "AUE_login", 6152] }],
    [{ class: "lo,+ex" }, { classes: { success: 0x4000_1000, failure: 0x1000 } }],
    [
      { auid: "-1", euid: "root", ruid: "501" },
      { auid: 4_294_967_295, euid: 0, ruid: 501 },
    ],
    [{ auid: "-2" }, { auid: 4_294_967_294 }],
    [
      { egid: "staff", rgid: "0" },
      { egid: 20, rgid: 0 },
    ],
    [{ pid: "42" }, { pid: 42 }],
    [
      { object: ["file=/etc,~x=y", "pid=7"] },
      {
        objects: [
          { kind: "file", value: "/etc,~x=y" },
          { kind: "pid", value: "7" },
        ],
      },
    ],
    [
      { zone: "jail*", invert: true },
      { zone: "jail*", inverts: true },
    ],
  ])("%j", (words, expected) => {
    expect(readSelection(words, ACCOUNTS)).toEqual(expected)
  })

  it("without any is no selection", () => {
    expect(readSelection({ invert: false }, undefined)).toBeUndefined()
  })

  it.each<SelectionWords>([
    { event: ["AUE_EXECV"] },
    { event: ["70000"] },
    { event: [""] },
    { class: "nothing" },
    { auid: "bob" },
    { auid: "4294967296" },
    { egid: "alice" },
    { pid: "root" },
    { pid: "" },
    { object: ["file"] },
    { object: ["inode=4"] },
    { object: ["pid=x"] },
    { object: ["file=[a"] },
    { zone: "[a" },
  ])("%j is refused", (words) => {
    expect(() => readSelection(words, ACCOUNTS)).toThrow(UsageError)
  })

  it("know names from the host's files alone", () => {
    expect(() => readSelection({ euid: "root" }, undefined)).toThrow(/--euid: root is no id/)
  })
})
