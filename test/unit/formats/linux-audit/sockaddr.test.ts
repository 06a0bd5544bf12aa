/** Socket structures of every family, whole, short and damaged. */
import { isIPv6 } from "node:net"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { formatSockaddr } from "../../../../src/formats/linux-audit/interpret/socket-text.ts"
import { decodeSockaddr, readSockaddr } from "../../../../src/formats/linux-audit/sockaddr.ts"

function decode(hex: string) {
  const bytes = Buffer.from(`<${hex}>`)
  return decodeSockaddr(bytes, 1, bytes.length - 1)
}

describe("decodeSockaddr", () => {
  it.each([
    ["inet", "020000167F0000010000000000000000", { family: 2, address: "127.0.0.1", port: 22 }],
    [
      "inet of a big-endian host",
      "000200167F000001",
      { family: 2, isBigEndian: true, address: "127.0.0.1", port: 22 },
    ],
    [
      "inet6",
      "0A0000160000000000000000000000000000000000000001000000 00".replace(" ", ""),
      { family: 10, address: "::1", port: 22 },
    ],
    [
      "inet6 with scope",
      "0A00005000000000FE80000000000000000000000000000102000000",
      { address: "fe80::1", scope: 2 },
    ],
    [
      "inet6 of 24 bytes",
      "0A0000500000000020010DB8000000000001000000000001",
      { address: "2001:db8::1:0:0:1", scope: 0 },
    ],
    [
      "mapped IPv4",
      "0A0000500000000000000000000000000000FFFF0A00000100000000",
      { address: "::ffff:10.0.0.1" },
    ],
    ["any", "0A000050000000000000000000000000000000000000000000000000", { address: "::" }],
    ["netlink", "100000000700000000000000", { family: 16, port: 7 }],
    [
      "packet",
      "11000003020000000100000652540012345600",
      { family: 17, port: 3, scope: 2, address: "52:54:00:12:34:56" },
    ],
    ["vsock", "28000000010400000300000000000000", { family: 40, port: 1025, address: "3" }],
    [
      "IPX",
      "0400045300000001020304050607",
      { family: 4, port: 0x453, address: "00000001.02:03:04:05:06:07" },
    ],
    ["AX.25", "03009C60868298988600000000000000", { family: 3, address: "N0CALL-3" }],
    ["ATM", "080000000100020003000000", { family: 8, address: "1.2.3" }],
    ["X.25", "0900313233343500", { family: 9, address: "12345" }],
    ["TIPC", "1E000100 01000000 02000000 02000000".replaceAll(" ", ""), { family: 30, address: "1:2" }],
    ["XDP", "2C000000 03000000 01000000 00000000".replaceAll(" ", ""), { family: 44, scope: 3, port: 1 }],
    [
      "ALG",
      `2600${Buffer.from("hash".padEnd(14, "\0")).toString("hex")}0000000000000000${Buffer.from("sha1\0").toString("hex")}`,
      { family: 38, address: "hash:sha1" },
    ],
    ["disconnect", "00000000", { family: 0, isShort: false, address: "" }],
    ["too short", "0200", { family: 2, isShort: true }],
    ["one byte", "02", { family: -1, isShort: true }],
    ["nothing", "", { family: -1, isShort: true }],
  ])("%s", (_, hex, expected) => expect(decode(hex)).toMatchObject(expected))

  it.each([
    ["a path ends at its NUL", "01002F746D702F7300FF01", "/tmp/s", false],
    ["a path may fill the structure", "01002F746D702F73", "/tmp/s", false],
    ["an abstract name holds NULs", "0100006100620000", "a\0b\0\0", true],
    ["an unnamed socket", "0100", "", false],
    ["bytes that are not UTF-8", "01002FFF", "/\xff", false],
  ])("unix: %s", (_, hex, path, isAbstract) => {
    expect(decode(hex)).toMatchObject({ family: 1, isAbstract })
    expect(decode(hex)?.path.latin1Slice()).toBe(path)
  })

  it.each(["020", "02ZZ", `02${"00".repeat(128)}`])("is no structure: %s", (hex) =>
    expect(decode(hex)).toBeUndefined(),
  )

  it("never throws, and reads what Node takes for IPv6", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 130 }), (bytes) => {
        expect(() => formatSockaddr(Buffer.from(bytes))).not.toThrow()
      }),
    )
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 0xab), { minLength: 24, maxLength: 24 }), (bytes) => {
        const { address } = readSockaddr(Buffer.from([10, 0, ...bytes.slice(2)]))
        expect(isIPv6(address), address).toBe(true)
        expect(new URL(`http://[${address}]/`).hostname.length).toBeGreaterThan(0)
      }),
    )
  })
})
