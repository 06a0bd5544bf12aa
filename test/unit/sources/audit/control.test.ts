import { describe, expect, it } from "vitest"
import { AuditControl } from "../../../../src/sources/audit/control.ts"
import type { AuditSocket } from "../../../../src/sources/audit/netlink.ts"
import { decodeStatus, encodeChange } from "../../../../src/sources/audit/status.ts"
import { keyedRule } from "./rules.ts"

interface Sent {
  readonly type: number
  readonly payload: Buffer
  readonly flags: number
}

function frame(type: number, sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32LE(16 + payload.length, 0)
  header.writeUInt16LE(type, 4)
  header.writeUInt32LE(sequence, 8)
  return Buffer.concat([header, payload])
}

const words = (...values: readonly number[]) => Buffer.from(Int32Array.from(values).buffer)
const ack = (sequence: number, errno = 0) => frame(2, sequence, words(-errno, 0, 0, 0, 0))
const record = frame(1300, 0, Buffer.from("audit(1700000000.000:1): demo"))

/** A socket that answers each request with the frames that `answer` makes. */
function socketThat(
  answer: (sequence: number, sent: Sent) => readonly Buffer[],
): AuditSocket & { sent: Sent[] } {
  const sent: Sent[] = []
  const waiting: Buffer[] = []
  return {
    fd: 3,
    portId: 1,
    receiveBufferBytes: 0,
    sent,
    send(type, payload, flags) {
      sent.push({ type, payload: Buffer.from(payload), flags })
      waiting.push(...answer(sent.length, { type, payload: Buffer.from(payload), flags }))
      return sent.length
    },
    receive: () => waiting.shift() ?? null,
    close: () => {},
  }
}

describe("AuditControl", () => {
  it("reads the status of every kernel", () => {
    const values = [0, 1, 1, 77, 5, 64, 9, 3, 127, 15000, 12]
    const full = socketThat((sequence) => [
      record,
      ack(sequence + 100, 1),
      ack(sequence),
      frame(1000, sequence, words(...values)),
    ])
    expect(new AuditControl(full).status()).toEqual({
      mask: 0,
      enabled: 1,
      failure: 1,
      pid: 77,
      rateLimit: 5,
      backlogLimit: 64,
      lost: 9,
      backlog: 3,
      featureBitmap: 127,
      backlogWaitTime: 15000,
      backlogWaitTimeActual: 12,
    })
    const old = socketThat((sequence) => [frame(1000, sequence, words(...values.slice(0, 8)))])
    expect(new AuditControl(old).status()).toMatchObject({
      lost: 9,
      featureBitmap: null,
      backlogWaitTime: null,
      backlogWaitTimeActual: null,
    })
    expect(decodeStatus(Buffer.alloc(31))).toBeNull()
  })

  it("sets just what it is told to, and waits for its own acknowledgement", () => {
    const socket = socketThat((sequence) => [ack(sequence - 1, 1), record, ack(sequence)])
    new AuditControl(socket).set({ enabled: 1, backlogWaitTime: 7 })
    expect(socket.sent).toEqual([
      { type: 1001, payload: words(0x21, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0), flags: 4 },
    ])
    expect(encodeChange({ pid: 0 })).toEqual(words(4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
  })

  it("throws what the kernel refused, by name, and what it did not answer", () => {
    const refusing = new AuditControl(socketThat((sequence) => [ack(sequence, 17)]))
    const expected = { code: "EEXIST", errno: 17, syscall: "AUDIT_ADD_RULE" }
    expect(() => refusing.addRule(keyedRule(59, "a"))).toThrow(expect.objectContaining(expected))
    const denying = new AuditControl(socketThat((sequence) => [ack(sequence, 1)]))
    expect(() => denying.status()).toThrow(expect.objectContaining({ code: "EPERM", syscall: "AUDIT_GET" }))
    const silent = new AuditControl(socketThat((sequence) => [ack(sequence + 1)]))
    expect(() => silent.release()).toThrow(expect.objectContaining({ code: "ETIMEDOUT" }))
  })

  it("lists rules to the end of the list, with their bytes", () => {
    const rules = [keyedRule(59, "a"), keyedRule(42, "b")]
    const listing = socketThat((sequence) => [
      frame(1013, sequence, rules[0]?.raw ?? Buffer.alloc(0)),
      record,
      frame(1013, sequence, Buffer.concat([rules[1]?.raw ?? Buffer.alloc(0), Buffer.alloc(3)])),
      frame(3, sequence, words(0)),
    ])
    expect(new AuditControl(listing).listRules()).toEqual(rules)
  })

  it("deletes a rule as the kernel keeps it, though it was added at the front", () => {
    const rule = keyedRule(59, "a")
    const front = Buffer.from(rule.raw)
    front.writeUInt32LE(0x14, 0)
    const socket = socketThat((sequence) => [ack(sequence)])
    new AuditControl(socket).deleteRule({ ...rule, isPrepended: true, raw: front })
    expect(socket.sent[0]?.payload).toEqual(rule.raw)
  })

  it("registers on the reader's socket and keeps the records that come before the answer", () => {
    const control = socketThat(() => [])
    const reader = socketThat((sequence, { flags }) => (flags === 0 ? [] : [record, ack(sequence)]))
    const audit = new AuditControl(control)
    expect(audit.registerReader(reader)).toEqual([record])
    audit.registerReaderUnacknowledged(reader)
    const payload = encodeChange({ pid: process.pid })
    expect(reader.sent).toEqual([
      { type: 1001, payload, flags: 4 },
      { type: 1001, payload, flags: 0 },
    ])
    expect(control.sent).toEqual([])
  })
})
