import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { essence, hasShared, runFramer, SHARED, WITHOUT_SHARED } from "./run-framer.ts"

const BODY = 'arch=c000003e syscall=59 comm="x"'

interface FrameShape {
  type?: number
  text?: string
  /** What nlmsg_len counts beyond the payload. */
  counted?: number
  hasOuter?: boolean
}

function frame({
  type = 1300,
  text = `audit(1.002:3): ${BODY}`,
  counted = 0,
  hasOuter = true,
}: FrameShape = {}): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32LE(text.length + counted, 0)
  header.writeUInt16LE(type, 4)
  const message = Buffer.concat([header, Buffer.from(text, "latin1")])
  if (!hasOuter) return Buffer.concat([message, Buffer.alloc((4 - (message.length % 4)) % 4)])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(message.length)
  return Buffer.concat([length, message])
}

describe("netlink frames", () => {
  it.each([
    ["with outer length, nlmsg_len of the payload", {}],
    ["with outer length, nlmsg_len of all", { counted: 16 }],
    ["with outer length, nlmsg_len of neither", { counted: 5 }],
    ["without outer length, nlmsg_len of the payload", { hasOuter: false }],
    ["without outer length, nlmsg_len of all", { hasOuter: false, counted: 16 }],
  ])("are read %s", (_what, shape) => {
    const bytes = Buffer.concat([frame(shape), frame({ ...shape, type: 1320, text: "audit(1.002:3): " })])
    const { records, problems, foreign } = runFramer("netlink", bytes)
    expect(
      records.map((record) => [record.type, record.sec, record.nsec, record.serial, record.body]),
    ).toEqual([
      [1300, 1, 2_000_000, 3, BODY],
      [1320, 1, 2_000_000, 3, ""],
    ])
    expect(records[1]?.offset).toBe(frame(shape).length)
    expect([problems, foreign]).toEqual([[], []])
  })

  it("lose a trailing NUL and line end", () => {
    const { records } = runFramer("netlink", frame({ text: `audit(1.002:3): ${BODY}\n\0` }))
    expect(records[0]?.body).toBe(BODY)
  })

  it("that answer requests are foreign", () => {
    const reply = frame({ type: 1000, text: "\x01\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0" })
    const { records, problems, foreign } = runFramer("netlink", Buffer.concat([frame(), reply, frame()]))
    expect(records).toHaveLength(2)
    expect(problems).toEqual([])
    expect(foreign).toEqual([[frame().length, reply.length]])
  })

  it("are found again after damage, which is one problem", () => {
    const bad = frame()
    bad.writeUInt32LE(0xffff_fff0, 0)
    const good = frame()
    const bytes = Buffer.concat([good, bad, Buffer.from("noise audit( noise"), good, bad.subarray(0, 30)])
    const { records, problems } = runFramer("netlink", bytes)
    expect(records).toHaveLength(2)
    expect(
      problems.map((problem) => [problem.code, problem.severity, problem.offset, problem.length]),
    ).toEqual([
      ["linux-audit/bad-frame", "error", good.length, bad.length + 18],
      ["linux-audit/bad-frame", "error", good.length * 2 + bad.length + 18, 30],
    ])
  })

  it("with an unreadable stamp are rejected", () => {
    const { records, problems } = runFramer(
      "netlink",
      Buffer.concat([frame({ text: "audit(x.002:3): a=b" }), frame()]),
    )
    expect(records).toHaveLength(1)
    expect(problems).toMatchObject([
      {
        code: "linux-audit/bad-header",
        offset: 0,
        length: 39,
        expected: "seconds since 1970",
        found: "x.002:3): a=b",
      },
    ])
  })
})

describe.skipIf(!hasShared)(
  `the recorded socket against the log of the same records ${WITHOUT_SHARED}`,
  () => {
    it("gives the same 18,556 records", () => {
      const real = path.join(SHARED, "real")
      const netlink = runFramer("netlink", readFileSync(path.join(real, "netlink.bin")))
      const log = runFramer("auditd", readFileSync(path.join(real, "audit.with-eoe.log")))
      expect([netlink.problems, netlink.foreign]).toEqual([[], []])
      expect(netlink.records).toHaveLength(18_556)
      const asLogged = netlink.records.map((record) =>
        essence({ ...record, body: record.body.replaceAll("\n", " ") }),
      )
      expect(asLogged).toEqual(log.records.map(essence))
    })
  },
)
