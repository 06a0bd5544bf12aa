import { describe, expect, it } from "vitest"
import { findUser } from "../../../../src/sources/native/accounts.ts"

const PASSWD = [
  "root:x:0:0:root:/root:/bin/sh",
  "broken",
  "negative:x:-1:5::/:/bin/sh",
  "huge:x:4294967295:1::/:/bin/sh",
  "1001:x:7:8:a name of digits:/:/bin/sh",
  "alice:x:1001:100::/srv/demo:/bin/sh",
  "alias:x:1001:101::/srv/demo:/bin/sh",
].join("\n")

describe("findUser", () => {
  it.each([
    ["root", { uid: 0, gid: 0, name: "root" }],
    ["alice", { uid: 1001, gid: 100, name: "alice" }],
    ["0", { uid: 0, gid: 0, name: "root" }],
    [7, { uid: 7, gid: 8, name: "1001" }],
    ["1001", { uid: 7, gid: 8, name: "1001" }],
    ["nobody", null],
    ["negative", null],
    ["huge", null],
    ["", null],
  ])("%j", (user, expected) => {
    expect(findUser(user, PASSWD)).toEqual(expected)
  })
})
