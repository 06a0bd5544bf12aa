import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { fieldsByRecord } from "./raw-fields.ts"
import { hasShared, type KeptRecord, runFramer, SHARED, WITHOUT_SHARED } from "./run-framer.ts"

const REAL = path.join(SHARED, "real")

describe("laurel's JSON", () => {
  it("is written as the kernel would: bare numbers, quotes, hex, the enriched tail", () => {
    const event =
      '{"ID":"1795299136.884:8176","NODE":"web-1","SYSCALL":{"arch":"0xc000003e","syscall":59,"success":"yes",' +
      '"exit":0,"items":2,"ppid":1,"comm":"a b","exe":"/bin/caf%c3%a9","key":null,"ARGV":["0x4","0x0"],' +
      '"AUID":"alice","ARCH":"x86_64","PID":{"EVENT_ID":"1"}},"PATH":[{"item":0,"inode":9007199254740993,' +
      '"mode":"0o100755","dev":"fe:00","cap_fp":"0x400"},{"item":1,"name":"%ff%25"}],"PARENT_INFO":{"ID":"x"}}'
    const { records, problems } = runFramer("laurel", `${event}\n`)
    expect(problems).toEqual([])
    expect(
      records.map((record) => [record.type, record.node, record.serial, record.offset, record.body]),
    ).toEqual([
      [
        1300,
        "web-1",
        8176,
        0,
        "arch=c000003e syscall=59 success=yes exit=0 a0=4 a1=0 items=2 ppid=1 comm=612062 " +
          'exe=2F62696E2F636166C3A9 key=(null)\x1dAUID="alice" ARCH=x86_64',
      ],
      [
        1302,
        "web-1",
        8176,
        0,
        "item=0 inode=9007199254740993 mode=0100755 dev=fe:00 cap_fp=0000000000000400",
      ],
      [1302, "web-1", 8176, 0, "item=1 name=FF25"],
    ])
  })

  it("says so where laurel cut or joined arguments", () => {
    const cut =
      '{"ID":"1.000:1","EXECVE":{"argc":9,"ARGV":["ls",{"skipped_args":7,"skipped_bytes":70},"-l"]}}\n' +
      '{"ID":"1.000:2","EXECVE":{"argc":2,"COMMAND":"ls -l"}}\n{"ID":"1.000:3","EXECVE":{"argc":2,"COMMAND":"ls a b"}}'
    const { records, problems } = runFramer("laurel", cut)
    expect(records.map((record) => record.body)).toEqual([
      'argc=9 a0="ls" a8="-l"',
      'argc=2 a0="ls" a1="-l"',
      'argc=2 a0="ls" a1=612062',
    ])
    expect(problems.map((problem) => [problem.code, problem.severity, problem.offset])).toEqual([
      ["linux-audit/laurel-arguments-cut", "warning", 0],
      ["linux-audit/laurel-arguments-joined", "warning", 149],
    ])
  })

  it("rejects an event that holds no record", () => {
    const { records, problems, foreign } = runFramer("laurel", '{"ID":"1.000:1","PARENT_INFO":{}}')
    expect([records, foreign]).toEqual([[], []])
    expect(problems).toMatchObject([
      { code: "linux-audit/bad-object", severity: "error", offset: 0, length: 33 },
    ])
  })
})

describe.skipIf(!hasShared)(`laurel's JSON against the log it was made from ${WITHOUT_SHARED}`, () => {
  it("gives back every field but what laurel itself lost", () => {
    const raw = runFramer("auditd", readFileSync(path.join(REAL, "audit.log")))
    const json = execFileSync("xzcat", [path.join(REAL, "golden/laurel-0.5.1.raw.jsonl.xz")], {
      maxBuffer: 1 << 28,
    })
    const laurel = runFramer("laurel", json)
    expect(laurel.problems).toEqual([])
    expect(laurel.foreign).toEqual([])
    expect(differencesOf(raw.records, laurel.records)).toEqual(
      new Map([
        // laurel makes 0o0 of it; the number is the same.
        ["1337 mode", "00 became 0"],
        // laurel does not read TTY records that begin with a word.
        ["1319", "1 records, found 0"],
      ]),
    )
  })
})

function differencesOf(raw: readonly KeptRecord[], rebuilt: readonly KeptRecord[]): Map<string, string> {
  const differences = new Map<string, string>()
  const found = fieldsByRecord(rebuilt)
  for (const [key, expected] of fieldsByRecord(raw)) {
    const type = key.slice(0, key.indexOf(" "))
    const given = found.get(key) ?? []
    found.delete(key)
    if (given.length !== expected.length)
      differences.set(type, `${expected.length} records, found ${given.length}`)
    given.forEach((fields, index) => {
      const others = expected[index] ?? new Map<string, string>()
      for (const name of new Set([...fields.keys(), ...others.keys()])) {
        const [is, was] = [fields.get(name), others.get(name)]
        if (is !== was) differences.set(`${type} ${name}`, `${was} became ${is}`)
      }
    })
  }
  for (const key of found.keys()) differences.set(key, "invented")
  return differences
}
