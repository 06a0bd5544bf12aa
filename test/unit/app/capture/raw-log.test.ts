import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { RawLog, type RawLogOptions, type Rotation } from "../../../../src/app/capture/raw-log.ts"
import { hasShared, NEEDS_SHARED, SHARED } from "../../../acceptance/read-rows.ts"
import { netlinkMessages } from "../../formats/linux-audit/netlink-messages.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-raw-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string): string => path.join(folder, name)
const textOf = (name: string): string => readFileSync(fileOf(name), "latin1")
const logAt = (options: Partial<RawLogOptions> = {}): RawLog =>
  new RawLog({ path: fileOf("audit.log"), ...options })

function append(log: RawLog, type: number, serial: number, body = "a=b"): number {
  const payload = Buffer.from(`audit(1.002:${serial}): ${body}`)
  return log.append(type, payload, 0, payload.length)
}

/** An event of 80 bytes: SYSCALL, PROCTITLE, EOE. */
function appendEvent(log: RawLog, serial: number): void {
  append(log, 1300, serial, "x")
  append(log, 1327, serial)
  append(log, 1320, serial, "")
}

describe("a raw log", () => {
  it("is auditd's, mode 0600, and tells where each line begins", () => {
    const log = logAt()
    expect([append(log, 1300, 7), append(log, 1320, 7, ""), append(log, 1112, 8)]).toEqual([0, 37, 37])
    expect(log.size).toBe(77)
    expect(textOf("audit.log")).toBe("")
    log.close()
    expect(textOf("audit.log")).toBe(
      "type=SYSCALL msg=audit(1.002:7): a=b\ntype=USER_LOGIN msg=audit(1.002:8): a=b\n",
    )
    expect(statSync(fileOf("audit.log")).mode & 0o777).toBe(0o600)
  })

  it("goes on in a file of ours, after a line that was cut", () => {
    writeFileSync(fileOf("audit.log"), "type=CWD msg=aud", { mode: 0o644 })
    const log = logAt()
    expect(append(log, 1300, 7)).toBe(17)
    log.close()
    expect(textOf("audit.log")).toBe("type=CWD msg=aud\ntype=SYSCALL msg=audit(1.002:7): a=b\n")
    expect(statSync(fileOf("audit.log")).mode & 0o777).toBe(0o600)
  })

  it("is written though its buffer is smaller than a line", () => {
    const log = logAt({ bufferBytes: 16 })
    for (let serial = 0; serial < 9; serial++) append(log, 1300, serial, "x".repeat(serial * 20))
    log.close()
    const lines = textOf("audit.log").split("\n")
    expect(lines.map((line) => line.length)).toEqual([32, 53, 73, 93, 113, 133, 153, 173, 193, 0])
  })

  it.each([
    ["a link", (file: string) => symlinkSync(fileOf("elsewhere"), file), /symbolic link/],
    ["a folder", (file: string) => mkdirSync(file), /cannot be created|not a regular file/],
    [
      "a file with a second name",
      (file: string) => {
        writeFileSync(file, "")
        linkSync(file, fileOf("b"))
      },
      /second/,
    ],
  ])("is never written through %s", (_what, prepare, why) => {
    prepare(fileOf("audit.log"))
    expect(() => logAt()).toThrow(why)
    expect(existsSync(fileOf("elsewhere"))).toBe(false)
  })

  it.skipIf(process.geteuid?.() !== 0)(
    "is handed over, and taken back by name only (skipped: needs root)",
    () => {
      const log = logAt()
      append(log, 1300, 7)
      log.handOver(1234, 1234)
      log.close()
      expect([statSync(fileOf("audit.log")).uid, statSync(fileOf("audit.log")).gid]).toEqual([1234, 1234])
      expect(() => logAt()).toThrow(/belongs to another account/)
      logAt({ owner: 1234 }).close()
    },
  )
})

describe("rotation", () => {
  it("keeps as many files as told, newest first, and tells", () => {
    const rotations: Rotation[] = []
    const log = logAt({ maxBytes: 70, keep: 2, onRotate: (rotation) => rotations.push(rotation) })
    for (let serial = 1; serial <= 4; serial++) appendEvent(log, serial)
    log.close()
    const serials = (name: string) =>
      [...textOf(name).matchAll(/:(\d+)\)/g)].map(([, serial]) => Number(serial))
    expect(["audit.log", "audit.log.1", "audit.log.2"].map(serials)).toEqual([
      [4, 4],
      [3, 3],
      [2, 2],
    ])
    expect(existsSync(fileOf("audit.log.3"))).toBe(false)
    const size = statSync(fileOf("audit.log.1")).size
    expect(rotations).toEqual(
      Array(3).fill({ path: fileOf("audit.log"), rotatedTo: fileOf("audit.log.1"), size }),
    )
  })

  it("never parts an event, not even one with another inside", () => {
    const log = logAt({ maxBytes: 10 })
    append(log, 1300, 1)
    appendEvent(log, 2)
    append(log, 1327, 1)
    append(log, 1320, 1, "")
    expect(append(log, 1112, 3)).toBe(0)
    log.close()
    expect(textOf("audit.log.1").split("\n")).toHaveLength(5)
  })

  it("waits for no EOE for ever", () => {
    const log = logAt({ maxBytes: 10 })
    append(log, 1300, 1)
    for (let serial = 2; serial < 300; serial++) append(log, 1112, serial, "x".repeat(5000))
    log.close()
    expect(statSync(fileOf("audit.log.1")).size).toBeLessThan(1024 * 1024 + 6000)
  })

  it("replaces what has its names, and follows no link", () => {
    writeFileSync(fileOf("victim"), "kept")
    symlinkSync(fileOf("victim"), fileOf("audit.log.1"))
    const log = logAt({ maxBytes: 10 })
    appendEvent(log, 1)
    appendEvent(log, 2)
    log.close()
    expect(textOf("victim")).toBe("kept")
    expect(statSync(fileOf("audit.log.1")).isFile()).toBe(true)
  })

  it("stops with one remark when the file is not ours any more", () => {
    const remarks: string[] = []
    const log = logAt({ maxBytes: 10, onProblem: (message) => remarks.push(message) })
    appendEvent(log, 1)
    log.flush()
    rmSync(fileOf("audit.log"))
    writeFileSync(fileOf("audit.log"), "somebody else's")
    for (let serial = 2; serial < 5; serial++) appendEvent(log, serial)
    log.close()
    expect(remarks).toEqual([expect.stringMatching(/not rotated any more.*another file/)])
    expect(textOf("audit.log")).toBe("somebody else's")
    expect(existsSync(fileOf("audit.log.1"))).toBe(false)
  })

  it("stops with one remark when a name cannot be had, and loses nothing", () => {
    const remarks: string[] = []
    const log = logAt({ maxBytes: 10, keep: 1, onProblem: (message) => remarks.push(message) })
    mkdirSync(fileOf("audit.log.1"))
    for (let serial = 1; serial < 4; serial++) appendEvent(log, serial)
    log.close()
    expect(remarks).toHaveLength(1)
    expect(textOf("audit.log").split("\n")).toHaveLength(7)
  })
})

describe.skipIf(!hasShared)(`a recorded socket ${NEEDS_SHARED}`, () => {
  const real = path.join(SHARED, "linux-audit/real")

  it("written and rotated is the log of the same records, cut between events", () => {
    const names: string[] = []
    const log = logAt({ maxBytes: 100_000, keep: 99, onRotate: () => names.push("") })
    const offsets: [file: number, offset: number][] = []
    for (const { type, buffer, start, end } of netlinkMessages(
      readFileSync(path.join(real, "netlink.bin")),
    )) {
      const offset = log.append(type, buffer, start, end)
      if (type !== 1320) offsets.push([names.length, offset])
    }
    log.close()
    const files = Array.from({ length: names.length }, (_, at) => `audit.log.${names.length - at}`)
    const texts = [...files, "audit.log"].map(textOf)
    expect(names.length).toBeGreaterThan(30)
    expect(texts.join("")).toBe(readFileSync(path.join(real, "audit.log"), "latin1"))
    for (const [file, offset] of offsets) expect(texts[file]?.startsWith("type=", offset)).toBe(true)
    const stamps = texts.map(
      (text) => new Set([...text.matchAll(/msg=(audit\([^)]*\))/g)].map(([, stamp]) => stamp)),
    )
    for (const [at, own] of stamps.entries()) {
      expect([...own].filter((stamp) => stamps[at + 1]?.has(stamp))).toEqual([])
    }
  })
})
