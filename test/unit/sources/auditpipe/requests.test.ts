import { describe, expect, it } from "vitest"
import { classesFor, maskOf } from "../../../../src/sources/auditpipe/class-mask.ts"
import { PIPE_REQUESTS, type PipeRequestName } from "../../../../src/sources/auditpipe/requests.ts"

/** As sys/ioccom.h puts a request together, from what audit_ioctl.h says of each. */
const OUT = 0x4000_0000
const IN = 0x8000_0000
const NEITHER = 0x2000_0000
const request = (direction: number, bytes: number, number: number, group = "A") =>
  direction + bytes * 0x1_0000 + group.charCodeAt(0) * 0x100 + number

const EXPECTED: Readonly<Record<PipeRequestName, number>> = {
  getQueueLength: request(OUT, 4, 1),
  getQueueLimit: request(OUT, 4, 2),
  setQueueLimit: request(IN, 4, 3),
  getQueueLimitMin: request(OUT, 4, 4),
  getQueueLimitMax: request(OUT, 4, 5),
  getPreselectFlags: request(OUT, 8, 6),
  setPreselectFlags: request(IN, 8, 7),
  getPreselectNaflags: request(OUT, 8, 8),
  setPreselectNaflags: request(IN, 8, 9),
  getPreselectAuid: request(OUT, 12, 10),
  setPreselectAuid: request(IN, 12, 11),
  deletePreselectAuid: request(IN, 4, 12),
  flushPreselectAuid: request(NEITHER, 0, 13),
  getPreselectMode: request(OUT, 4, 14),
  setPreselectMode: request(IN, 4, 15),
  flush: request(NEITHER, 0, 16),
  getMaxAuditData: request(OUT, 4, 17),
  getInserts: request(OUT, 8, 100),
  getReads: request(OUT, 8, 101),
  getDrops: request(OUT, 8, 102),
  getTruncates: request(OUT, 8, 103),
  setNonBlocking: request(IN, 4, 126, "f"),
}

describe("requests of an audit pipe", () => {
  it.each(Object.entries(EXPECTED))("%s has its number and its size", (name, number) => {
    const found = PIPE_REQUESTS[name as PipeRequestName]
    expect(found.number).toBe(number)
    expect((found.number >>> 16) & 0x1fff).toBe(found.bytes)
  })

  it("are all here", () => {
    expect(Object.keys(PIPE_REQUESTS).sort()).toEqual(Object.keys(EXPECTED).sort())
  })
})

describe("classes by flags", () => {
  const NONE = { processes: false, sockets: false, users: false, files: false }

  it.each([
    ["processes", { processes: true }, "pc,ex", 0x4000_0080],
    ["sockets", { sockets: true }, "nt", 0x100],
    ["users", { users: true }, "lo,aa", 0x3000],
    ["files", { files: true }, "fc,fd,fw,fr,fa,fm", 0x3f],
    ["all", { processes: true, sockets: true, users: true, files: true }, null, 0x4000_31bf],
    ["none", {}, "", 0],
  ] as const)("%s", (_, wanted, names, mask) => {
    const classes = classesFor({ ...NONE, ...wanted })
    if (names !== null) expect(classes.join(",")).toBe(names)
    expect(maskOf(classes)).toBe(mask)
  })
})
