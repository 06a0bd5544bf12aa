/** The C library and the batches, against the route socket that every account may open: rtnetlink(7). */
import { closeSync, openSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { BatchReceiver } from "../../../../src/sources/audit/batch-receiver.ts"
import { loadLibc } from "../../../../src/sources/native/libc.ts"
import { loadCalls } from "../../../../src/sources/native/libc-calls.ts"
import { NativeError } from "../../../../src/sources/native/native-error.ts"

const isHere = process.platform === "linux" && (process.arch === "x64" || process.arch === "arm64")
const [AF_NETLINK, SOCK_RAW, NETLINK_ROUTE] = [16, 3, 0]
const [RTM_GETLINK, RTM_NEWLINK, NLMSG_DONE] = [18, 16, 3]

it.each([
  ["darwin", "arm64"],
  ["linux", "ia32"],
  ["win32", "x64"],
])("says that %s on %s has no such calls", (platform, arch) => {
  expect(() => loadCalls(platform, arch)).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }))
})

describe.skipIf(!isHere)(`libc${isHere ? "" : " (skipped: needs 64-bit Linux)"}`, () => {
  const libc = isHere ? loadLibc() : (undefined as never)

  it("throws errors that name the call and the reason", () => {
    const expected = { code: "EBADF", errno: 9, syscall: "close" }
    expect(() => libc.close(-1)).toThrow(expect.objectContaining(expected))
    expect(() => libc.close(-1)).toThrow(NativeError)
  })

  it("gives memory at an address that the kernel writes to", () => {
    const fd = openSync("/dev/zero", "r")
    const memory = libc.allocate(4096)
    memory.buffer.fill(7)
    expect(memory.address).toBeGreaterThan(0n)
    expect(memory.buffer.every((byte) => byte === 7)).toBe(true)
    closeSync(fd)
  })

  it("receives a batch, with lengths and senders", () => {
    const { fd, types } = dump(16 * 1024, (receiver, count) => {
      return Array.from({ length: count }, (_, index) => {
        expect(receiver.senderPid(index)).toBe(0)
        expect(receiver.isTruncated(index)).toBe(false)
        expect(receiver.length(index)).toBeGreaterThanOrEqual(16)
        return receiver.buffer.readUInt16LE(receiver.start(index) + 4)
      })
    })
    expect(types[0]).toBe(RTM_NEWLINK)
    expect(types.at(-1)).toBe(NLMSG_DONE)
    libc.close(fd)
  })

  it("tells that a message did not fit", () => {
    const { fd, types } = dump(32, (receiver) => [receiver.isTruncated(0) ? receiver.length(0) : -1])
    expect(types).toContain(32)
    libc.close(fd)
  })

  it("returns when nothing comes", () => {
    const fd = libc.socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)
    libc.bindNetlink(fd, 0)
    expect(libc.netlinkPort(fd)).toBeGreaterThan(0)
    expect(new BatchReceiver(fd, { messages: 4, messageBytes: 64 }).receive(10)).toBe(0)
    libc.close(fd)
  })

  function dump(messageBytes: number, read: (receiver: BatchReceiver, count: number) => readonly number[]) {
    const fd = libc.socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)
    libc.bindNetlink(fd, 0)
    const request = Buffer.alloc(32)
    request.writeUInt32LE(32, 0)
    request.writeUInt16LE(RTM_GETLINK, 4)
    request.writeUInt16LE(0x301, 6)
    libc.sendToKernel(fd, request)
    const receiver = new BatchReceiver(fd, { messages: 4, messageBytes })
    const types: number[] = []
    for (let count = receiver.receive(500); count > 0; count = receiver.receive(50)) {
      types.push(...read(receiver, count))
    }
    return { fd, types }
  }
})
