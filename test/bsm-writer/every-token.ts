/** Every token in every width beside what a reader must make of it. */
import { u8, u32 } from "./bytes.ts"
import * as tokens from "./tokens.ts"

export interface TokenSample {
  readonly bytes: Buffer
  readonly json: Readonly<Record<string, unknown>> & { readonly token: string }
}

const UUID = Buffer.from("00112233445566778899aabbccddeeff", "hex")
const UUID_TEXT = "00112233-4455-6677-8899-aabbccddeeff"
const ENDS = { local: "192.0.2.1", localPort: 50_000, remote: "198.51.100.7", remotePort: 443 }
const ENDS6 = { local: "2001:db8::1", localPort: 50_000, remote: "2001:db8::2", remotePort: 443 }
const IDS = { auid: 4_294_967_295, euid: 0, egid: 1, ruid: 501, rgid: 20, pid: 77, sid: 100_007 }
const NODE = "1152921500312525701"
const ATTRIBUTES = { mode: 33_261, uid: 0, gid: 0, fsid: 16_777_220, nodeid: NODE }

const sample = (bytes: Buffer, token: string, fields: Readonly<Record<string, unknown>>): TokenSample => ({
  bytes,
  json: { token, ...fields },
})

const WHO: readonly TokenSample[] = [
  ["subject", tokens.subject],
  ["process", tokens.processToken],
].flatMap(([name, write]) => {
  const make = write as typeof tokens.subject
  const port = 0x1000_0000_0003n
  const v4 = "192.0.2.9"
  const v6 = "2001:db8::9"
  return [
    sample(make({ ...IDS, port: 7, address: v4 }), `${name}32`, { ...IDS, tid_port: 7, tid_addr: v4 }),
    sample(make({ ...IDS, port: 7, address: v4 }, "32ex"), `${name}32_ex`, {
      ...IDS,
      tid_port: 7,
      tid_type: 4,
      tid_addr: v4,
    }),
    sample(make({ ...IDS, port: 7, address: v6 }, "32ex"), `${name}32_ex`, {
      ...IDS,
      tid_port: 7,
      tid_type: 16,
      tid_addr: v6,
    }),
    sample(make({ ...IDS, port, address: v4 }, "64"), `${name}64`, {
      ...IDS,
      tid_port: Number(port),
      tid_addr: v4,
    }),
    sample(make({ ...IDS, port, address: v4 }, "64ex"), `${name}64_ex`, {
      ...IDS,
      tid_port: Number(port),
      tid_type: 4,
      tid_addr: v4,
    }),
    sample(make({ ...IDS, port: 2n ** 64n - 1n, address: v6 }, "64ex"), `${name}64_ex`, {
      ...IDS,
      tid_port: "18446744073709551615",
      tid_type: 16,
      tid_addr: v6,
    }),
  ]
})

const CALLS: readonly TokenSample[] = [
  sample(tokens.arg32(1, 0xffff_ffff, "fd"), "arg32", { num: 1, value: 4_294_967_295, text: "fd" }),
  sample(tokens.arg64(2, 2n ** 53n - 1n, "addr"), "arg64", {
    num: 2,
    value: Number.MAX_SAFE_INTEGER,
    text: "addr",
  }),
  sample(tokens.arg64(2, 2n ** 53n, "addr"), "arg64", { num: 2, value: "9007199254740992", text: "addr" }),
  sample(tokens.returns32(), "return32", { status: 0, value: 0 }),
  sample(tokens.returns32(2, 0xffff_ffff), "return32", { status: 2, value: 4_294_967_295, error: "ENOENT" }),
  sample(tokens.returns64(13, 2n ** 64n - 1n), "return64", {
    status: 13,
    value: "18446744073709551615",
    error: "EACCES",
  }),
  sample(tokens.returns32(75, 1), "return32", { status: 75, value: 1 }),
  sample(tokens.exit(256, 1), "exit", { status: 256, ret: 1 }),
  sample(tokens.sequence(65), "seq", { seq: 65 }),
  sample(tokens.argUuid(3, UUID, "uuid"), "arg_uuid", { num: 3, uuid: UUID_TEXT, text: "uuid" }),
  sample(tokens.returnUuid(4, UUID, "uuid"), "return_uuid", { num: 4, uuid: UUID_TEXT, text: "uuid" }),
  sample(tokens.units(3, 1, 2, Buffer.from("41424344", "hex")), "data", {
    print: 3,
    unit: 1,
    count: 2,
    hex: "41424344",
  }),
  sample(tokens.units(0, 3, 1, Buffer.from("0011223344556677", "hex")), "data", {
    print: 0,
    unit: 3,
    count: 1,
    hex: "0011223344556677",
  }),
]

const TEXTS: readonly TokenSample[] = [
  sample(tokens.path("/srv/demo/a b"), "path", { path: "/srv/demo/a b" }),
  sample(tokens.path(Buffer.from("2f747970e90a", "hex")), "path", { path: "/typ\\xE9\n" }),
  sample(tokens.text('say "hi" \\ \u{1f600}'), "text", { text: 'say "hi" \\ \u{1f600}' }),
  sample(tokens.text(""), "text", { text: "" }),
  sample(tokens.text("a\0b"), "text", { text: "a\\x00b" }),
  sample(tokens.opaque(Buffer.from([0, 255, 16])), "opaque", { hex: "00ff10" }),
  sample(tokens.zonename("jail1"), "zonename", { zone: "jail1" }),
  sample(tokens.xatom("WM_CLASS"), "xatom", { atom: "WM_CLASS" }),
  sample(tokens.execArgs(["ls", "-l", ""]), "exec_args", { count: 3, strings: ["ls", "-l", ""] }),
  sample(tokens.execArgs([]), "exec_args", { count: 0, strings: [] }),
  sample(tokens.execEnv(["A=1", "B=\u00e9"]), "exec_env", { count: 2, strings: ["A=1", "B=\u00e9"] }),
  sample(tokens.xatpath("a", "b"), "xatpath", { count: 2, strings: ["a", "b"] }),
  sample(tokens.krb5Principal("alice@EXAMPLE.ORG"), "krb5_principal", {
    count: 1,
    strings: ["alice@EXAMPLE.ORG"],
  }),
  sample(tokens.certHash("aa", "bb"), "cert_hash", { count: 2, strings: ["aa", "bb"] }),
  sample(tokens.cmd(["ls", "-l"], ["A=1"]), "cmd", { args: ["ls", "-l"], env: ["A=1"] }),
  sample(tokens.file32("/var/audit/a", 1_700_000_001, 5), "file32", {
    sec: 1_700_000_001,
    msec: 5,
    name: "/var/audit/a",
  }),
  sample(tokens.file64("/var/audit/b", 1_700_000_001, 5), "file64", {
    sec: 1_700_000_001,
    msec: 5,
    name: "/var/audit/b",
  }),
]

const RIGHTS: readonly TokenSample[] = [
  sample(tokens.attr({ dev: 9 }), "attr", { ...ATTRIBUTES, dev: 9 }),
  sample(tokens.attr32({ dev: 9 }), "attr32", { ...ATTRIBUTES, dev: 9 }),
  sample(tokens.attr64({ dev: 2n ** 40n }), "attr64", { ...ATTRIBUTES, dev: 2 ** 40 }),
  sample(tokens.ipc(2, 17), "ipc", { type: 2, id: 17 }),
  sample(tokens.ipcPerm(1, 2, 3, 4, 0o660, 6, 7), "ipc_perm", {
    uid: 1,
    gid: 2,
    cuid: 3,
    cgid: 4,
    mode: 432,
    seq: 6,
    key: 7,
  }),
  sample(tokens.groups([20, 12]), "groups", { list: [20, 12, ...Array.from({ length: 14 }, () => 0)] }),
  sample(tokens.newgroups([]), "newgroups", { list: [] }),
  sample(tokens.newgroups(Array.from({ length: 40 }, (_, at) => at)), "newgroups", {
    list: Array.from({ length: 40 }, (_, at) => at),
  }),
  sample(tokens.privset("Effective", "basic"), "privset", { type: "Effective", privs: "basic" }),
  sample(tokens.upriv(1, "proc_exec"), "upriv", { success: 1, priv: "proc_exec" }),
  sample(tokens.liaison(5), "liaison", { value: 5 }),
  sample(tokens.identity({ teamId: "TEAM000001" }), "identity", {
    signer_type: 1,
    signing_id: "com.example.tool",
    signing_id_trunc: 0,
    team_id: "TEAM000001",
    team_id_trunc: 0,
    cdhash: "00112233445566778899aabbccddeeff01234567",
  }),
  sample(
    tokens.identity({ type: 0, signingId: "", isSigningIdCut: true, isTeamIdCut: true, cdhash: "" }),
    "identity",
    {
      signer_type: 0,
      signing_id: "",
      signing_id_trunc: 1,
      team_id: "",
      team_id_trunc: 1,
      cdhash: "",
    },
  ),
]

const NETWORK: readonly TokenSample[] = [
  sample(tokens.inAddr("192.0.2.1"), "in_addr", { addr: "192.0.2.1" }),
  sample(tokens.host("192.0.2.1"), "host", { addr: "192.0.2.1" }),
  sample(tokens.inAddrEx("192.0.2.1"), "in_addr_ex", { type: 4, addr: "192.0.2.1" }),
  sample(tokens.inAddrEx("2001:db8::1"), "in_addr_ex", { type: 16, addr: "2001:db8::1" }),
  sample(tokens.iport(8080), "iport", { port: 8080 }),
  sample(tokens.ip("192.0.2.1", "192.0.2.2"), "ip", {
    vhl: 0x45,
    tos: 16,
    len: 84,
    id: 21_624,
    offset: 16_384,
    ttl: 64,
    proto: 6,
    cksum: 48_879,
    src: "192.0.2.1",
    dst: "192.0.2.2",
  }),
  sample(tokens.sockinet32("192.0.2.1", 53), "sockinet32", { family: 2, port: 53, addr: "192.0.2.1" }),
  sample(tokens.sockinet128("2001:db8::1", 0xbb01), "sockinet128", {
    family: 26,
    port: 0xbb01,
    addr: "2001:db8::1",
  }),
  sample(tokens.sockunix("/var/run/x"), "sockunix", { family: 1, path: "/var/run/x" }),
  sample(tokens.sockunix("n".repeat(107)), "sockunix", { family: 1, path: "n".repeat(107) }),
  sample(tokens.socket(2, ENDS), "socket", {
    type: 2,
    lport: 50_000,
    laddr: "192.0.2.1",
    rport: 443,
    raddr: "198.51.100.7",
  }),
  sample(tokens.socketEx(2, 2, ENDS), "socket_ex", {
    domain: 2,
    type: 2,
    addr_type: 4,
    lport: 50_000,
    laddr: "192.0.2.1",
    rport: 443,
    raddr: "198.51.100.7",
  }),
  sample(tokens.socketEx(26, 1, ENDS6), "socket_ex", {
    domain: 26,
    type: 1,
    addr_type: 16,
    lport: 50_000,
    laddr: "2001:db8::1",
    rport: 443,
    raddr: "2001:db8::2",
  }),
]

export const EVERY_TOKEN: readonly TokenSample[] = [...WHO, ...CALLS, ...TEXTS, ...RIGHTS, ...NETWORK]

/** Ids without a public layout, and what a reader keeps of them. */
export const RAW_TOKENS: readonly TokenSample[] = [0x12, 0x30, 0x33, 0x35, 0x3f, 0x41, 0x83, 0xfe].map(
  (id) => {
    const bytes = tokens.unknown(id, Buffer.concat([u32(0xdead_beef), u8(id)]))
    return sample(bytes, "raw", { why: "unknown-token", hex: bytes.toString("hex") })
  },
)
