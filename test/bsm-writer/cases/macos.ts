/** Trails as macOS writes them: paths twice, identity behind the return, session events, IPv6 ports swapped. */
import { record, SECOND, shortRecord } from "../record.ts"
import * as tokens from "../tokens.ts"
import { type BsmCase, sound } from "./case.ts"

const SHELL = { auid: 501, euid: 501, egid: 20, pid: 410, sid: 100_007, port: 0x1000_0002 }
const LS = { ...SHELL, pid: 411 }
const ROOT = { auid: 501, euid: 0, egid: 0, ruid: 501, rgid: 20, pid: 420, sid: 100_007 }

let clock = 0
/** A second after the one before it. */
const next = (event: number, list: readonly Buffer[]): Buffer =>
  record(event, list, { second: SECOND + clock++, msec: 250 })
const twice = (path: string): Buffer[] => [tokens.path(path), tokens.path(path), tokens.attr32()]
const done = (value = 0): Buffer => tokens.returns32(0, value)
const zsh = tokens.identity({ signingId: "com.apple.zsh" })
const tool = tokens.identity({ type: 0, signingId: "com.example.tool", teamId: "TEAM000001" })

function session(): BsmCase {
  clock = 0
  const items = [
    next(45_000, [tokens.text("launchd::Audit startup"), done()]),
    next(44_901, [
      tokens.arg64(1, 0x2010, "sflags"),
      tokens.arg32(2, 0x1000, "am_success"),
      tokens.arg32(3, 0x1000, "am_failure"),
      tokens.subject({ ...SHELL, pid: 98 }),
      done(),
    ]),
    next(45_023, [
      tokens.subject({ ...SHELL, pid: 98 }),
      tokens.text("Authentication for user <alice>"),
      done(),
    ]),
    next(45_021, [tokens.subject({ ...SHELL, pid: 98 }), tokens.text("alice"), done()]),
    next(2, [tokens.arg32(0, 411, "child PID"), tokens.subject(SHELL), done(411), zsh]),
    next(23, [
      tokens.execArgs(["ls", "-l", "/srv/demo"]),
      tokens.execEnv(["HOME=/Users/alice", "LANG=C"]),
      ...twice("/bin/ls"),
      tokens.subject(LS),
      done(),
      zsh,
    ]),
    next(1, [tokens.exit(0), tokens.subject(LS), done()]),
    next(43_190, [
      tokens.arg32(0, 412, "child PID"),
      tokens.execArgs(["/usr/bin/true"]),
      ...twice("/usr/bin/true"),
      tokens.subject(SHELL),
      done(),
      zsh,
    ]),
    next(43_190, [
      tokens.execArgs(["missing"]),
      tokens.path("/usr/bin/missing"),
      tokens.subject(SHELL),
      tokens.returns32(2, 0xffff_ffff),
      zsh,
    ]),
    next(45_028, [tokens.subject(ROOT), tokens.text("/usr/bin/id"), done()]),
    next(45_022, [tokens.subject({ ...SHELL, pid: 98 }), tokens.text("alice"), done()]),
    next(44_903, [tokens.arg64(1, 0x2010, "sflags"), tokens.subject({ ...SHELL, pid: 98 }), done()]),
    next(45_001, [tokens.text("launchd::Audit shutdown"), done()]),
  ]
  return sound("macos/session", {
    shows: "A login, a shell that forks, runs and spawns programs, sudo, and the logout.",
    items,
  })
}

function sockets(): BsmCase {
  clock = 100
  const fd = tokens.arg32(1, 5, "fd")
  const who = tokens.subject(LS)
  const items = [
    next(183, [
      tokens.arg32(1, 26, "domain"),
      tokens.arg32(2, 2, "type"),
      tokens.arg32(3, 0, "protocol"),
      who,
      done(5),
      tool,
    ]),
    next(32, [fd, tokens.sockinet32("192.0.2.80", 443), who, done(), tool]),
    next(32, [fd, tokens.sockinet128("2001:db8::80", 0xbb01), who, tokens.returns32(150, 0xffff_ffff), tool]),
    next(32, [
      fd,
      tokens.sockunix("/var/run/demo.sock"),
      ...twice("/private/var/run/demo.sock"),
      who,
      done(),
      tool,
    ]),
    next(34, [fd, tokens.sockinet128("::", 0x901f), who, done(), tool]),
    next(43_140, [fd, who, done(), tool]),
    next(33, [fd, tokens.sockinet32("198.51.100.7", 0), who, done(6), tool]),
    next(32, [fd, tokens.sockinet32("192.0.2.81", 25), who, tokens.returns32(146, 0xffff_ffff), tool]),
    next(32, [fd, tokens.sockinet32("192.0.2.82", 25), who, tokens.returns32(250, 0xffff_ffff), tool]),
  ]
  return sound("macos/sockets", {
    shows: "Calls of sockets, the ports of IPv6 addresses swapped as the system does.",
    items,
  })
}

function remote(): BsmCase {
  clock = 200
  const viewer = { ...SHELL, pid: 500, port: 50_022, address: "2001:db8::22" }
  const items = [
    next(6172, [tokens.subject(viewer, "32ex"), tokens.text("alice"), done()]),
    next(32_800, [tokens.subject(viewer, "32ex"), tokens.text("successful login alice"), done()]),
    next(32_800, [
      tokens.subject({ ...viewer, auid: 0xffff_ffff }, "32ex"),
      tokens.text("invalid user mallory"),
      tokens.returns32(1, 1),
    ]),
    next(6153, [tokens.subject(viewer, "32ex"), tokens.text("alice"), done()]),
  ]
  return sound("macos/remote-logins", {
    shows: "Logins over ssh from an IPv6 address, one of them refused.",
    items,
  })
}

function deviations(): BsmCase {
  clock = 300
  const rest = [...twice("/bin/echo"), tokens.subject(LS), done(), zsh]
  const host = { host: "192.0.2.7", second: SECOND + 310 }
  const items = [
    next(23, [tokens.execArgs(["echo", "one", "two"], 900), ...rest]),
    shortRecord(23, [tokens.execArgs(["echo", "short"]), ...rest], host),
    shortRecord(1, [tokens.exit(0), tokens.subject(LS), done()], host),
    record(2, [tokens.arg32(0, 433, "child PID"), tokens.subject(SHELL), done(433)], host),
  ]
  return sound("macos/kernel-defects", {
    shows: "Argument lists and records that the kernel itself cuts.",
    items,
  })
}

export const MACOS_CASES: readonly BsmCase[] = [session(), sockets(), remote(), deviations()]
