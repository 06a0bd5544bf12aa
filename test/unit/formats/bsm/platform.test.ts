/** Which system wrote a trail, by marks that it alone writes. */
import { describe, expect, it } from "vitest"
import { record } from "../../../bsm-writer/record.ts"
import * as tokens from "../../../bsm-writer/tokens.ts"
import { readTrail } from "./read-trail.ts"

const paths = [tokens.path("/bin/ls"), tokens.path("/bin/ls")]
const platformsOf = (bytes: Buffer): string[] => readTrail(bytes).records.map(({ platform }) => platform)

describe("the system that wrote a trail", () => {
  it.each([
    ["macos", "identity", record(23, [tokens.identity()])],
    ["macos", "posix_spawn", record(43_190, [])],
    ["macos", "a session event", record(44_902, [])],
    ["macos", "paths twice on a numbered disk", record(23, [...paths, tokens.attr32()])],
    ["macos", "launchctl", record(45_000, [tokens.text("launchctl::Audit startup")])],
    ["freebsd", "zonename", record(23, [tokens.zonename("jail1")])],
    ["freebsd", "a number of its own", record(43_262, [])],
    ["freebsd", "permission bits without file type", record(23, [tokens.attr32({ mode: 0o555 })])],
    ["freebsd", "a jail's id", record(43_115, [tokens.arg32(1, 3, "jid")])],
    ["solaris", "version 2", record(23, [], { version: 2 })],
    [
      "unknown",
      "nothing",
      record(23, [tokens.path("/bin/ls"), tokens.attr32({ fsid: 93 }), tokens.subject()]),
    ],
    ["unknown", "a user's event of a third party", record(45_100, [])],
  ])("is %s by %s", (platform, _, bytes) => {
    expect(platformsOf(bytes)).toEqual([platform])
  })

  it("is known from the record on that tells", () => {
    const plain = record(43_210, [])
    const trail = readTrail(Buffer.concat([plain, record(44_901, []), plain]))
    expect(trail.records.map(({ type }) => type)).toEqual([
      "AUE_PREADV|AUE_CLONEFILEAT",
      "AUE_SESSION_START",
      "AUE_CLONEFILEAT",
    ])
  })

  it("is what the reader was told", () => {
    expect(readTrail(record(44_901, []), { platform: "freebsd" }).records[0]?.platform).toBe("freebsd")
  })
})
