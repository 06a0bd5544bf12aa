import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { machineArch } from "../../../../src/sources/audit/machine.ts"
import { ruleText } from "../../../../src/sources/audit/rule-text.ts"
import { parseRulesFile } from "../../../../src/sources/audit/rules-file/rules-file.ts"

const machine = machineArch("x64") ?? { native: 0, compat: 0 }
const users = new Map([
  ["root", 0],
  ["alice", 1001],
])
const CONTEXT = {
  machine,
  userId: (name: string) => users.get(name),
  groupId: (name: string) => users.get(name),
  isDirectory: (path: string) => path === "/etc" || path === "/",
}
const listed = (text: string) => {
  const { rules, problems } = parseRulesFile(text, CONTEXT)
  return problems.length > 0 ? problems : rules.map((rule) => ruleText(rule, machine.native))
}

describe("rules as auditctl 3.0.9 -l printed them after -R", () => {
  it.each([
    [
      "-a always,exit -F arch=b64 -S execve,execveat -k demo",
      "-a always,exit -F arch=b64 -S execve,execveat -F key=demo",
    ],
    ["-a exit,always -S open -S close,read -k a -k b", "-a always,exit -S read,open,close -F key=a -F key=b"],
    [
      "-a always,exit -F arch=b32 -S all -F auid>=1000 -F auid!=unset",
      "-a always,exit -F arch=b32 -S all -F auid>=1000 -F auid!=-1",
    ],
    ["-w /etc/ -p rwxa", "-w /etc -p rwxa"],
    ["-w /etc/passwd -p wa -k id", "-w /etc/passwd -p wa -k id"],
    ["-w /nonexist -k x", "-w /nonexist -p rwxa -k x"],
    ["-w / ", "-w / -p rwxa"],
    ["-a always,exit -F dir=/etc/ssh/ -F perm=wa -F key=q", "-w /etc/ssh/ -p wa -k q"],
    ["-w /etc -F uid=0", "-a always,exit -S all -F dir=/etc -F perm=rwxa -F uid=0"],
    ["-a never,task", "-a never,task"],
    ["-a never,user -F pid=77", "-a never,user -F pid=77"],
    [
      "-a always,exclude -F msgtype>1300 -F msgtype<1399",
      "-a always,exclude -F msgtype>SYSCALL -F msgtype<1399",
    ],
    ["-a never,filesystem -F fstype=tracefs", "-a never,filesystem -F fstype=tracefs"],
    ["-a always,exit -S 2 -F exit=-EPERM -F success=0", "-a always,exit -S open -F exit=-EPERM -F success=0"],
    ["-a always,exit -S open -F exit=-0x10 -F pid=010", "-a always,exit -S open -F exit=-EBUSY -F pid=8"],
    [
      "-a always,exit -F arch=x86_64 -S pread -F a0=-1 -F a1&=0x100 -F a2&7",
      "-a always,exit -F arch=b64 -S pread -F a0=0xFFFFFFFF -F a1&=0x100 -F a2&0x7",
    ],
    [
      "-A always,exit -F arch=b64 -S kill -F uid=root -C auid!=obj_uid",
      "-a always,exit -F arch=b64 -S kill -F uid=0 -C auid!=obj_uid",
    ],
    ["-a always,exit -S kill -C obj_uid=uid", "-a always,exit -S kill -C uid=obj_uid"],
    [
      "-a always,exit -F sessionid=unset -S open -F inode=4294967295",
      "-a always,exit -S open -F sessionid=-1 -F inode=4294967295",
    ],
    [
      "-a always,exit -F exe=/usr/bin/ls -F filetype=dir",
      "-a always,exit -S all -F exe=/usr/bin/ls -F filetype=16384",
    ],
  ])("%s", (line, expected) => {
    expect(listed(line)).toEqual([expected])
  })
})

describe("beyond auditctl 3.0.9", () => {
  it.each([
    ['-w "/srv/demo/two words" -p r -k "a b"', "-w /srv/demo/two words -p r -k a b"],
    ['-a always,exit -S open -F path="/srv/a b"', "-a always,exit -S open -F path=/srv/a b"],
    ["-a always,exit -S open -F success=no", "-a always,exit -S open -F success=0"],
    ["-a never,filter -F msgtype=EOE", "-a never,exclude -F msgtype=EOE"],
    ["-a always,exit -S pread64\t-F uid=alice", "-a always,exit -S pread -F uid=1001"],
  ])("%s", (line, expected) => {
    expect(listed(line)).toEqual([expected])
  })
})

describe("parseRulesFile", () => {
  it("gathers settings, forgets rules before -D, and passes comments over", () => {
    const text =
      "# demo\n-w /etc\n-D\n-b 8192\n-f 0\n-r 50\n--backlog_wait_time 60000\n-e 1\n\n-c\n-w /srv -k s\r\n"
    const { rules, settings, problems } = parseRulesFile(text, CONTEXT)
    expect(problems).toEqual([])
    expect(settings).toEqual({
      deleteAll: true,
      backlogLimit: 8192,
      failure: 0,
      rateLimit: 50,
      backlogWaitTime: 60000,
      enabled: 1,
    })
    expect(rules.map((rule) => ruleText(rule, machine.native))).toEqual(["-w /srv -p rwxa -k s"])
  })

  it.each([
    ["-e 2", /locked until the next boot/],
    ["-f 2", /panic/],
    ["-f 3", /0 or 1/],
    ["-b many", /not a number/],
    ["-b -1", /not a number/],
    ["-d always,exit -S open", /leave the rule out/],
    ["--loginuid-immutable", /before the next boot/],
    ["--reset-lost", /losses/],
    ["-z", /no option/],
    ["-a always,exit -S", /lacks its value/],
    ["-a always,exit,x -S open", /placed by a list/],
    ["-a possible,exit -S open", /placed by a list/],
    ["-a always,exit -S open -a always,exit", /one rule/],
    ["-a always,exit -S nosuch", /no such system call/],
    ["-a always,exit -S 4000", /no such system call/],
    ["-a always,exit -S open -F arch=b64", /before the -S/],
    ["-a always,exit -S open -F uid=nosuchuser", /no value of uid/],
    ["-a always,exit -S open -F uid&5", /does not take &/],
    ["-a always,exit -S open -F inode>1", /does not take >/],
    ["-a always,exit -S open -F pid=abc", /no value of pid/],
    ["-a always,exit -S open -F a0=0xffffffffff", /no value of a0/],
    ["-a always,exit -S open -F nosuch=1", /no such field/],
    ["-a always,exit -S open -F path=rel", /begins with \//],
    ["-a always,exit -S open -F perm=q", /no value of perm/],
    ["-a always,exit -S open -F msgtype=CWD", /exclude and user/],
    ["-a always,exit -C uid!=gid", /cannot be compared/],
    ["-a never,filesystem -F uid=0", /belong together/],
    ["-a never,task -S open", /exit list/],
    ["-a never,user -F exit=1", /exit list/],
    ["-w rel", /begins with \//],
    ["-p wa -w /etc", /follows the -w/],
    ["-F uid=0", /lacks -a/],
    ['-w "/etc', /not closed/],
    [`-w /etc -k ${"k".repeat(257)}`, /too long/],
    [`-a always,exit ${"-F uid=1 ".repeat(65)}`, /at most 64/],
  ])("says what is wrong with %s", (line, message) => {
    const { rules, settings, problems } = parseRulesFile(`\n${line}\n`, CONTEXT)
    expect({ rules, settings }).toEqual({ rules: [], settings: {} })
    expect(problems).toEqual([{ line: 2, message: expect.stringMatching(message) }])
  })

  it("never throws", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "-a",
        "-w",
        "-F",
        "-S",
        "-k",
        "-C",
        "-p",
        "-D",
        "-e",
        '"',
        "always,exit",
        "uid=",
        "a0&=1",
        "key=x",
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(word), (words) => void parseRulesFile(words.join(" "), CONTEXT)),
      { numRuns: 2000 },
    )
  })
})
