/** socket_events: directions, addresses in one form, blocked twins. */
import { describe, expect, it } from "vitest"
import { normaliseAddress } from "../../../../src/normalize/windows/ip-address.ts"
import { hasShared, oracleRecords } from "../../formats/windows/oracles.ts"
import { made, Reading, SECURITY, SYSMON } from "./rows-of.ts"

const FILTERED = {
  ProcessID: "1636",
  Application: "\\device\\harddiskvolume2\\windows\\system32\\dns.exe",
  Direction: "%%14593",
  SourceAddress: "192.0.2.1",
  SourcePort: "50000",
  DestAddress: "192.0.2.2",
  DestPort: "53",
  Protocol: "17",
}
const SEEN = {
  ProcessId: "4",
  Image: "C:\\a.exe",
  Protocol: "tcp",
  Initiated: "true",
  SourceIp: "192.0.2.1",
  SourcePort: "50000",
  DestinationIp: "192.0.2.2",
  DestinationPort: "443",
}

const filtered = (id: number, data: Record<string, string> = {}): string =>
  made({ provider: SECURITY, id, data: { ...FILTERED, ...data } })
const seen = (data: Record<string, string> = {}): string =>
  made({ provider: SYSMON, id: 3, data: { ...SEEN, ...data } })

/** action, event_type, local, remote */
const ends = (reading: Reading): unknown[] =>
  reading
    .rows("socket_events")
    .map((row) => [
      row.action,
      row.event_type,
      `${row.local_address} ${row.local_port}`,
      `${row.remote_address} ${row.remote_port}`,
    ])

describe("the filtering platform", () => {
  it("has the source as the local side of what goes out", () => {
    const reading = new Reading().event(filtered(5156))
    expect(ends(reading)).toEqual([["connect", "connect", "192.0.2.1 50000", "192.0.2.2 53"]])
    expect(reading.row("socket_events")).toMatchObject({
      ...{ pid: 1636, path: FILTERED.Application, family: 2, protocol: 17, success: 1, status: "succeeded" },
      ...{ fd: "", auid: null, socket: "", syscall: "", source: "windows", host: "web-1" },
    })
  })

  it("has the destination as the local side of what comes in", () => {
    const reading = new Reading().event(filtered(5156, { Direction: "%%14592" }))
    expect(ends(reading)).toEqual([["accept", "accept", "192.0.2.2 53", "192.0.2.1 50000"]])
  })

  it("may lack a direction", () => {
    const reading = new Reading().event(filtered(5152, { Direction: "-" }))
    expect(ends(reading)).toEqual([["", "undirected", "192.0.2.1 50000", "192.0.2.2 53"]])
  })

  it.each([
    [5152, "connect", 0],
    [5154, "listen", 1],
    [5155, "listen", 0],
    [5156, "connect", 1],
    [5157, "connect", 0],
    [5158, "bind", 1],
    [5159, "bind", 0],
  ])("%i is %s", (id, action, success) => {
    const row = new Reading().event(filtered(id)).row("socket_events")
    expect(row).toMatchObject({ action, success, status: success === 1 ? "succeeded" : "failed" })
  })

  it("spells the process in two ways", () => {
    const { ProcessID, ...data } = FILTERED
    const row = new Reading().event(
      made({ provider: SECURITY, id: 5152, data: { ...data, ProcessId: ProcessID } }),
    )
    expect(row.row("socket_events").pid).toBe(1636)
  })

  it("binds without a far side", () => {
    const data = {
      ProcessId: "4",
      Application: "System",
      SourceAddress: "::",
      SourcePort: "0",
      Protocol: "6",
    }
    const row = new Reading().event(made({ provider: SECURITY, id: 5158, data })).row("socket_events")
    expect(row).toMatchObject({ action: "bind", family: 10, local_address: "::", local_port: 0 })
    expect(row).toMatchObject({ remote_address: "", remote_port: null })
  })
})

describe("Sysmon", () => {
  it("connects and accepts over TCP", () => {
    const reading = new Reading().event(seen()).event(seen({ Initiated: "false" }))
    expect(ends(reading)).toEqual([
      ["connect", "connect", "192.0.2.1 50000", "192.0.2.2 443"],
      ["accept", "accept", "192.0.2.2 443", "192.0.2.1 50000"],
    ])
    expect(reading.rows("socket_events")[0]).toMatchObject({ protocol: 6, pid: 4, path: "C:\\a.exe" })
  })

  it("goes by the host's own addresses over UDP, once they are known", () => {
    const udp = { Protocol: "udp", Initiated: "false" }
    const reading = new Reading().event(seen(udp)).event(seen()).event(seen(udp))
    reading.event(seen({ ...udp, SourceIp: "192.0.2.9", DestinationIp: "192.0.2.1" }))
    expect(ends(reading).map((row) => (row as unknown[]).slice(0, 3))).toEqual([
      ["accept", "undirected", "192.0.2.1 50000"],
      ["connect", "connect", "192.0.2.1 50000"],
      ["accept", "accept", "192.0.2.1 50000"],
      ["accept", "accept", "192.0.2.1 443"],
    ])
  })
})

describe("an address", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1", 2],
    ["::ffff:192.0.2.1", "192.0.2.1", 2],
    ["0:0:0:0:0:ffff:c000:201", "192.0.2.1", 2],
    ["fe80:0:0:0:0:0:0:1", "fe80::1", 10],
    ["FE80::1%12", "fe80::1%12", 10],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", 10],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", 10],
    ["::", "::", 10],
    ["::1", "::1", 10],
    ["1::", "1::", 10],
    ["::192.0.2.1", "::c000:201", 10],
    ["256.0.2.1", "256.0.2.1", Number.NaN],
    ["1.2.3", "1.2.3", Number.NaN],
    ["1:2:3", "1:2:3", Number.NaN],
    ["1::2::3", "1::2::3", Number.NaN],
    ["1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:9", Number.NaN],
    ["web-2", "web-2", Number.NaN],
    ["", "", Number.NaN],
    [":".repeat(5000), ":".repeat(5000), Number.NaN],
  ])("%s", (given, text, family) => {
    expect(normaliseAddress(given)).toEqual({ text, family })
  })
})

describe.skipIf(!hasShared)("public logs (needs ../shared)", () => {
  it("have both sides of each connection of Sysmon", () => {
    let connections = 0
    for (const { file, xml, row } of oracleRecords()) {
      if (row.provider_name !== SYSMON || row.eventid !== 3) continue
      const data = (JSON.parse(row.data) as { EventData: Record<string, string> }).EventData
      const ours = new Reading().event(xml).row("socket_events")
      const [near, far] = data.Initiated === "true" ? ["Source", "Destination"] : ["Destination", "Source"]
      if (ours.event_type === "undirected") continue
      const ip = (side: string): string => normaliseAddress(data[`${side}Ip`] ?? "").text
      expect(ours, file).toMatchObject({
        ...{ action: data.Initiated === "true" ? "connect" : "accept", pid: Number(data.ProcessId) },
        ...{ local_address: ip(near ?? ""), local_port: Number(data[`${near}Port`]) },
        ...{ remote_address: ip(far ?? ""), remote_port: Number(data[`${far}Port`]) },
      })
      connections++
    }
    expect(connections).toBeGreaterThan(50)
  }, 120_000)
})
