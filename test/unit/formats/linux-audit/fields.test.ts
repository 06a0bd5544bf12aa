/** How a body is split: the quirks of old and new records, the enriched tail, and damage. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { splitBody, splitFields } from "../../../../src/formats/linux-audit/fields.ts"
import { recordOf } from "./saved-records.ts"

const split = (type: string, body: string | Buffer): string[] =>
  splitFields(recordOf(type, body)).map(({ name, raw }) => `${name}=${raw}`)

describe("splitFields", () => {
  it.each<[string, string, string, string[]]>([
    ["runs of spaces", "CWD", '  cwd="/a"   x=1 ', ['cwd="/a"', "x=1"]],
    ["words that are no field", "TTY", "tty pid=1 old auid=2 new auid=3", ["pid=1", "auid=2", "auid=3"]],
    [
      "an operation of several words",
      "ADD_USER",
      "msg='op=adding user id=7 res=success'",
      ["op=adding", "id=7", "res=success"],
    ],
    [
      "an old PAM message",
      "CRED_ACQ",
      `uid=0 msg='PAM: setcred acct="root" : exe="/usr/sbin/crond" (hostname=?, addr=?, terminal=cron res=success)'`,
      [
        "uid=0",
        'acct="root"',
        'exe="/usr/sbin/crond"',
        "hostname=?",
        "addr=?",
        "terminal=cron",
        "res=success",
      ],
    ],
    ["values in parentheses", "SYSCALL", "tty=(none) key=(null) a=(b)", ["tty=(none)", "key=(null)", "a=(b"]],
    [
      "one of each sign at the end",
      "USER",
      "text=note: a=b)',: c=d:: e=:",
      ["text=note", "a=b", "c=d:", "e="],
    ],
    ["a double equals sign", "ANOM_ABEND", "subj==unconfined pid=1", ["subj==unconfined", "pid=1"]],
    ["a value that is missing", "ADD_GROUP", "op= id=1 res=", ["id=1"]],
    ["several keys", "SYSCALL", "key=61016201FF", ['key="a"', 'key="b"', "key=FF"]],
    ["a key that is no hex", "SYSCALL", "key=abc key=616", ["key=abc", "key=616"]],
    [
      "an SELinux decision",
      "AVC",
      "avc:  denied  { read write } for  pid=1",
      ["seresult=denied", "seperms=read,write", "pid=1"],
    ],
    ["permissions without an end", "AVC", "avc: granted { a b=c", ["seresult=granted", "seperms=a,b=c"]],
    [
      "a decision within a message",
      "USER_AVC",
      "pid=1 uid=0 msg='avc:  denied  { start } for auid=0 res=1'",
      ["pid=1", "uid=0", "auid=0", "res=1"],
    ],
    [
      "a quoted text with spaces",
      "ANOM_ABEND",
      'reason="memory violation" sig=11',
      ['reason="memory violation"', "sig=11"],
    ],
    ["a quote that swallows no field", "AVC", 'info="a b c=1" d=2', ['info="a', 'c=1"', "d=2"]],
    ["a header within", "USER", "msg=audit(1.2:3): a=1", ["a=1"]],
    ["nothing", "EOE", "", []],
  ])("%s", (_, type, body, fields) => expect(split(type, body)).toEqual(fields))

  it("keeps bytes that are not UTF-8, reversibly", () => {
    expect(split("USER", Buffer.from([0x61, 0x3d, 0xff, 0x20, 0x62, 0x3d, 0xc3, 0xa9]))).toEqual([
      "a=\\xFF",
      "b=é",
    ])
  })

  it("tells of a message that is never closed", () => {
    expect(splitBody(recordOf("USER", "pid=1 msg='op=x")).openQuoteAt).toBe(10)
    expect(splitBody(recordOf("USER", "pid=1 msg='op=x'")).openQuoteAt).toBe(-1)
  })
})

describe("the enriched tail", () => {
  const enriched = (type: string, body: string): string[] =>
    splitFields(recordOf(type, body)).map(({ name, enriched }) => `${name}:${enriched ?? ""}`)

  it.each<[string, string, string[]]>([
    ["after its separator", 'uid=1 pid=2 gid=3\x1dUID="a" GID="b"', ['uid:"a"', "pid:", 'gid:"b"']],
    ["after a space", 'uid=1 gid=3 UID="a" GID="b"', ['uid:"a"', 'gid:"b"']],
    ["after a quote", 'uid=1 key="x"UID="a"', ['uid:"a"', "key:"]],
    ["after a message", "uid=1 msg='op=x res=1'UID=\"a\"", ['uid:"a"', "op:", "res:"]],
    ["after a number", 'ogid=0 ouid=0OUID="root" OGID="r"', ['ogid:"r"', 'ouid:"root"']],
    ["after bytes in hex", "ouid=1 name=2F61FFOUID=6162", ["ouid:6162", "name:"]],
    ["the longest name wins", 'euid=0 x=(null)EUID="a"', ['euid:"a"', "x:"]],
    ["an address", "saddr=0100SADDR={ saddr_fam=local path=/a }", ["saddr:{ saddr_fam=local path=/a }"]],
    ["an unknown family", "saddr=0000SADDR=unknown-family(0)", ["saddr:unknown-family(0)"]],
    [
      "the n-th of a name belongs to the n-th field",
      'uid=0 uid=5\x1dUID="root" UID="eve"',
      ['uid:"root"', 'uid:"eve"'],
    ],
    [
      "in another order",
      'uid=0 gid=5 auid=1\x1dAUID="c" GID="b" UID="a"',
      ['uid:"a"', 'gid:"b"', 'auid:"c"'],
    ],
    ["cut short", 'uid=0 gid=5\x1dUID="a', ['uid:"a', "gid:"]],
    ["empty", "uid=0\x1d", ["uid:"]],
  ])("%s", (_, body, fields) => expect(enriched("SYSCALL", body)).toEqual(fields))

  it.each<[string, string[]]>([
    ["a=1 msg='text=UID=\"root\"'", ["a:", "text:"]],
    ["a=1 msg='hi UID=\"root\"'", ["a:", "UID:"]],
    ["a=1 NOTUID=1", ["a:", "NOTUID:"]],
    ["uid=1 NOTUID=1", ["uid:", "NOTUID:"]],
    ["name=2F6OUID=1", ["name:"]],
    ["a=1 UIDX=1", ["a:", "UIDX:"]],
  ])("is none: %s", (body, fields) => expect(enriched("USER", body)).toEqual(fields))
})

describe("any body", () => {
  const piece = fc.constantFrom(
    ..."abcAUIDF0159=\"'(){},: \x1d\x01\x00\xff\\".split(""),
    " uid=",
    "msg='",
    "key=",
    "UID=",
    "SADDR={ saddr_fam=",
    '\x1dUID="a"',
    "avc: denied {",
  )

  it("gives fields that lie in it, in order, and never an exception", () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.constantFrom("AVC", "USER_AVC", "SYSCALL", "EXECVE", "USER_CMD"),
        (pieces, type) => {
          const { fields, text } = splitBody(recordOf(type, Buffer.from(pieces.join(""), "latin1")))
          let last = 0
          for (const { name, raw, at } of fields) {
            expect(at).toBeGreaterThanOrEqual(last)
            expect(name).not.toMatch(/[ =]/)
            if (name !== "key" && name !== "seperms") expect(text.startsWith(raw, at)).toBe(true)
            last = at
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each(["uid=0 ", "msg='", "key=", 'a=" ', "{", 'UID="', "AVC{ "])(
    "is read in linear time: %j",
    (unit) => {
      const body = `a=1 ${unit.repeat(200_000)}`
      expect(splitFields(recordOf("AVC", `${body}\x1dUID="a"`)).length).toBeGreaterThan(0)
      expect(splitFields(recordOf("AVC", `${body}'UID="a"`)).length).toBeGreaterThan(0)
    },
  )
})
