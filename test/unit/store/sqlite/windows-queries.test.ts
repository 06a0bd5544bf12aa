/** Queries over windows_events as analysts of osquery write them, against results of another program; and the view. */
import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { openReadonly } from "../../../../src/store/sqlite/open-readonly.ts"
import { prepareQuery } from "../../../../src/store/sqlite/query-guard.ts"
import { registerSqlFunctions } from "../../../../src/store/sqlite/sql-functions/index.ts"
import {
  hasShared,
  type OracleRecord,
  oracleRecords,
  readLines,
  WINDOWS,
} from "../../formats/windows/oracles.ts"
import { made, Reading, type Row, SECURITY, SYSMON } from "../../normalize/windows/rows-of.ts"
import { makeCase } from "./make-case.ts"

const SEED = path.join(WINDOWS, "seed-004-query")
/** Runs the query as `retrail query` does. */
function query(file: string, sql: string): Record<string, unknown>[] {
  const opened = openReadonly(file)
  if (!opened.ok) throw new Error(opened.detail)
  try {
    registerSqlFunctions(opened.db)
    const prepared = prepareQuery(opened.db, sql)
    if (prepared.kind !== "ready") throw new Error(JSON.stringify(prepared))
    const columns = prepared.statement.columns().map(({ name }) => name)
    return prepared.statement
      .all()
      .map((row) => Object.fromEntries(columns.map((name, at) => [name, plain(row[at])])))
  } finally {
    opened.db.close()
  }
}

const plain = (value: unknown): unknown => (typeof value === "bigint" ? Number(value) : value)

const windowsRows = (...events: readonly string[]): Row[] =>
  events.flatMap((xml) => new Reading().event(xml).rows("windows_events"))

describe.skipIf(!hasShared)("the query for 4688 over public logs (needs ../shared)", () => {
  const expected = hasShared
    ? readLines(path.join(SEED, "rows.jsonl.gz")).map((line) => {
        const { file, ...row } = JSON.parse(line) as { file: string } & Record<string, string | null>
        return { file, row }
      })
    : []
  const files = [...new Set(expected.map(({ file }) => file))]
  const wanted = expected.map(({ row }) => row)

  /** Rows of the files that the result names, in its order. */
  function oracleRows(): Row[] {
    const byFile = new Map<string, Row[]>(files.map((file) => [file, []]))
    for (const { file, row } of oracleRecords() as Iterable<OracleRecord>) {
      const { pid, tid, ...cells } = row
      byFile.get(file.replace(/\.oracle\.jsonl\.gz$/, ""))?.push({ ...cells, host: cells.computer_name })
    }
    return [...byFile.values()].flat()
  }

  it("runs as it stands, and so does its form with hex_to_int, and the view says the same", () => {
    const file = makeCase(oracleRows())
    const texts = query(file, readFileSync(path.join(SEED, "query.sql"), "utf8"))
    expect(texts).toEqual(wanted)
    const decimals = query(file, readFileSync(path.join(SEED, "query-decimal.sql"), "utf8"))
    const number = (text: string | null | undefined): number => Number(BigInt(text ?? "0"))
    const inDecimal: Record<string, unknown>[] = wanted.map((row) => {
      return { ...row, pid: number(row.pid), parent: number(row.parent), uid: number(row.uid) }
    })
    expect(decimals).toEqual(inDecimal)
    const columns = "eventid, cmdline, pid, parent, parent_path, path, uid, username, domain"
    const view = query(file, `SELECT ${columns} FROM windows_process_creation WHERE eventid = 4688`)
    expect(view).toEqual(inDecimal.map(({ name, parent_name, ...row }) => row))
  }, 120_000)
})

describe("hex_to_int", () => {
  it.each([
    ["'0x664'", [1636]],
    ["'664'", [1636]],
    ["'0X3E7'", [999]],
    ["'0xffffffffffffffff'", [-1]],
    ["'xyz'", []],
    ["''", []],
    ["NULL", []],
    ["'0x10000000000000000'", []],
  ])("of %s", (text, expected) => {
    const rows = query(makeCase([]), `SELECT int FROM hex_to_int WHERE hex_string = ${text}`)
    expect(rows.map(({ int }) => int)).toEqual(expected)
  })

  it("keeps 64 bits, takes double quotes, and is empty without a text", () => {
    const file = makeCase([])
    const sql = 'SELECT CAST(int AS TEXT) AS i FROM hex_to_int WHERE hex_string = "0x7ffffffffffffffe"'
    expect(query(file, sql)).toEqual([{ i: "9223372036854775806" }])
    expect(query(file, "SELECT * FROM hex_to_int")).toEqual([])
    expect(query(file, "SELECT (SELECT int FROM hex_to_int WHERE hex_string = 'x') AS pid")).toEqual([
      { pid: null },
    ])
  })
})

describe("windows_process_creation", () => {
  const CREATED = {
    ...{
      SubjectUserName: "WEB-1$",
      SubjectDomainName: "CORP",
      SubjectLogonId: "0x3e7",
      NewProcessId: "0x664",
    },
    ...{ NewProcessName: "C:\\Program Files\\a b.exe", TokenElevationType: "%%1937", ProcessId: "0x438" },
    ...{ CommandLine: "a b", MandatoryLabel: "S-1-16-12288", ParentProcessName: "cmd.exe" },
  }

  it("has 4688 in decimal and in words", () => {
    const target = { TargetUserName: "alice", TargetDomainName: "CORP2", TargetLogonId: "0xfffffffffffffff1" }
    const events = [
      CREATED,
      { ...CREATED, ...target },
      { ...CREATED, TargetUserName: "-", TargetLogonId: "0x0" },
    ]
    const file = makeCase(windowsRows(...events.map((data) => made({ provider: SECURITY, id: 4688, data }))))
    const [own, other, none] = query(file, "SELECT * FROM windows_process_creation")
    expect(own).toMatchObject({
      ...{
        eventid: 4688,
        cmdline: "a b",
        pid: 1636,
        parent: 1080,
        uid: 999,
        name: "a b.exe",
        parent_name: "cmd.exe",
      },
      ...{
        pid_hex: "0x664",
        elevation: "full",
        integrity: "high",
        target_username: null,
        logon_id: 999,
        cwd: null,
      },
      ...{
        computer: "web-1",
        record_id: 7,
        username: "WEB-1$",
        domain: "CORP",
        datetime: "2024-01-02T03:04:05.1234567Z",
      },
    })
    expect(other).toMatchObject({ target_username: "alice", target_domain: "CORP2", logon_id: -15, uid: 999 })
    expect(none).toMatchObject({ target_username: null, logon_id: 999 })
  })

  it("has Sysmon's", () => {
    const data = {
      ...{ ProcessId: "1636", ParentProcessId: "1080", Image: "C:\\a.exe", ParentImage: "C:\\b.exe" },
      ...{
        CommandLine: "a",
        CurrentDirectory: "C:\\",
        User: "CORP\\alice",
        LogonId: "0x3e7",
        IntegrityLevel: "High",
      },
    }
    const file = makeCase(windowsRows(made({ provider: SYSMON, id: 1, data })))
    expect(query(file, "SELECT * FROM windows_process_creation")).toMatchObject([
      {
        ...{ eventid: 1, pid: 1636, parent: 1080, name: "a.exe", parent_name: "b.exe", cwd: "C:\\" },
        ...{ username: "alice", domain: "CORP", integrity: "high", logon_id: 999 },
      },
    ])
  })

  it.each([
    ["0x", null],
    ["0xg", null],
    ["0x1g", null],
    ["12a", null],
    ["", null],
    ["-", null],
    ["0x00000000000000001", null],
    ["0xFFFFFFFFFFFFFFFF", -1],
    ["1234567890", 1_234_567_890],
  ])("reads the number %s", (text, expected) => {
    const file = makeCase(
      windowsRows(made({ provider: SECURITY, id: 4688, data: { ...CREATED, NewProcessId: text } })),
    )
    expect(query(file, "SELECT pid FROM windows_process_creation")).toEqual([{ pid: expected }])
  })

  it("is not filled by what other providers call 4688 or 1", () => {
    const file = makeCase(windowsRows(made({ provider: "P", id: 4688 }), made({ provider: "P", id: 1 })))
    expect(query(file, "SELECT * FROM windows_process_creation")).toEqual([])
  })
})
