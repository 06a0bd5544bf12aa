import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import {
  type AuditMessage,
  EOE,
  lineLength,
  writeLine,
  writeRecord,
} from "../../../../src/formats/linux-audit/auditd-line.ts"
import { hasShared, SHARED, WITHOUT_SHARED } from "./framing/run-framer.ts"
import { netlinkMessages } from "./netlink-messages.ts"

function messageOf(type: number, payload: string): AuditMessage {
  const buffer = Buffer.from(`..${payload}..`, "latin1")
  return { type, buffer, start: 2, end: buffer.length - 2 }
}

function lineOf(type: number, payload: string): string {
  const message = messageOf(type, payload)
  const target = Buffer.alloc(200, 0x7e)
  const length = writeLine(message, target, 3)
  expect(length).toBe(lineLength(message))
  expect(target.toString("latin1", 0, 3)).toBe("~~~")
  expect(target.toString("latin1", 3 + length).replaceAll("~", "")).toBe("")
  return target.toString("latin1", 3, 3 + length)
}

describe("auditd's line", () => {
  it.each([
    ["names the type", 1300, "audit(1.002:3): a=b", "type=SYSCALL msg=audit(1.002:3): a=b\n"],
    [
      "numbers a type without a name",
      1999,
      "audit(1.002:3): a",
      "type=UNKNOWN[1999] msg=audit(1.002:3): a\n",
    ],
    [
      "numbers a type that is too new",
      1423,
      "audit(1.002:3): a",
      "type=UNKNOWN[1423] msg=audit(1.002:3): a\n",
    ],
    [
      "has no line end inside",
      1123,
      "audit(1.002:3): a\nb\n\nc",
      "type=USER_CMD msg=audit(1.002:3): a b  c\n",
    ],
    ["loses one trailing blank", 1307, "audit(1.002:3): a  ", "type=CWD msg=audit(1.002:3): a \n"],
    ["loses one trailing line end", 1307, "audit(1.002:3): a \n", "type=CWD msg=audit(1.002:3): a \n"],
    ["loses NULs, and a blank before", 1307, "audit(1.002:3): a \0\0", "type=CWD msg=audit(1.002:3): a\n"],
    ["may be empty", 1307, "", "type=CWD msg=\n"],
    ["is not written for EOE", EOE, "audit(1.002:3): ", ""],
  ])("%s", (_what, type, payload, expected) => {
    expect(lineOf(type, payload)).toBe(expected)
  })

  it("is written for EOE where plugins read", () => {
    const target = Buffer.alloc(100)
    const length = writeRecord(messageOf(EOE, "audit(1.002:3): "), target, 0)
    expect(target.toString("latin1", 0, length)).toBe("type=EOE msg=audit(1.002:3):\n")
  })
})

describe.skipIf(!hasShared)(`a recorded socket ${WITHOUT_SHARED}`, () => {
  const real = path.join(SHARED, "real")
  const written = () => {
    const target = Buffer.alloc(8 << 20)
    let at = 0
    for (const message of netlinkMessages(readFileSync(path.join(real, "netlink.bin")))) {
      at += writeLine(message, target, at)
    }
    return target.subarray(0, at)
  }

  it("becomes the log of the same records, byte for byte", () => {
    const expected = readFileSync(path.join(real, "audit.log"))
    const log = written()
    expect(log.length).toBe(expected.length)
    expect(log.equals(expected)).toBe(true)
  })

  it("with EOE becomes what plugins get", () => {
    const target = Buffer.alloc(8 << 20)
    let at = 0
    for (const message of netlinkMessages(readFileSync(path.join(real, "netlink.bin")))) {
      at += writeRecord(message, target, at)
    }
    expect(target.subarray(0, at).equals(readFileSync(path.join(real, "audit.with-eoe.log")))).toBe(true)
  })

  it.skipIf(spawnSync("ausearch", ["--version"]).error !== undefined)("is read whole by ausearch", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "retrail-line-"))
    try {
      const file = path.join(folder, "audit.log")
      writeFileSync(file, written())
      const { stdout, status } = spawnSync("ausearch", ["--raw", "-if", file], { maxBuffer: 1 << 28 })
      expect(status).toBe(0)
      const sorted = (bytes: Buffer): string[] => bytes.toString("latin1").split("\n").filter(Boolean).sort()
      expect(sorted(stdout)).toEqual(sorted(written()))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
