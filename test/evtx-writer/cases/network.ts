/** Connections as the filtering platform and Sysmon tell them, and names that were looked up. */
import { type Fields, securityEvent, sysmonEvent } from "../events.ts"
import { evtxFile } from "../file.ts"
import { bool, guid, sid, uint16, uint32, uint64, unicode } from "../value.ts"
import { type EvtxCase, row } from "./case.ts"

const FILTERING = 12_810
const APP = "\\device\\harddiskvolume2\\demo\\app.exe"
const IMAGE = "C:\\Demo\\app.exe"
const INBOUND = "%%14592"
const OUTBOUND = "%%14593"

interface Ends {
  readonly from: readonly [string, number]
  readonly to: readonly [string, number]
}

const connection = (direction: string, { from, to }: Ends): Fields => ({
  ProcessID: uint64(4200n),
  Application: unicode(APP),
  Direction: unicode(direction),
  SourceAddress: unicode(from[0]),
  SourcePort: unicode(String(from[1])),
  DestAddress: unicode(to[0]),
  DestPort: unicode(String(to[1])),
  Protocol: uint32(6),
  FilterRTID: uint64(66_000n),
  LayerName: unicode(direction === INBOUND ? "%%14610" : "%%14611"),
  LayerRTID: uint64(direction === INBOUND ? 44n : 48n),
  RemoteUserID: sid("S-1-0-0"),
  RemoteMachineID: sid("S-1-0-0"),
})

const bound = (address: string, port: number): Fields => ({
  ProcessId: uint64(4200n),
  Application: unicode(APP),
  SourceAddress: unicode(address),
  SourcePort: unicode(String(port)),
  Protocol: uint32(17),
  FilterRTID: uint64(0n),
  LayerName: unicode("%%14608"),
  LayerRTID: uint64(36n),
})

const process = (second: number): Fields => ({
  RuleName: unicode("-"),
  UtcTime: unicode(`2026-03-04 05:06:0${second}.000`),
  ProcessGuid: guid("{AABBCCDD-1122-3344-5500-000000000001}"),
  ProcessId: uint32(4200),
})

const sysmonConnection = (isInitiated: boolean, isIpv6: boolean, { from, to }: Ends): Fields => ({
  Image: unicode(IMAGE),
  User: unicode("CONTOSO\\alice"),
  Protocol: unicode("tcp"),
  Initiated: bool(isInitiated),
  SourceIsIpv6: bool(isIpv6),
  SourceIp: unicode(from[0]),
  SourceHostname: unicode("-"),
  SourcePort: uint16(from[1]),
  SourcePortName: unicode("-"),
  DestinationIsIpv6: bool(isIpv6),
  DestinationIp: unicode(to[0]),
  DestinationHostname: unicode("-"),
  DestinationPort: uint16(to[1]),
  DestinationPortName: unicode("https"),
})

export const NETWORK_CASES: readonly EvtxCase[] = [
  {
    folder: "windows-10/filtering-platform",
    shows: "5156 out and in, where an inbound one has the remote end as source; 5158, a port that was bound.",
    how: "written by test/evtx-writer",
    file: evtxFile({
      records: [
        securityEvent(
          5156,
          FILTERING,
          { recordId: 300, second: 1, version: 1 },
          connection(OUTBOUND, { from: ["192.0.2.10", 49_200], to: ["198.51.100.5", 443] }),
        ),
        securityEvent(
          5156,
          FILTERING,
          { recordId: 301, second: 2, version: 1 },
          connection(INBOUND, { from: ["198.51.100.9", 50_000], to: ["192.0.2.10", 8443] }),
        ),
        securityEvent(5158, FILTERING, { recordId: 302, second: 3 }, bound("::", 5353)),
      ],
    }),
    records: 3,
    rows: [
      row("socket_events", {
        pid: 4200,
        path: APP,
        local_address: "192.0.2.10",
        local_port: 49_200,
        remote_address: "198.51.100.5",
        remote_port: 443,
        protocol: 6,
        family: 2,
        action: "connect",
      }),
      row("socket_events", {
        pid: 4200,
        local_address: "192.0.2.10",
        local_port: 8443,
        remote_address: "198.51.100.9",
        remote_port: 50_000,
        action: "accept",
      }),
      row("socket_events", {
        pid: 4200,
        local_address: "::",
        local_port: 5353,
        protocol: 17,
        action: "bind",
      }),
    ],
  },
  {
    folder: "windows-10/sysmon-network",
    shows: "Sysmon 3 as the one that connects and the one that is connected to, IPv6 in full; Sysmon 22.",
    how: "written by test/evtx-writer",
    file: evtxFile({
      records: [
        sysmonEvent(
          3,
          { recordId: 40, second: 1, version: 5 },
          {
            ...process(1),
            ...sysmonConnection(true, false, { from: ["192.0.2.10", 49_201], to: ["198.51.100.5", 443] }),
          },
        ),
        sysmonEvent(
          3,
          { recordId: 41, second: 2, version: 5 },
          {
            ...process(2),
            ...sysmonConnection(false, true, {
              from: ["2001:db8:0:0:0:0:0:9", 50_001],
              to: ["2001:db8:0:0:0:0:0:10", 8443],
            }),
          },
        ),
        sysmonEvent(
          22,
          { recordId: 42, second: 3, version: 5 },
          {
            ...process(3),
            QueryName: unicode("www.example.com"),
            QueryStatus: unicode("0"),
            QueryResults: unicode("type:  5 web.example.com;::ffff:198.51.100.5;"),
            Image: unicode(IMAGE),
          },
        ),
      ],
    }),
    records: 3,
    rows: [
      row("socket_events", {
        pid: 4200,
        path: IMAGE,
        local_port: 49_201,
        remote_address: "198.51.100.5",
        action: "connect",
      }),
      row("socket_events", {
        local_address: "2001:db8::10",
        local_port: 8443,
        remote_address: "2001:db8::9",
        remote_port: 50_001,
        action: "accept",
      }),
      row("windows_events", { eventid: 3 }),
      row("windows_events", { eventid: 3 }),
      row("windows_events", { eventid: 22 }),
    ],
  },
]
