/** Logons, logoffs and what was granted. */
import { event, payload } from "../event.ts"
import { common, type Fields, securityEvent } from "../events.ts"
import { evtxFile } from "../file.ts"
import { fragmentValue, guid, hex32, hex64, sid, uint32, unicode } from "../value.ts"
import { element, slot } from "../xml-model.ts"
import { type EvtxCase, row } from "./case.ts"

const LOGON = 12_544
const LOGOFF = 12_545
const SPECIAL = 12_548
const ALICE = "S-1-5-21-1111-2222-3333-1001"
const NO_GUID = "{00000000-0000-0000-0000-000000000000}"
const LSASS = "C:\\Windows\\System32\\lsass.exe"

const subject = (name: string): Fields => ({
  SubjectUserSid: sid("S-1-5-18"),
  SubjectUserName: unicode(name),
  SubjectDomainName: unicode("CONTOSO"),
  SubjectLogonId: hex64(0x3e7),
})

const target = (name: string): Fields => ({
  TargetUserSid: sid(ALICE),
  TargetUserName: unicode(name),
  TargetDomainName: unicode("CONTOSO"),
})

const logon = (type: number): Fields => ({
  LogonType: uint32(type),
  LogonProcessName: unicode("User32 "),
  AuthenticationPackageName: unicode("Negotiate"),
  WorkstationName: unicode("WS-7"),
})

const package_: Fields = {
  TransmittedServices: unicode("-"),
  LmPackageName: unicode("-"),
  KeyLength: uint32(0),
}

const caller = (address: string, port: string): Fields => ({
  ProcessId: hex64(0x278),
  ProcessName: unicode(LSASS),
  IpAddress: unicode(address),
  IpPort: unicode(port),
})

/** 1102 keeps its fields in UserData, in a tree of its own. */
const logCleared = fragmentValue({
  hasHeader: false,
  content: [
    {
      kind: "instance",
      template: userDataTemplate(),
      values: [sid(ALICE), unicode("alice"), unicode("CONTOSO"), hex64(0x1a2b3c)],
    },
  ],
})

function userDataTemplate() {
  const root = element(
    "UserData",
    {},
    element(
      "LogFileCleared",
      { xmlns: "http://manifests.microsoft.com/win/2004/08/windows/eventlog" },
      element("SubjectUserSid", {}, slot(0, 0x13)),
      element("SubjectUserName", {}, slot(1, 0x01)),
      element("SubjectDomainName", {}, slot(2, 0x01)),
      element("SubjectLogonId", {}, slot(3, 0x15)),
    ),
  )
  const value = payload(root, [])
  const [made] = value.kind === "fragment" ? value.fragment.content : []
  if (made?.kind !== "instance") throw new Error("a payload is an instance")
  return made.template
}

export const LOGON_CASES: readonly EvtxCase[] = [
  {
    folder: "windows-10/logons",
    shows: "A logon from the network and what was granted, one with other credentials, both ways to log off.",
    how: "written by test/evtx-writer",
    file: evtxFile({
      records: [
        securityEvent(
          4624,
          LOGON,
          { recordId: 200, second: 1, version: 2 },
          {
            ...subject("WEB-1$"),
            ...target("alice"),
            TargetLogonId: hex64(0x1a2b3c),
            ...logon(10),
            LogonGuid: guid(NO_GUID),
            ...package_,
            ...caller("192.0.2.7", "49152"),
            ImpersonationLevel: unicode("%%1833"),
            RestrictedAdminMode: unicode("-"),
            TargetOutboundUserName: unicode("-"),
            TargetOutboundDomainName: unicode("-"),
            VirtualAccount: unicode("%%1843"),
            TargetLinkedLogonId: hex64(0),
            ElevatedToken: unicode("%%1842"),
          },
        ),
        securityEvent(
          4672,
          SPECIAL,
          { recordId: 201, second: 1.0000004 },
          {
            SubjectUserSid: sid(ALICE),
            SubjectUserName: unicode("alice"),
            SubjectDomainName: unicode("CONTOSO"),
            SubjectLogonId: hex64(0x1a2b3c),
            PrivilegeList: unicode(
              "SeSecurityPrivilege\r\n\t\t\tSeBackupPrivilege\r\n\t\t\tSeDebugPrivilege",
            ),
          },
        ),
        securityEvent(
          4648,
          LOGON,
          { recordId: 202, second: 30 },
          {
            ...subject("alice"),
            LogonGuid: guid(NO_GUID),
            TargetUserName: unicode("bob"),
            TargetDomainName: unicode("CONTOSO"),
            TargetLogonGuid: guid(NO_GUID),
            TargetServerName: unicode("localhost"),
            TargetInfo: unicode("localhost"),
            ...caller("::1", "0"),
          },
        ),
        securityEvent(
          4634,
          LOGOFF,
          { recordId: 203, second: 40 },
          {
            ...target("alice"),
            TargetLogonId: hex64(0x1a2b3c),
            LogonType: uint32(10),
          },
        ),
        securityEvent(
          4647,
          LOGOFF,
          { recordId: 204, second: 41 },
          {
            ...target("alice"),
            TargetLogonId: hex64(0x1a2b3c),
          },
        ),
      ],
    }),
    records: 5,
    rows: [
      row("user_events", { username: "alice", domain: "CONTOSO", address: "192.0.2.7", record_id: 200 }),
      row("user_events", { username: "alice", record_id: 201 }),
      row("user_events", { record_id: 202 }),
      row("user_events", { username: "alice", record_id: 203 }),
      row("user_events", { username: "alice", record_id: 204 }),
    ],
  },
  {
    folder: "windows-10/logon-failed",
    shows: "4625: an unknown user and a wrong password, by their status codes.",
    how: "written by test/evtx-writer",
    file: evtxFile({
      records: [0xc0000064, 0xc000006a].map((subStatus, at) =>
        securityEvent(
          4625,
          LOGON,
          { recordId: 210 + at, second: 2 + at },
          {
            ...subject("WEB-1$"),
            TargetUserSid: sid("S-1-0-0"),
            TargetUserName: unicode("alice"),
            TargetDomainName: unicode("CONTOSO"),
            Status: hex32(0xc000006d),
            FailureReason: unicode("%%2313"),
            SubStatus: hex32(subStatus),
            ...logon(3),
            ...package_,
            ...caller("2001:db8::7", "50000"),
          },
        ),
      ),
    }),
    records: 2,
    rows: [
      row("user_events", { username: "alice", address: "2001:db8::7", record_id: 210 }),
      row("user_events", { username: "alice", record_id: 211 }),
    ],
  },
  {
    folder: "windows-10/log-cleared",
    shows: "1102 opens a log that somebody has cleared; its fields stand in UserData.",
    how: "written by test/evtx-writer",
    file: evtxFile({
      records: [
        event({
          ...common({ recordId: 5001, second: 0 }),
          provider: "Microsoft-Windows-Eventlog",
          providerGuid: "{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}",
          eventId: 1102,
          level: 4,
          task: 104,
          keywords: 0x4020000000000000n,
          channel: "Security",
          payload: logCleared,
        }),
        securityEvent(
          4634,
          LOGOFF,
          { recordId: 5002, second: 3 },
          {
            ...target("alice"),
            TargetLogonId: hex64(0x1a2b3c),
            LogonType: uint32(2),
          },
        ),
      ],
    }),
    records: 2,
    rows: [
      row("windows_events", { eventid: 1102, provider_name: "Microsoft-Windows-Eventlog" }),
      row("windows_events", { eventid: 4634 }),
    ],
  },
]
