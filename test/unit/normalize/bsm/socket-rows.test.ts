/** socket_events of every call that names an address. */
import { expect, it } from "vitest"
import { argument, inet, inet6, pair, path, record, returns, subject, unix } from "./made.ts"
import { Reading, type Row } from "./rows-of.ts"

const CONNECT = 32
const ACCEPT = 33
const BIND = 34
const LISTEN = 43_140
const V6 = "20010db8000000000000000000000002"
const ANY6 = "00000000000000000000000000000000"
const MAPPED = "00000000000000000000ffffc0000207"

function one(
  event: number,
  tokens: readonly Buffer[],
  platform: "macos" | "freebsd" | "unknown" = "macos",
): Row {
  return new Reading(platform).read(record(event, [argument(1, 11), ...tokens])).row("socket_events")
}

it("a connect names the peer", () => {
  expect(one(CONNECT, [inet("192.0.2.7", 443), subject(), returns()])).toMatchObject({
    action: "connect",
    pid: 100,
    fd: "b",
    auid: 501,
    family: 2,
    protocol: null,
    local_address: "",
    local_port: null,
    remote_address: "192.0.2.7",
    remote_port: 443,
    socket: "",
    success: 1,
    status: "succeeded",
    event_type: "connect",
    syscall: "connect",
    source: "openbsm",
  })
})

it("a bind names the own side, any address too", () => {
  const own = { local_address: "0.0.0.0", local_port: 123, remote_address: "", remote_port: null }
  expect(one(BIND, [inet("0.0.0.0", 123), subject(), returns()])).toMatchObject({ action: "bind", ...own })
  expect(one(BIND, [inet6(ANY6, 0), subject(), returns()])).toMatchObject({ local_address: "::", family: 10 })
})

it.each([26, 28, 30, 10])("IPv6 is IPv6 under the number %i", (family) => {
  expect(one(CONNECT, [inet6(V6, 443, family), subject(), returns()], "freebsd")).toMatchObject({
    family: 10,
    remote_address: "2001:db8::2",
    remote_port: 443,
  })
})

it("the port behind an IPv6 address is swapped on macOS, and only there", () => {
  const port = (platform: "macos" | "freebsd" | "unknown", tokens: Buffer): unknown =>
    one(CONNECT, [tokens, subject(), returns()], platform).remote_port
  expect(port("macos", inet6(V6, 0xbb01))).toBe(443)
  expect(port("freebsd", inet6(V6, 443))).toBe(443)
  expect(port("unknown", inet6(V6, 443))).toBe(443)
  expect(port("macos", inet("192.0.2.7", 443))).toBe(443)
  expect(one(CONNECT, [inet6(MAPPED, 0), subject(), returns()]).remote_address).toBe("::ffff:192.0.2.7")
})

it.each([
  [CONNECT, 0, "succeeded", 1],
  [CONNECT, 150, "in_progress", 1],
  [CONNECT, 146, "failed", 0],
  [BIND, 150, "failed", 0],
  [ACCEPT, 11, "no_client", 1],
  [CONNECT, 11, "failed", 0],
])("event %i with the error %i: %s", (event, error, status, success) => {
  expect(one(event, [inet("192.0.2.7", 1), subject(), returns(error)])).toMatchObject({ status, success })
})

it("without a result neither success nor failure is claimed", () => {
  expect(one(CONNECT, [inet("192.0.2.7", 1), subject()])).toMatchObject({ status: "", success: null })
})

it("accept has the peer or nothing, listen has no address", () => {
  const accepted = one(ACCEPT, [inet("192.0.2.9", 40_001), subject(), returns(0, 5)])
  expect(accepted).toMatchObject({
    action: "accept",
    remote_address: "192.0.2.9",
    remote_port: 40_001,
    fd: "b",
  })
  expect(one(ACCEPT, [subject(), returns(0, 5)])).toMatchObject({ family: null, remote_address: "" })
  expect(one(LISTEN, [subject(), returns()])).toMatchObject({
    action: "listen",
    syscall: "listen",
    family: null,
  })
})

it("a unix socket has the path as resolved", () => {
  const given = one(CONNECT, [unix("log"), subject(), returns()])
  expect(given).toMatchObject({ family: 1, socket: "log", remote_address: "", remote_port: null })
  expect(one(CONNECT, [unix("log"), path("/var/run/log"), subject(), returns()]).socket).toBe("/var/run/log")
})

it("a token with both ends fills both", () => {
  expect(one(CONNECT, [pair("192.0.2.1", 4000, "192.0.2.2", 80), subject(), returns()])).toMatchObject({
    family: 2,
    local_address: "192.0.2.1",
    local_port: 4000,
    remote_address: "192.0.2.2",
    remote_port: 80,
  })
})

it("connectat has the descriptor of the socket, not of the directory", () => {
  const tokens = [argument(1, 5), argument(2, 0xffff_ff9c, "atfd"), unix("s"), subject(), returns()]
  const row = new Reading("freebsd").read(record(43_208, tokens)).row("socket_events")
  expect(row).toMatchObject({ action: "connect", syscall: "connectat", fd: "5", socket: "s" })
})

it("the same number is another call on macOS", () => {
  const tokens = [argument(1, 5), path("/srv/demo/x"), subject(), returns()]
  const read = (platform: "macos" | "unknown"): string[] =>
    new Reading(platform).read(record(43_208, tokens)).sink.rows.map(({ table }) => table)
  expect(read("macos")).toEqual(["process_file_events"])
  expect(read("unknown")).toEqual([])
})

it.each([
  [184, "sendto"],
  [188, "sendmsg"],
  [190, "recvmsg"],
  [191, "recvfrom"],
])("event %i is a row when it names an address", (event, action) => {
  const silent = record(event, [argument(1, 3), subject(), returns()])
  const telling = record(event, [argument(1, 3), inet("192.0.2.7", 53), subject(), returns()])
  const row = new Reading().read(silent, telling).row("socket_events")
  expect(row).toMatchObject({ action, remote_address: "192.0.2.7", remote_port: 53 })
})
