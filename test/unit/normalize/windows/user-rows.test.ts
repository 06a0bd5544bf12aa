/** user_events against the fields of the logons in public logs, and one of each kind. */
import { describe, expect, it } from "vitest"
import { hasShared, oracleRecords } from "../../formats/windows/oracles.ts"
import { made, Reading, type Row, SECURITY } from "./rows-of.ts"

const SUBJECT = { SubjectUserName: "admin", SubjectDomainName: "CORP", SubjectLogonId: "0x3e7" }
const TARGET = { TargetUserName: "alice", TargetDomainName: "CORP2" }
const LOGON = {
  ...SUBJECT,
  ...TARGET,
  TargetLogonId: "0xffffffff1",
  LogonType: "10",
  WorkstationName: "LAPTOP",
  ProcessId: "0x664",
  ProcessName: "C:\\Windows\\System32\\winlogon.exe",
  IpAddress: "::ffff:192.0.2.9",
  IpPort: "50000",
}

const rowOf = (id: number, data: Record<string, string>, keywords?: string): Row => {
  const more = keywords === undefined ? {} : { keywords }
  return new Reading().event(made({ provider: SECURITY, id, data, ...more })).row("user_events")
}

describe("user_events", () => {
  it("has a logon whole", () => {
    expect(rowOf(4624, LOGON)).toMatchObject({
      ...{ uid: null, auid: null, pid: 1636, type: 4624, path: LOGON.ProcessName, address: "192.0.2.9" },
      ...{ terminal: "LAPTOP", username: "alice", domain: "CORP2", session_id: 68_719_476_721 },
      ...{ result: "success", logon_type: "RemoteInteractive", event_type: "LOGON", source: "windows" },
      message: "logged on (RemoteInteractive) from 192.0.2.9 port 50000",
    })
  })

  it("tells why a logon failed", () => {
    const { TargetLogonId, ...rest } = LOGON
    const data = { ...rest, Status: "0xc000006d", SubStatus: "0xc000006a", IpAddress: "-", IpPort: "-" }
    expect(rowOf(4625, data, "0x8010000000000000")).toMatchObject({
      ...{ result: "failed", session_id: null, address: "", event_type: "LOGON" },
      message: "logon failed (RemoteInteractive): bad password",
    })
    expect(rowOf(4625, { ...data, SubStatus: "0x0" }).message).toContain(": bad user name or authentication")
    expect(rowOf(4625, { ...data, SubStatus: "0xc0000999" }).message).toContain(": status 0xc0000999")
  })

  it.each([
    [4634, "LOGOFF", "alice", 68_719_476_721, "logged off (RemoteInteractive) from 192.0.2.9 port 50000"],
    [4648, "EXPLICIT_CREDENTIALS", "alice", 999, "credentials used for web-2 by CORP\\admin from 192.0.2.9"],
    [4720, "USER_CREATED", "alice", 999, "account created by CORP\\admin"],
    [4722, "USER_ENABLED", "alice", 999, "account enabled by CORP\\admin"],
    [4723, "PASSWORD_CHANGE", "alice", 999, "password changed by CORP\\admin"],
    [4724, "PASSWORD_RESET", "alice", 999, "password reset by CORP\\admin"],
    [4725, "USER_DISABLED", "alice", 999, "account disabled by CORP\\admin"],
    [4726, "USER_DELETED", "alice", 999, "account deleted by CORP\\admin"],
  ])("%i is %s of the right account", (id, event_type, username, session_id, message) => {
    const isLogon = id === 4634
    const data: Record<string, string> = isLogon ? LOGON : { ...SUBJECT, ...TARGET }
    if (id === 4648) Object.assign(data, { TargetServerName: "web-2", IpAddress: "192.0.2.9", IpPort: "0" })
    expect(rowOf(id, data)).toMatchObject({ event_type, username, session_id, message, result: "success" })
  })

  it("names the holder of privileges, and them in one line", () => {
    const row = rowOf(4672, { ...SUBJECT, PrivilegeList: "SeDebugPrivilege\r\n\t\t\tSeBackupPrivilege" })
    expect(row).toMatchObject({ username: "admin", domain: "CORP", session_id: 999 })
    expect(row.message).toBe("special privileges: SeDebugPrivilege SeBackupPrivilege")
  })

  it("goes by status and keywords", () => {
    const data = { ...TARGET, Workstation: "LAPTOP" }
    expect(rowOf(4776, { ...data, Status: "0x0" })).toMatchObject({ result: "success", terminal: "LAPTOP" })
    expect(rowOf(4776, { ...data, Status: "0xc0000064" })).toMatchObject({
      ...{ result: "failed", message: "credentials refused: no such user", session_id: null },
    })
    expect(rowOf(4723, TARGET, "0x8010000000000000")).toMatchObject({
      ...{ result: "failed", message: "password not changed" },
    })
  })

  it("knows who cleared the log", () => {
    const content = `<UserData><LogFileCleared xmlns="u"><SubjectUserName>admin</SubjectUserName>
      <SubjectDomainName>CORP</SubjectDomainName><SubjectLogonId>0x3e7</SubjectLogonId></LogFileCleared></UserData>`
    const row = new Reading().event(made({ provider: "Microsoft-Windows-Eventlog", id: 1102, content }))
    expect(row.row("user_events")).toMatchObject({
      ...{ event_type: "LOG_CLEARED", username: "admin", domain: "CORP", session_id: 999 },
      ...{ message: "audit log cleared", type: 1102 },
    })
  })

  it("keeps a logon type without a word as its number", () => {
    expect(rowOf(4624, { ...LOGON, LogonType: "99" }).logon_type).toBe("99")
  })
})

describe.skipIf(!hasShared)("public logs (needs ../shared)", () => {
  it("give every logon with its account, session, type and address", () => {
    const words: Record<string, string> = { 2: "Interactive", 3: "Network", 5: "Service", 7: "Unlock" }
    const counts = new Map<number, number>()
    for (const { file, xml, row } of oracleRecords()) {
      if (row.provider_name !== SECURITY || ![4624, 4625, 4634].includes(row.eventid)) continue
      const data = (JSON.parse(row.data) as { EventData: Record<string, string> }).EventData
      const ours = new Reading().event(xml).row("user_events")
      const word = words[data.LogonType ?? ""]
      expect(ours, file).toMatchObject({
        username: data.TargetUserName === "-" ? "" : data.TargetUserName,
        domain: data.TargetDomainName === "-" ? "" : data.TargetDomainName,
        session_id: data.TargetLogonId === undefined ? null : Number(data.TargetLogonId),
        result: row.eventid === 4625 ? "failed" : "success",
        ...(word === undefined ? {} : { logon_type: word }),
        ...(/^[\d.]+$/.test(data.IpAddress ?? "") ? { address: data.IpAddress } : {}),
      })
      counts.set(row.eventid, (counts.get(row.eventid) ?? 0) + 1)
    }
    expect(counts.get(4624)).toBeGreaterThan(500)
    expect(counts.get(4625)).toBeGreaterThan(10)
  }, 120_000)
})
