import { describe, expect, it } from "vitest"
import { socketAddressHex } from "../../../../../src/formats/linux-audit/framing/laurel-sockaddr.ts"
import { decodeSockaddr } from "../../../../../src/formats/linux-audit/sockaddr.ts"

function decode(members: Record<string, unknown>) {
  const hex = socketAddressHex(new Map(Object.entries(members)))
  return hex === null ? null : decodeSockaddr(Buffer.from(hex), 0, hex.length)
}

describe("a socket address that laurel took apart", () => {
  it("is the structure again, byte for byte", () => {
    const members = new Map<string, unknown>([
      ["saddr_fam", "inet"],
      ["addr", "127.0.0.1"],
      ["port", 53],
    ])
    expect(socketAddressHex(members)).toBe("020000357F0000010000000000000000")
  })

  it.each<[Record<string, unknown>, object]>([
    [
      { saddr_fam: "inet6", addr: "2001:db8::7", port: 443 },
      { family: 10, address: "2001:db8::7", port: 443 },
    ],
    [
      { saddr_fam: "inet6", addr: "::", port: 1 },
      { family: 10, address: "::", port: 1 },
    ],
    [{ saddr_fam: "inet6", addr: "1:2:3:4:5:6:7:8", port: 1 }, { address: "1:2:3:4:5:6:7:8" }],
    [{ saddr_fam: "inet6", addr: "::ffff:192.0.2.1", port: 1 }, { address: "::ffff:192.0.2.1" }],
    [
      { saddr_fam: "inet6", addr: "fe80::1", port: 1, scope_id: 2 },
      { address: "fe80::1", scope: 2 },
    ],
    [
      { saddr_fam: "local", path: "/run/a%20b" },
      { family: 1, path: Buffer.from("/run/a b"), isAbstract: false },
    ],
    [
      { saddr_fam: "local", path: "%00x%00y" },
      { family: 1, path: Buffer.from("x\0y"), isAbstract: true },
    ],
    [
      { saddr_fam: "local", path: "" },
      { family: 1, path: Buffer.alloc(0), isAbstract: false },
    ],
    [
      { saddr_fam: "netlink", pid: 7, groups: "0x1" },
      { family: 16, port: 7 },
    ],
    [
      { saddr_fam: "vsock", cid: 3, port: 5000 },
      { family: 40, address: "3", port: 5000 },
    ],
  ])("%j", (members, expected) => {
    expect(decode(members)).toMatchObject(expected)
  })

  it.each<[Record<string, unknown>]>([
    [{}],
    [{ saddr_fam: "inet" }],
    [{ saddr_fam: "inet", addr: "1.2.3", port: 1 }],
    [{ saddr_fam: "inet", addr: "1.2.3.4", port: 65536 }],
    [{ saddr_fam: "inet", addr: "1.2.3.4", port: -1 }],
    [{ saddr_fam: "inet6", addr: "fe80::1%eth0", port: 1 }],
    [{ saddr_fam: "vsock", cid: 1e300, port: 1 }],
    [{ saddr_fam: "local", path: 7 }],
    [{ saddr_fam: "x25", addr: "1" }],
  ])("%j is none", (members) => {
    expect(decode(members)).toBeNull()
  })
})
