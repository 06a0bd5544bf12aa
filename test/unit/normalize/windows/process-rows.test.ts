/** process_events against the fields of every 4688 and Sysmon event of public logs, and in the cases that those lack. */
import { describe, expect, it } from "vitest"
import { hasShared, oracleRecords } from "../../formats/windows/oracles.ts"
import { type Made, made, Reading, SECURITY, SYSMON } from "./rows-of.ts"

const SUBJECT = {
  SubjectUserSid: "S-1-5-18",
  SubjectUserName: "WEB-1$",
  SubjectDomainName: "CORP",
  SubjectLogonId: "0x3e7",
}
const CREATED = {
  ...SUBJECT,
  NewProcessId: "0x664",
  NewProcessName: "C:\\Windows\\System32\\conhost.exe",
  TokenElevationType: "%%1936",
  ProcessId: "0x438",
}

const created = (data: Record<string, string> = {}, more: Partial<Made> = {}): string =>
  made({ provider: SECURITY, id: 4688, data: { ...CREATED, ...data }, ...more })

const number = (text: string | undefined): bigint => BigInt(text ?? "0")
const dash = (text: string | undefined): string => (text === undefined || text === "-" ? "" : text)

describe.skipIf(!hasShared)("public logs (needs ../shared)", () => {
  it("give each 4688 in decimal, and each process of Sysmon", () => {
    const counts = new Map<number, number>()
    for (const { file, xml, row } of oracleRecords()) {
      const isSecurity = row.provider_name === SECURITY && (row.eventid === 4688 || row.eventid === 4689)
      const isSysmon = row.provider_name === SYSMON && (row.eventid === 1 || row.eventid === 5)
      if (!isSecurity && !isSysmon) continue
      const ours = new Reading().event(xml).row("process_events")
      const data = (JSON.parse(row.data) as { EventData: Record<string, string | undefined> }).EventData
      const cells = isSecurity ? securityCells(data) : sysmonCells(data)
      expect(ours, file).toMatchObject({ ...cells, host: row.computer_name, source: "windows", status: 0 })
      counts.set(row.eventid, (counts.get(row.eventid) ?? 0) + 1)
    }
    expect(counts.get(4688)).toBeGreaterThan(500)
    expect(counts.get(1)).toBeGreaterThan(500)
    expect(counts.get(5)).toBeGreaterThan(100)
  }, 120_000)
})

function securityCells(data: Record<string, string | undefined>): object {
  const isTarget = dash(data.TargetUserName) !== "" && number(data.TargetLogonId) !== 0n
  return {
    event_type: "exec",
    pid: Number(number(data.NewProcessId)),
    parent: Number(number(data.ProcessId)),
    path: data.NewProcessName,
    cmdline: data.CommandLine ?? "",
    parent_path: dash(data.ParentProcessName),
    username: dash(isTarget ? data.TargetUserName : data.SubjectUserName),
    domain: dash(isTarget ? data.TargetDomainName : data.SubjectDomainName),
    session_id: Number(number(isTarget ? data.TargetLogonId : data.SubjectLogonId)),
  }
}

function sysmonCells(data: Record<string, string | undefined>): object {
  const cells = { pid: Number(data.ProcessId), path: data.Image }
  if (data.CommandLine === undefined) return { ...cells, event_type: "exit" }
  const [domain, username] = (data.User ?? "").split("\\")
  return {
    ...{
      ...cells,
      domain,
      username,
      event_type: "exec",
      cmdline: data.CommandLine,
      cwd: data.CurrentDirectory,
    },
    ...{ parent: Number(data.ParentProcessId), parent_path: data.ParentImage },
    session_id: Number(number(data.LogonId)),
  }
}

describe("4688", () => {
  it("has the columns that an analyst asks for", () => {
    const cmdline = "\\??\\C:\\WINDOWS\\system32\\conhost.exe 0xffffffff -ForceV1"
    const reading = new Reading().event(created({ CommandLine: cmdline, ParentProcessName: "C:\\cmd.exe" }))
    expect(reading.row("process_events")).toMatchObject({
      ...{ pid: 1636, parent: 1080, path: CREATED.NewProcessName, parent_path: "C:\\cmd.exe" },
      ...{ cmdline, cmdline_size: cmdline.length, username: "WEB-1$", domain: "CORP", session_id: 999 },
      ...{ time: 1_704_164_645, record_id: 7, exit_code: null, uid: null, syscall: "", eid: "0000000001" },
    })
    expect(reading.problems).toEqual([])
  })

  it("of the oldest form has no command line, which is not an empty one", () => {
    const reading = new Reading().event(created()).event(created({ CommandLine: "" }))
    expect(reading.rows("process_events").map((row) => [row.cmdline, row.cmdline_size])).toEqual([
      ["", null],
      ["", null],
    ])
    expect([reading.normalizer.processCreations, reading.normalizer.withCommandLine]).toEqual([2, 0])
  })

  it.each([
    ["named", { TargetUserSid: "S-1-5-21-1", TargetUserName: "alice", TargetLogonId: "0x1f" }, "alice", 31],
    ["not named", { TargetUserSid: "S-1-0-0", TargetUserName: "-", TargetLogonId: "0x0" }, "WEB-1$", 999],
    [
      "named without a SID",
      { TargetUserSid: "S-1-0-0", TargetUserName: "alice", TargetLogonId: "0x1f" },
      "alice",
      31,
    ],
    ["without a logon", { TargetUserName: "alice", TargetLogonId: "0x0" }, "WEB-1$", 999],
  ])("runs as its target where that is %s", (_, target, username, session) => {
    const row = new Reading().event(created({ TargetDomainName: "CORP2", ...target })).row("process_events")
    expect([row.username, row.session_id]).toEqual([username, session])
    expect(row.domain).toBe(username === "alice" ? "CORP2" : "CORP")
  })

  it("learns the parent's program from its start, on its own host, the latest one", () => {
    const reading = new Reading()
    const parent = { NewProcessId: "0x438", NewProcessName: "C:\\x86\\old.exe" }
    reading.event(created(parent, { computer: "web-2" }))
    reading.event(created())
    reading.event(created(parent)).event(created())
    reading.event(created({ ...parent, NewProcessName: "C:\\x80\\new.exe" })).event(created())
    reading.event(
      made({ provider: SECURITY, id: 4689, data: { ...SUBJECT, ProcessId: "0x438", Status: "0x0" } }),
    )
    reading.event(created())
    const paths = reading.rows("process_events").filter(({ pid }) => pid === 1636)
    expect(paths.map((row) => row.parent_path)).toEqual(["", "C:\\x86\\old.exe", "C:\\x80\\new.exe", ""])
  })

  it.each([
    ["a day later", "2024-01-03T03:04:05.0000000Z", "C:\\old.exe"],
    ["later than a day", "2024-01-03T03:04:06.0000000Z", ""],
    ["before it", "2024-01-02T03:04:04.0000000Z", ""],
  ])("takes what the parent's pid ran for its program: %s", (_, time, expected) => {
    const parent = { NewProcessId: "0x438", NewProcessName: "C:\\old.exe" }
    const reading = new Reading().event(created(parent, { time: "2024-01-02T03:04:05.0000000Z" }))
    reading.event(created({}, { time }))
    expect(reading.rows("process_events").map((row) => row.parent_path)).toEqual(["", expected])
  })

  it("ends with its status", () => {
    const data = { ...SUBJECT, Status: "0xc0000005", ProcessId: "0x664", ProcessName: "C:\\a.exe" }
    const row = new Reading().event(made({ provider: SECURITY, id: 4689, data })).row("process_events")
    expect(row).toMatchObject({ event_type: "exit", pid: 1636, exit_code: 3_221_225_477, path: "C:\\a.exe" })
    expect(row).toMatchObject({ parent: null, cmdline: "", session_id: 999 })
  })

  it.each([
    ["0xffffffffffffffff", -1],
    ["0x7fffffffffffffff", 9_223_372_036_854_775_807n],
    ["0X3E7", 999],
    ["1636", 1636],
    ["-1", -1],
    ["0x10000000000000000", null],
    ["0x", null],
    ["12ab", null],
    ["-", null],
    ["", null],
  ])("reads the number %s", (text, expected) => {
    const reading = new Reading().event(created({ SubjectLogonId: text }))
    expect(reading.row("process_events").session_id).toBe(expected)
    const isReported = expected === null && text.length > 1
    expect(reading.problems.map(({ code }) => code)).toEqual(isReported ? ["windows/bad-number"] : [])
  })

  it("is not what another provider calls so, and is what its channel says where none is named", () => {
    const reading = new Reading()
    reading.event(made({ provider: "P", id: 4688, data: CREATED }))
    expect(reading.rows("process_events")).toEqual([])
    reading.event(created().replace(`<Provider Name="${SECURITY}"/>`, ""))
    expect(reading.rows("process_events")).toHaveLength(1)
  })

  it("gives only the rows that are chosen", () => {
    const tables = new Set(["socket_events"])
    expect(new Reading({ tables }).event(created()).sink.rows).toEqual([])
  })

  it("is one row whatever its fields hold", () => {
    const data = Object.fromEntries(Object.keys(CREATED).map((name) => [name, "é".repeat(70_000)]))
    const reading = new Reading().event(created({ ...data, CommandLine: "a\u0001\\x00" }))
    expect(reading.row("process_events")).toMatchObject({ pid: null, cmdline: "a\u0001\\x00" })
    expect(reading.problems).toHaveLength(1)
  })
})
