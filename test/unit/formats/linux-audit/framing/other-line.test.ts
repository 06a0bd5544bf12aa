import { describe, expect, it } from "vitest"
import { isInterpretedStamp } from "../../../../../src/formats/linux-audit/framing/interpreted-stamp.ts"
import { runFramer } from "./run-framer.ts"

const BODY = 'arch=c000003e syscall=59 comm="x"'
const NOON = Date.UTC(2026, 10, 21, 22, 14, 34) / 1000

describe("journalctl's short forms", () => {
  it.each([
    ["Nov 21 22:14:34 web-1 audit[10814]: SYSCALL", NOON, 0, "web-1"],
    ["Nov 21 22:14:34 audit[10814]: SYSCALL", NOON, 0, ""],
    ["Nov 21 22:14:34.990908 web-1 audit: SYSCALL", NOON, 990_908_000, "web-1"],
    ["2026-11-21T22:14:34+0000 web-1 audit[1]: SYSCALL", NOON, 0, "web-1"],
    ["2026-11-21T23:44:34,990908+0130 web-1 audit[1]: SYSCALL", NOON, 990_908_000, "web-1"],
    ["2026-11-21T17:14:34.5-05:00 web-1 audit[1]: SYSCALL", NOON, 500_000_000, "web-1"],
    ["Sat 2026-11-21 22:14:34 UTC web-1 audit[1]: SYSCALL", NOON, 0, "web-1"],
    ["Sat 2026-11-21 19:14:34 -03 web-1 audit[1]: SYSCALL", NOON, 0, "web-1"],
    ["1795299274.990908 web-1 audit[1]: SYSCALL", NOON, 990_908_000, "web-1"],
    ["[ 1921.152224] web-1 audit[1]: SYSCALL", Number.NaN, 0, "web-1"],
    ["[ 1921.152224 <    0.000102 >] web-1 audit[1]: SYSCALL", Number.NaN, 0, "web-1"],
  ])("%s", (prefix, sec, nsec, node) => {
    const { records, problems, foreign } = runFramer("journald-short", `${prefix} ${BODY}\n`)
    expect(records).toMatchObject([
      { type: 1300, typeName: "", node, sec, nsec, serial: 1, hasSerial: false, body: BODY },
    ])
    expect([problems, foreign]).toEqual([[], []])
  })

  it("take no time from RFC 3164 stamps when the file's own time is unknown", () => {
    const { records } = runFramer(
      "journald-short",
      `Nov 21 22:14:34 web-1 audit: SYSCALL ${BODY}\n`,
      [9],
      Number.NaN,
    )
    expect(records[0]?.sec).toBeNaN()
  })

  it.each([
    ["Nov 22 23:59:59", "2026-11-22", 2026],
    ["Nov 23 00:00:00", "2026-11-22", 2026],
    ["Nov 24 00:00:00", "2026-11-22", 2025],
    ["Dec 31 23:59:59", "2027-01-01", 2026],
    ["Feb 29 12:00:00", "2026-11-22", 2024],
  ])("take the latest year in which %s is not after a file of %s", (stamp, modified, year) => {
    const line = `${stamp} web-1 audit: SYSCALL ${BODY}\n`
    const { records } = runFramer("journald-short", line, [4096], Date.parse(modified))
    expect(new Date((records[0]?.sec ?? 0) * 1000).getUTCFullYear()).toBe(year)
  })

  it("say once that letters name no certain zone", () => {
    const line = `Sat 2026-11-21 22:14:34 CST web-1 audit[1]: SYSCALL ${BODY}\n`
    const { records, problems } = runFramer("journald-short", line + line)
    expect(records.map((record) => record.sec)).toEqual([Number.NaN, Number.NaN])
    expect(problems).toMatchObject([{ code: "linux-audit/unknown-zone", severity: "warning", found: "CST" }])
  })

  it("name types by number where systemd knows no name", () => {
    const lines = ["AUDIT1423 domain=1", "UNKNOWN[1424] domain=1", "FUTURE_TYPE op=x"]
    const { records } = runFramer(
      "journald-short",
      lines.map((line) => `Nov 21 22:14:34 web-1 audit: ${line}\n`).join(""),
    )
    expect(records.map(({ type, typeName, body }) => [type, typeName, body])).toEqual([
      [1423, "", "domain=1"],
      [1424, "", "domain=1"],
      [-1, "FUTURE_TYPE", "op=x"],
    ])
  })

  it("hold other programs' lines, and the kernel's records", () => {
    const text = [
      "Sat 2026-11-21 22:14:34 UTC web-1 sshd[1]: SYSCALL arch=c000003e",
      "1795299274.990908 web-1 kernel: audit: type=1400 audit(1.002:3): a=b",
      "Nov 21 22:14:34 web-1 audit: initializing netlink subsys (disabled)",
      "-- Boot 65a7dc8a880a45da8b4725eb5dd70944 --",
      "",
    ].join("\n")
    const { records, problems, foreign } = runFramer("journald-short", text)
    expect(records.map(({ type, node, serial, body }) => [type, node, serial, body])).toEqual([
      [1400, "web-1", 3, "a=b"],
    ])
    expect(foreign).toHaveLength(3)
    expect(problems).toEqual([])
  })
})

describe("journalctl -o cat", () => {
  const text = `SYSCALL ${BODY}\nStarted Session 1 of user alice.\nPROCTITLE proctitle=6C73\nUSER said hello\n`

  it("has records without time, serial and host", () => {
    const { records, problems, foreign } = runFramer("journald-cat", text)
    expect(records.map(({ type, sec, serial, body }) => [type, sec, serial, body])).toEqual([
      [1300, Number.NaN, 1, BODY],
      [1327, Number.NaN, 1, "proctitle=6C73"],
    ])
    expect(foreign).toHaveLength(2)
    expect(problems).toEqual([])
  })

  it("is not believed where it was not recognised", () => {
    const { records, problems } = runFramer("auditd", text)
    expect(records).toEqual([])
    expect(problems).toHaveLength(4)
  })
})

describe("interpreted text", () => {
  it.each([
    ["11/21/26 22:12:16.884:8176) : pid=1", true],
    ["21.11.2026 22:12:16.884:8176) : pid=1", true],
    ["2026-11-21 22:12:16.884:8176) : pid=1", true],
    ["1795299136.884:8176): pid=1", false],
    ["1795299136.884:8176): date=11/21/26 22:12:16", false],
    ["", false],
  ])("%s is a date: %s", (text, expected) => {
    const buffer = Buffer.from(`audit(${text}`)
    expect(isInterpretedStamp(buffer, 6, buffer.length)).toBe(expected)
  })

  it("is one error a line, wrapped or not", () => {
    const line = "type=SYSCALL msg=audit(11/21/26 22:12:16.884:8176) : arch=x86_64 syscall=execve"
    const text = `----\n${line}\nNov 21 22:12:16 web-1 audisp-syslog[811]: node=web-1 ${line}\n`
    const { records, problems, foreign } = runFramer("ausearch", text)
    expect(records).toEqual([])
    expect(problems.map((problem) => [problem.code, problem.severity, problem.offset])).toEqual([
      ["linux-audit/interpreted", "error", 5],
      ["linux-audit/interpreted", "error", 6 + line.length],
    ])
    expect(foreign).toEqual([[0, 4]])
  })
})

describe("JSON lines", () => {
  it("of go-audit give one record a message", () => {
    const event =
      '{"sequence":1226433,"timestamp":"1459447820.317","messages":[{"type":1300,"data":"arch=c000003e"},' +
      '{"type":1309,"data":"argc=1 a0=\\"x\\""},{"type":"?"}],"uid_map":{"0":"root"}}'
    for (const variant of ["auditd", "go-audit"] as const) {
      const { records, problems } = runFramer(variant, `${event}\n`)
      expect(
        records.map(({ type, sec, nsec, serial, offset, length, body }) => [
          type,
          sec,
          nsec,
          serial,
          offset,
          length > 150,
          body,
        ]),
      ).toEqual([
        [1300, 1_459_447_820, 317_000_000, 1_226_433, 0, true, "arch=c000003e"],
        [1309, 1_459_447_820, 317_000_000, 1_226_433, 0, true, 'argc=1 a0="x"'],
      ])
      expect(problems).toMatchObject([{ code: "linux-audit/bad-object", severity: "warning" }])
    }
  })

  it("of others are foreign, and broken ones are errors", () => {
    const text = '{"name":"x"}\n{"_AUDIT_TYPE":"1300",\n{"ID":"1.000:1","CWD":{"cwd":"/"}}\n'
    const { records, problems, foreign } = runFramer("journald-json", text)
    expect(records.map((record) => record.body)).toEqual(['cwd="/"'])
    expect(foreign).toEqual([[0, 12]])
    expect(problems).toMatchObject([
      { code: "linux-audit/bad-json", severity: "error", offset: 13, length: 22 },
    ])
  })

  it("of dmesg give the kernel's records", () => {
    const text =
      '{\n   "dmesg": [\n      {\n         "pri": 6,\n         "time": 0.1,\n         "msg": "Linux"\n      },{\n' +
      '         "pri": 5,\n         "time": 1.2,\n         "msg": "audit: type=1305 audit(1.002:3): op=set key=\\"a\\""\n      }\n   ]\n}\n'
    const { records, problems, foreign } = runFramer("dmesg-json", text)
    expect(records.map(({ type, serial, body }) => [type, serial, body])).toEqual([
      [1305, 3, 'op=set key="a"'],
    ])
    expect(foreign).toHaveLength(1)
    expect(problems).toEqual([])
  })
})
