import { describe, expect, it } from "vitest"
import type { Problem } from "../../../../src/base/problem.ts"
import { LinuxAuditParser } from "../../../../src/formats/linux-audit/parser.ts"

function assemble(lines: readonly string[]) {
  const events: string[] = []
  const problems: Problem[] = []
  const parser = new LinuxAuditParser({
    event: (event) =>
      events.push(`${event.serial}: ${event.records.slice(0, event.count).map((r) => r.typeName || r.type)}`),
    problem: (problem) => problems.push(problem),
    foreign: () => {},
  })
  parser.beginSource({ sourceId: 1, variant: "auditd", modifiedMs: Number.NaN })
  parser.push(Buffer.from(lines.map((line) => `${line}\n`).join("")), 0)
  parser.endSource()
  parser.end()
  return {
    events,
    problems: problems.map(({ code, offset }) => `${code} ${offset}`),
    records: parser.records,
  }
}

const line = (type: string, serial: number, body = "x=1") =>
  `type=${type} msg=audit(1700000000.000:${serial}): ${body}`
const SYSCALL = "arch=c000003e syscall=59 success=yes exit=0 pid=7"

describe("an event printed backwards", () => {
  it("stays one event though PROCTITLE comes first", () => {
    const backwards = ["PROCTITLE", "PATH", "CWD", "SYSCALL"]
    const result = assemble([
      ...backwards.map((type) => line(type, 1)),
      line("USER_CMD", 2),
      ...backwards.map((type) => line(type, 3)),
    ])
    expect(result.events.map((event) => event.split(",").length)).toEqual([4, 1, 4])
    expect(result.problems).toEqual([])
  })

  it("ends with the next event, so that what comes after that is late", () => {
    const lines = [line("PROCTITLE", 1), line("SYSCALL", 2, SYSCALL), line("PATH", 1)]
    const result = assemble(lines)
    expect(result.events).toHaveLength(3)
    expect(result.problems).toEqual([`linux-audit/late-record ${lines.slice(0, 2).join("\n").length + 1}`])
  })
})

describe("a second SYSCALL under one key", () => {
  it("is a duplicate when it is the same byte for byte", () => {
    const once = line("SYSCALL", 1, SYSCALL)
    const result = assemble([once, once, line("CWD", 1), line("PROCTITLE", 1)])
    expect(result.events.map((event) => event.split(",").length)).toEqual([3])
    expect(result.problems).toEqual([`linux-audit/duplicate-record ${once.length + 1}`])
    expect(result.records).toBe(4)
  })

  it("begins another event when it is not", () => {
    const result = assemble([line("SYSCALL", 1, SYSCALL), line("SYSCALL", 1, `${SYSCALL}8`)])
    expect(result.events).toHaveLength(2)
    expect(result.problems).toEqual([])
  })
})
