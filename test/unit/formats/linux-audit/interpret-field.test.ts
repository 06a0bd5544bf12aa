/** What values mean, kind by kind, and what damaged values leave behind. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Problem } from "../../../../src/base/problem.ts"
import { decodeRecord } from "../../../../src/formats/linux-audit/decode-record.ts"
import { recordOf } from "./saved-records.ts"

/** The interpretation of the last field of a body. */
const meaning = (type: string, body: string): string | undefined =>
  decodeRecord(recordOf(type, body)).fields.at(-1)?.[2]

const X86 = "arch=c000003e syscall="

describe("interpretField", () => {
  it.each<[string, string, string]>([
    ["SYSCALL", "arch=c000003e", "x86_64"],
    ["SYSCALL", "arch=deadbeef", "unknown-elf-type(deadbeef)"],
    ["SYSCALL", `${X86}59`, "execve"],
    ["SYSCALL", `${X86}59success=yes`, "execve"],
    ["SYSCALL", `${X86}1073742344`, "execve"],
    ["SYSCALL", `${X86}9999`, "unknown-syscall(9999)"],
    ["SYSCALL", "arch=40000003 a0=3 syscall=102", "socketcall(connect)"],
    ["SYSCALL", "arch=40000003 a0=15 syscall=117", "ipc(shmat)"],
    ["URINGOP", "uring_op=18", "openat"],
    ["SYSCALL", "exit=-2", "ENOENT(No such file or directory)"],
    ["SYSCALL", "exit=-512", "-512"],
    ["SYSCALL", "exit=3", "3"],
    ["SYSCALL", "auid=4294967295", "unset"],
    ["SYSCALL", "auid=-1", "unset"],
    ["SYSCALL", "ses=4294967295", "unset"],
    ["SYSCALL", "per=40000", "PER_LINUX|~ADDR_NO_RANDOMIZE"],
    ["PATH", "mode=0104755", "file,suid,755"],
    ["PATH", "mode=041777", "dir,sticky,777"],
    ["PATH", "mode=0", "000,000"],
    ["LANDLOCK_DOMAIN", "mode=enforcing", "enforcing"],
    ["MQ_OPEN", "mode=0600", "0600"],
    ["MQ_OPEN", "oflag=0x42", "O_RDWR|O_CREAT"],
    ["PATH", 'name="a b"', "a b"],
    ["PATH", "name=3005", "0\x05"],
    ["PATH", 'name="3005"', "3005"],
    ["PATH", "name=(null)", "(null)"],
    ["PATH", "cap_fp=3", "chown,dac_override"],
    ["BPRM_FCAPS", "pe=0000010000000000", "checkpoint_restore"],
    ["BPRM_FCAPS", "pe=0000000000000000", "none"],
    ["USER", "msg='uid=1000'", "1000"],
    ["ADD_GROUP", "id=4294967295", "unset"],
    ["USER_CMD", "cmd=6C73202D6C", "ls -l"],
    ["USER_LOGIN", "acct=28696E76616C6964207573657229", "(invalid user)"],
    ["PROCTITLE", "proctitle=6C73002D6C", "ls -l"],
    ["PROCTITLE", 'proctitle="ls"', "ls"],
    ["EXECVE", "a0=6C73", "ls"],
    ["EXECVE", "a1[0]=C3A9", "é"],
    ["EXECVE", "a1_len=10", "10"],
    ["EXECVE", "argc=10", "10"],
    ["TTY", "data=6C73000D1B5B411B5B337E22C3", '"ls\\000",<ret>,<up>,<delete>,"\\"\\303"'],
    ["TTY", "data=03041B7F9B41", "<^C>,<^D>,<esc>,<backspace>,<up>"],
    ["SECCOMP", "code=0x7ffc0000", "log"],
    ["SECCOMP", "sig=31", "SIGSYS"],
    ["CONFIG_CHANGE", "list=4", "exit"],
    ["CONFIG_CHANGE", "res=1", "yes"],
    ["USER_AUTH", "res=failed", "failed"],
    ["CONFIG_CHANGE", "perm=5", "read,exec"],
    ["NETFILTER_PKT", "saddr=10.0.0.1", "10.0.0.1"],
    ["NETFILTER_PKT", "proto=6", "tcp"],
    ["NETFILTER_CFG", "family=2", "ipv4"],
    ["FANOTIFY", "resp=2", "deny"],
    ["FANOTIFY", "fan_type=1 fan_info=3137", "12599"],
    ["FANOTIFY", "fan_type=0 fan_info=0", "0"],
    ["OPENAT2", "resolve=0x9", "RESOLVE_NO_XDEV|RESOLVE_BENEATH"],
    ["MMAP", "flags=0x12", "MAP_PRIVATE|MAP_FIXED"],
    ["ANOM_PROMISCUOUS", "prom=256", "yes"],
    ["INTEGRITY_DATA", "errno=13", "EACCES"],
    ["CRYPTO_KEY_USER", "fp=SHA256:aa", "SHA256:aa"],
    ["SOCKADDR", "saddr=0100", "{ saddr_fam=local unnamed socket }"],
    ["SOCKADDR", "saddr=0100006100", "{ saddr_fam=local path=a\\x00 }"],
    ["SOCKADDR", "saddr=0200", "{ saddr_fam=inet sockaddr len too short }"],
    ["SOCKADDR", "saddr=2800000001000000FFFFFFFF00000000", "{ saddr_fam=vsock cid=4294967295 port=1 }"],
    ["USER", "toString=1 constructor=2", "2"],
  ])("%s %s is %s", (type, body, expected) => expect(meaning(type, body)).toBe(expected))

  it.each<[number, string, string]>([
    [2, "a1=42 a2=1a4", "0644"],
    [2, "a1=2 a2=1a4", "0x1a4"],
    [2, "a1=442", "O_RDWR|O_CREAT|O_APPEND"],
    [257, "a0=ffffff9c", "AT_FDCWD"],
    [257, "a2=80000", "O_RDONLY|O_CLOEXEC"],
    [56, "a0=1200011", "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD"],
    [9, "a2=5", "PROT_READ|PROT_EXEC"],
    [9, "a3=22", "MAP_PRIVATE|MAP_ANONYMOUS"],
    [41, "a0=2", "inet"],
    [41, "a1=80001", "SOCK_STREAM"],
    [41, "a2=11", "udp"],
    [62, "a1=9", "SIGKILL"],
    [62, "a1=40", "unknown-signal(0x40)"],
    [101, "a0=10", "PTRACE_ATTACH"],
    [157, "a0=16", "PR_SET_SECCOMP"],
    [157, "a0=17 a1=15", "sys_admin"],
    [72, "a1=8 a2=7", "7"],
    [54, "a1=6 a2=1", "TCP_NODELAY"],
    [90, "a1=9ed", "suid,0755"],
    [92, "a1=3e8", "1000"],
    [165, "a3=1001", "MS_RDONLY|MS_BIND"],
    [29, "a2=780", "IPC_CREAT|IPC_EXCL|0600"],
    [59, "a0=55d0", "0x55d0"],
  ])("the argument of call %d, %s, is %s", (call, body, expected) => {
    expect(meaning("SYSCALL", `${X86}${call} ${body}`)).toBe(expected)
  })
})

describe("accounts", () => {
  const accounts = { users: new Map([[7, "eve"]]), groups: new Map([[7, "wheel"]]) }
  const names = (body: string) =>
    decodeRecord(recordOf("SYSCALL", body), accounts).fields.map((field) => field[2])

  it("come from the caller's maps", () => {
    expect(names("uid=7 gid=7 auid=8 egid=0")).toEqual(["eve", "wheel", "8", "0"])
    expect(names(`${X86}105 a0=7`).at(-1)).toBe("eve")
  })

  it("come from the tail first, unless the host did not know either", () => {
    expect(names('uid=7 auid=7 fsuid=8\x1dUID="mallory" AUID="unknown(7)" FSUID="unknown(8)"')).toEqual([
      "mallory",
      "eve",
      "unknown(8)",
    ])
  })
})

describe("damage", () => {
  function problemsOf(type: string, body: string): [Problem[], string | undefined] {
    const problems: Problem[] = []
    const record = recordOf(type, `type=X: ${body}`)
    record.start = 8
    record.offset = 1000
    const { fields } = decodeRecord(record, undefined, (problem) => problems.push(problem))
    return [problems, fields.at(-1)?.[2]]
  }

  it.each<[string, string, string, number, string]>([
    ["PATH", "name=ABC", "linux-audit/bad-hex", 5, "ABC"],
    ["SOCKADDR", "saddr=zz", "linux-audit/bad-hex", 6, "zz"],
    ["PATH", 'name="abc', "linux-audit/unterminated-quote", 5, '"abc'],
    ["USER", "uid=0 msg='op=x", "linux-audit/unterminated-quote", 10, "x"],
    ["SYSCALL", "uid=x", "linux-audit/bad-number", 4, "x"],
    ["SYSCALL", "exit=-", "linux-audit/bad-number", 5, "-"],
    ["SYSCALL", "a0=xyz", "linux-audit/bad-number", 3, "xyz"],
  ])("%s %s", (type, body, code, at, kept) => {
    const [problems, meant] = problemsOf(type, body)
    expect(problems).toMatchObject([{ code, severity: "warning", offset: 1000 + 8 + at }])
    expect(meant).toBe(kept)
  })

  it("counts bytes where the text does not", () => {
    const [problems] = problemsOf("PATH", "é=é name=ABC")
    expect(problems).toMatchObject([{ code: "linux-audit/bad-hex", offset: 1000 + 8 + 6 + 5 }])
  })

  it.each(["name=?", "name=(null)", "name=word", 'comm="a"', "key=(null)", "ses=?"])("is none: %s", (body) =>
    expect(problemsOf("PATH", body)[0]).toEqual([]),
  )

  it("never throws, and always keeps the raw text", () => {
    const names = [
      "a0",
      "a3",
      "uid",
      "saddr",
      "exit",
      "data",
      "mode",
      "cap_fp",
      "fan_info",
      "hook",
      "oflag",
      "id",
    ]
    const value = fc.oneof(
      fc.string(),
      fc.stringMatching(/^-?[0-9A-F]{0,20}$/),
      fc.stringMatching(/^0x[0-9a-f]{0,18}$/),
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...names, "arch=c000003e syscall"), value), { maxLength: 8 }),
        fc.integer({ min: -1, max: 2600 }),
        (fields, type) => {
          const body = fields.map(([name, text]) => `${name}=${text}`).join(" ")
          const decoded = decodeRecord(recordOf(type, body), undefined, () => undefined)
          for (const field of decoded.fields) expect(typeof field[2]).toBe("string")
          expect(JSON.parse(JSON.stringify(decoded))).toEqual(decoded)
        },
      ),
      { numRuns: 3000 },
    )
  })
})
