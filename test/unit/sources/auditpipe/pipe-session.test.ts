import { describe, expect, it } from "vitest"
import { PipeSession } from "../../../../src/sources/auditpipe/pipe-session.ts"
import { FakeAuditPipe } from "../../../fake-devices/fake-audit-pipe.ts"

const MASK = 0xc000_0080

describe("an audit pipe", () => {
  it("is set up in the order in which nothing unwanted is queued", () => {
    const device = new FakeAuditPipe()
    new PipeSession(device).configure(MASK)
    expect(device.told).toEqual([
      ["setPreselectMode", 2],
      ["setQueueLimit", 1024],
      ["setPreselectFlags", MASK, MASK],
      ["setPreselectNaflags", MASK, MASK],
      ["flush"],
      ["setNonBlocking", 1],
    ])
  })

  it("without a mask keeps what auditd's flags select", () => {
    const device = new FakeAuditPipe()
    new PipeSession(device).configure(undefined)
    expect(device.told).toEqual([["setQueueLimit", 1024], ["flush"], ["setNonBlocking", 1]])
  })

  it("that does not tell its longest queue gets osquery's", () => {
    const device = new FakeAuditPipe()
    device.refused.set("getQueueLimitMax", "ENOTTY")
    new PipeSession(device).configure(undefined)
    expect(device.told[0]).toEqual(["setQueueLimit", 512])
  })

  it("that refuses its masks is an error", () => {
    const device = new FakeAuditPipe()
    device.refused.set("setPreselectNaflags", "EINVAL")
    expect(() => new PipeSession(device).configure(MASK)).toThrow("ioctl setPreselectNaflags: EINVAL")
  })

  it("tells its counters and its queue", () => {
    const device = new FakeAuditPipe()
    device.words.set("getInserts", 4_000_000_000).set("getDrops", 7).set("getTruncates", 1)
    device.words.set("getQueueLength", 12)
    const session = new PipeSession(device)
    expect(session.counters()).toEqual({ inserts: 4_000_000_000, drops: 7, truncates: 1 })
    expect(session.queue()).toEqual({ length: 12, limit: 1024 })
  })

  it("can be told to queue nothing more", () => {
    const device = new FakeAuditPipe()
    new PipeSession(device).deselect()
    expect(device.told).toEqual([
      ["setPreselectMode", 2],
      ["setPreselectFlags", 0, 0],
      ["setPreselectNaflags", 0, 0],
    ])
  })
})
