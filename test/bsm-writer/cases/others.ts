/** Trails as FreeBSD and Solaris write them, and every token there is. */
import { EVERY_TOKEN, RAW_TOKENS } from "../every-token.ts"
import { record, SECOND } from "../record.ts"
import * as tokens from "../tokens.ts"
import { type BsmCase, sound } from "./case.ts"

const SHELL = {
  auid: 1001,
  euid: 1001,
  egid: 1001,
  pid: 1768,
  sid: 1768,
  port: 47_194,
  address: "192.0.2.134",
}
const CHILD = { ...SHELL, pid: 1771 }
const at = (second: number, event: number, list: readonly Buffer[]): Buffer =>
  record(event, list, { second: SECOND + second })
const plain = (path: string): Buffer[] => [
  tokens.path(path),
  tokens.attr32({ mode: 0o555, fsid: 93, node: 8_657_740 }),
]
const done = (value = 0): Buffer => tokens.returns32(0, value)

function freebsd(): BsmCase {
  const who = tokens.subject(CHILD)
  const fd = tokens.arg32(1, 3, "fd")
  const items = [
    at(0, 45_000, [tokens.text("auditd::Audit startup"), done()]),
    at(1, 32_800, [tokens.subject(SHELL, "32ex"), tokens.text("successful login alice"), done()]),
    at(2, 2, [tokens.arg32(0, 1771, "child PID"), tokens.subject(SHELL), done(1771)]),
    at(3, 23, [
      tokens.execArgs(["sh", "-c", "id, \u00e9"]),
      tokens.execEnv(["A=1"]),
      ...plain("/bin/sh"),
      who,
      done(),
    ]),
    at(4, 43_144, [
      tokens.execArgs(["id"]),
      tokens.arg32(1, 5, "fd"),
      tokens.attr32({ mode: 0o555, fsid: 93 }),
      who,
      done(),
    ]),
    at(5, 23, [tokens.execArgs(["ls"]), ...plain("/bin/ls"), who, tokens.zonename("jail1"), done()]),
    at(6, 32, [fd, tokens.sockinet32("192.0.2.80", 80), who, done()]),
    at(7, 32, [fd, tokens.sockinet128("2001:db8::80", 443, 28), who, tokens.returns32(146, 0xffff_ffff)]),
    at(8, 43_210, [fd, who, done(7)]),
    at(9, 6159, [tokens.subject(SHELL), tokens.text("successful authentication"), done()]),
    at(10, 1, [tokens.exit(1, 0), who, done()]),
    at(11, 45_001, [tokens.text("auditd::Audit shutdown"), done()]),
  ]
  return sound("freebsd/session", {
    shows: "A login over ssh, programs run in and out of a jail, connections, su.",
    items,
  })
}

function solaris(): BsmCase {
  const head = { version: 2, isWide: true, msec: 123_456_789, second: SECOND }
  const who = {
    auid: 101,
    euid: 0,
    egid: 0,
    pid: 900,
    sid: 77,
    port: 0x1234_0000_0016n,
    address: "192.0.2.9",
  }
  const items = [
    tokens.file64("/var/audit/20231114221320.not_terminated.web-1", SECOND),
    record(
      23,
      [
        tokens.path("/usr/bin/ls"),
        tokens.attr64({ mode: 0o100555, dev: 2n ** 33n }),
        tokens.cmd(["ls", "-l"], ["A=1"]),
        tokens.subject(who, "64ex"),
        tokens.returns64(),
        tokens.sequence(1),
      ],
      head,
    ),
    record(
      6152,
      [tokens.subject(who, "64ex"), tokens.text("login"), tokens.returns64(), tokens.sequence(2)],
      head,
    ),
    record(
      23,
      [
        tokens.unknown(0x30, Buffer.from("0001000000070006", "hex")),
        tokens.subject(who, "64ex"),
        tokens.sequence(3),
      ],
      head,
    ),
    record(
      32,
      [
        tokens.host("192.0.2.1"),
        tokens.subject(who, "64"),
        tokens.returns64(0, 2n ** 63n),
        tokens.sequence(6),
      ],
      head,
    ),
    tokens.file64("/var/audit/20231114221320.20231114221330.web-1", SECOND + 10),
  ]
  return sound("solaris/wide", {
    shows: "64-bit headers with nanoseconds, file tokens at both ends, sequence numbers.",
    items,
    fileTokens: 2,
  })
}

function everyToken(): BsmCase {
  const items = EVERY_TOKEN.concat(RAW_TOKENS).map(({ bytes }, index) => at(index, 0, [bytes]))
  return sound("any/every-token", {
    shows: "Every token in every width, one a record, then ids without a layout.",
    items,
  })
}

function headers(): BsmCase {
  const list = [tokens.path("/srv/demo"), tokens.subject(SHELL), done()]
  const heads = [{}, { isWide: true }].flatMap((width) =>
    [{}, { host: "192.0.2.7" }, { host: "2001:db8::7" }].map((host) => ({ ...width, ...host })),
  )
  const items = heads.flatMap((head) => [
    record(72, list, head),
    record(72, list, { ...head, modifier: 0xc000 }),
  ])
  return sound("any/headers", {
    shows: "Headers of 32 and 64 bits, with and without the address of a host.",
    items,
  })
}

export const OTHER_CASES: readonly BsmCase[] = [freebsd(), solaris(), everyToken(), headers()]
