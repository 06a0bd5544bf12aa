import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { detectBsm, platformOfVariant } from "../../../../src/formats/bsm/detect.ts"
import { record, SECOND, shortRecord } from "../../../bsm-writer/record.ts"
import * as tokens from "../../../bsm-writer/tokens.ts"

const ONE = record(23, [tokens.path("/bin/ls"), tokens.subject(), tokens.returns32()])
const short = (pid: number) =>
  shortRecord(23, [tokens.subject({ pid }), tokens.returns32()], { host: "192.0.2.7" })

describe("detection", () => {
  it.each([
    ["a record", ONE, "certain", "begins with an audit record"],
    [
      "a file token",
      Buffer.concat([tokens.file32("/var/audit/a"), ONE]),
      "certain",
      "begins with a file token",
    ],
    ["garbage first", Buffer.concat([Buffer.alloc(9, 0x61), ONE]), "likely", "audit records from byte 9 on"],
    [
      "a far first record",
      Buffer.concat([Buffer.alloc(200_000), ONE]),
      "likely",
      "audit records from byte 200000 on",
    ],
    ["records that macOS cut", Buffer.concat([short(1), short(2)]), "certain", "begins with an audit record"],
    [
      "one cut record",
      ONE.subarray(0, 40),
      "possible",
      "begins like an audit record that the file's end cuts",
    ],
    [
      "a large record",
      record(
        0,
        Array.from({ length: 40 }, () => tokens.opaque(Buffer.alloc(5000))),
      ),
      "certain",
      "begins with an audit record",
    ],
  ] as const)("%s", (_, bytes, confidence, why) => {
    expect(detectBsm(bytes, "any")).toMatchObject({ format: "bsm", confidence, why })
  })

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["NULs", Buffer.alloc(300_000)],
    ["text", Buffer.from("type=SYSCALL msg=audit(1.2:3): yes\n".repeat(9000))],
    ["headers alone", Buffer.concat(Array.from({ length: 4000 }, () => ONE.subarray(0, 18)))],
    ["gzip", gzipSync(ONE)],
    ["a record of another version, cut", record(23, [tokens.path("/a")], { version: 99 }).subarray(0, 20)],
  ])("not %s", (_, bytes) => {
    expect(detectBsm(bytes, "any")).toBeNull()
  })

  it("gives the first record's time and the system", () => {
    const detection = detectBsm(Buffer.concat([ONE, record(44_901, [tokens.subject()])]), "any")
    expect(detection).toMatchObject({ firstTimeMs: SECOND * 1000, title: "BSM audit trail (macOS)" })
    expect(platformOfVariant(detection?.variant ?? "")).toBe("macos")
    expect(platformOfVariant("no variant")).toBe("unknown")
  })
})
