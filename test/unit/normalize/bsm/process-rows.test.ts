/** process_events of execs, spawns, forks and exits, and what the rows behind them know of processes. */
import { expect, it } from "vitest"
import {
  args,
  argument,
  attributes,
  env,
  exit,
  path,
  record,
  returns,
  SECOND,
  sequence,
  subject,
  subjectEx,
} from "./made.ts"
import { Reading, type Row } from "./rows-of.ts"

const EXECVE = 23
const SPAWN = 43_190
const FORK = 2
const EXIT = 1
const CHDIR = 8

const fork = (parent: number, child: number): Buffer =>
  record(FORK, [argument(0, child, "child PID"), subject({ pid: parent }), returns(0, child)])
const exec = (pid: number, program: string, second = SECOND): Buffer =>
  record(EXECVE, [args("x"), path(program), path(program), attributes(), subject({ pid }), returns()], second)
const spawn = (caller: number, child: number, tokens: readonly Buffer[]): Buffer =>
  record(SPAWN, [argument(0, child, "child PID"), ...tokens, subject({ pid: caller }), returns()])
const events = (reading: Reading): Row[] => reading.rows("process_events")

it("an exec has every column that its record holds", () => {
  const accounts = { users: new Map([[501, "alice"]]), groups: new Map() }
  const tokens = [
    args("sh", "-c", "echo 'a, b'"),
    env("A=1", "B=", ""),
    path("demo"),
    path("/srv/demo/demo"),
    attributes(0o104755, 3, 4),
    subject(),
    returns(),
    sequence(77),
  ]
  const reading = new Reading("macos", { accounts, host: "mac-1" }).read(record(EXECVE, tokens))
  expect(reading.row("process_events")).toMatchObject({
    pid: 100,
    path: "/srv/demo/demo",
    mode: "0104755",
    cmdline: "sh -c echo 'a, b'",
    cmdline_size: 17,
    argv: `["sh","-c","echo 'a, b'"]`,
    env: "A=1 B= ",
    env_count: 3,
    env_size: 7,
    cwd: "",
    auid: 501,
    uid: 501,
    gid: 20,
    owner_uid: 3,
    owner_gid: 4,
    parent: null,
    time: SECOND,
    time_ns: 1_700_000_000_037_000_000n,
    uptime: null,
    status: 0,
    syscall: "execve",
    source: "openbsm",
    event_type: "exec",
    host: "mac-1",
    record_id: 77,
    source_offset: 0,
    username: "alice",
    session_id: 100_007,
    exit_code: null,
    pid_version: null,
  })
})

it("bytes that are no UTF-8, empty arguments and none at all are told apart", () => {
  const read = (list: Buffer): Row =>
    new Reading().read(record(EXECVE, [list, subject(), returns()])).row("process_events")
  expect(read(args("a", "", Buffer.from([0xff, 0x22])))).toMatchObject({
    cmdline: 'a  \\xFF"',
    cmdline_size: 5,
    argv: String.raw`["a","","\u005cxFF\""]`,
  })
  expect(read(args())).toMatchObject({ cmdline: "", cmdline_size: 0, argv: "[]" })
  expect(read(path("/srv/demo/x"))).toMatchObject({
    cmdline: "",
    cmdline_size: null,
    argv: "",
    env_count: null,
  })
})

it.each([
  [7, "exec", "macos"],
  [EXECVE, "execve", "macos"],
  [43_131, "mac_execve", "macos"],
  [43_144, "fexecve", "freebsd"],
  [43_262, "execveat", "freebsd"],
] as const)("event %i is an %s", (event, syscall, platform) => {
  const reading = new Reading(platform).read(record(event, [path("/srv/demo/x"), subject(), returns()]))
  expect(reading.row("process_events")).toMatchObject({
    syscall,
    event_type: "exec",
    path: "/srv/demo/x",
    pid: 100,
  })
})

it.each([
  [2, "fork"],
  [25, "vfork"],
  [241, "fork1"],
  [353, "rfork"],
  [43_043, "rfork"],
  [43_197, "pdfork"],
])("event %i is a %s", (event, syscall) => {
  const reading = new Reading().read(record(event, [argument(0, 101), subject(), returns(0, 101)]))
  expect(reading.row("process_events")).toMatchObject({ syscall, event_type: "fork", pid: 101, parent: 100 })
})

it("an rfork that makes no process is no row, a failed fork has no child", () => {
  const alone = record(43_043, [argument(1, 4, "flags"), subject(), returns()])
  const failed = record(FORK, [subject(), returns(11, 0xffff_ffff)])
  const reading = new Reading("freebsd").read(alone, failed)
  expect(reading.row("process_events")).toMatchObject({ pid: null, parent: 100, status: 35 })
})

it("a spawn is of the new process; its children and sockets know it", () => {
  const image = [args("xpcproxy"), path("/usr/libexec/x"), path("/usr/libexec/x"), attributes()]
  const rows = events(new Reading().read(exec(1, "/sbin/launchd"), spawn(1, 101, image), fork(101, 102)))
  expect(rows.map(({ pid, parent, path, parent_path }) => [pid, parent, path, parent_path])).toEqual([
    [1, null, "/sbin/launchd", ""],
    [101, 1, "/usr/libexec/x", "/sbin/launchd"],
    [102, 101, "/usr/libexec/x", "/usr/libexec/x"],
  ])
})

it("a spawn without a child replaces the program of its caller; a failed one made none", () => {
  const inPlace = record(SPAWN, [
    path("/srv/demo/b"),
    path("/srv/demo/b"),
    attributes(),
    subject(),
    returns(),
  ])
  const failed = record(SPAWN, [args("c"), path("/usr/local/bin/c"), subject(), returns(2, 2)])
  const rows = events(new Reading().read(fork(7, 100), inPlace, failed)).slice(1)
  expect(rows).toMatchObject([
    { pid: 100, parent: 7, path: "/srv/demo/b", status: 0 },
    { pid: null, parent: 100, path: "/usr/local/bin/c", parent_path: "/srv/demo/b", status: 2 },
  ])
})

it("the one path of a spawn without attributes is that of another file", () => {
  const rows = events(
    new Reading().read(
      exec(101, "/srv/demo/old"),
      spawn(1, 101, [args("xpcproxy"), path("/dev/console")]),
      exec(1, "/x"),
    ),
  )
  expect(rows[1]).toMatchObject({ pid: 101, path: "", cmdline: "xpcproxy" })
  // What ran under the pid before is not what runs now.
  expect(
    events(new Reading().read(exec(101, "/o"), spawn(1, 101, [path("/dev/null")]), fork(101, 9)))[2]?.path,
  ).toBe("")
})

it("the program is the first file, the interpreter another", () => {
  const tokens = [path("run"), path("/srv/demo/run"), attributes(0o100755, 9), path("/bin/sh"), attributes()]
  const row = new Reading().read(record(EXECVE, [...tokens, subject(), returns()])).row("process_events")
  expect(row).toMatchObject({ path: "/srv/demo/run", owner_uid: 9 })
})

it("an exec succeeds with a positive value; a negative one is a failure of an unknown kind", () => {
  const one = (...result: readonly Buffer[]): Row =>
    new Reading().read(record(EXECVE, [path("/x"), subject(), ...result])).row("process_events")
  expect(one(returns(0, 5)).status).toBe(0)
  expect(one(returns(0, 0xffff_ffff)).status).toBeNull()
  expect(one().status).toBeNull()
})

it.each([
  ["macos", 13, 13],
  ["macos", 78, 63],
  ["macos", 206, 85],
  ["macos", 122, 102],
  ["freebsd", 122, 45],
  ["freebsd", 45, 11],
  ["unknown", 90, 62],
  ["unknown", 206, 206],
  ["solaris", 78, 78],
  ["macos", 250, 250],
] as const)("on %s the BSM error %i is %i", (platform, status, errno) => {
  const reading = new Reading(platform).read(record(EXECVE, [path("/x"), subject(), returns(status)]))
  expect(reading.row("process_events").status).toBe(errno)
})

it("a failed exec changes nothing of what is known", () => {
  const failed = record(EXECVE, [path("/srv/demo/no"), subject({ pid: 5 }), returns(13, 0xffff_ffff)])
  expect(events(new Reading().read(exec(5, "/srv/demo/a"), failed, fork(5, 6)))[2]?.path).toBe("/srv/demo/a")
})

it("an end has its code and takes parent and program with it", () => {
  const end = record(EXIT, [exit(3), subject({ pid: 6 }), returns()])
  const rows = events(new Reading().read(exec(5, "/srv/demo/a"), fork(5, 6), end, exec(6, "/srv/demo/b")))
  expect(rows[2]).toMatchObject({ event_type: "exit", pid: 6, parent: 5, exit_code: 3, path: "/srv/demo/a" })
  expect(rows[3]).toMatchObject({ pid: 6, parent: null })
})

it("the parent is known whatever the width of the subject", () => {
  const six = subjectEx({ pid: 6 }, Buffer.from("20010db8000000000000000000000001", "hex"))
  const row = events(new Reading().read(fork(5, 6), record(EXECVE, [path("/x"), six, returns()])))[1]
  expect(row).toMatchObject({ pid: 6, parent: 5 })
})

it("the directory is known from a chdir on, and passed on by fork, not by spawn", () => {
  const moved = record(CHDIR, [path("demo"), path("/srv/demo"), attributes(), subject({ pid: 5 }), returns()])
  const failed = record(CHDIR, [path("no"), path("/no"), subject({ pid: 5 }), returns(2)])
  const image = [path("/x"), path("/x"), attributes()]
  const reading = new Reading().read(exec(5, "/a"), moved, failed, exec(5, "/b"), fork(5, 6), exec(6, "/c"))
  reading.read(spawn(5, 7, image), exec(7, "/d"), record(24, [path("/jail"), subject({ pid: 6 }), returns()]))
  reading.read(exec(6, "/e"), record(EXIT, [exit(0), subject({ pid: 5 }), returns()]), exec(5, "/f"))
  const directories = events(reading).filter(({ event_type }) => event_type === "exec")
  expect(directories.map(({ path, cwd }) => [path, cwd])).toEqual([
    ["/a", ""],
    ["/b", "/srv/demo"],
    ["/c", "/srv/demo"],
    ["/x", ""],
    ["/d", ""],
    ["/e", ""],
    ["/f", ""],
  ])
})

it("what is known ends with a pause in the recording, and with a day where no end is recorded", () => {
  const startup = record(45_000, [returns()], SECOND + 1)
  const after = (...pieces: readonly Buffer[]): Row | undefined =>
    events(new Reading().read(...pieces)).at(-1)
  expect(after(fork(4, 5), exec(5, "/a"), startup, fork(5, 6))?.path).toBe("")
  expect(after(fork(4, 5), startup, exec(5, "/b"))?.parent).toBeNull()
  const late = record(FORK, [argument(0, 6), subject({ pid: 5 }), returns(0, 6)], SECOND + 86_401)
  expect(after(exec(5, "/a"), late)?.path).toBe("")
  const end = record(EXIT, [exit(0), subject({ pid: 9 }), returns()])
  expect(after(exec(5, "/a"), end, late)?.path).toBe("/a")
})

it("a return token that was cut still tells success", () => {
  const whole = record(EXECVE, [path("/x"), subject(), returns(13, 0)])
  const cut = whole.subarray(0, whole.length - 8)
  cut.writeUInt32BE(cut.length, 1)
  expect(new Reading().read(cut).row("process_events")).toMatchObject({ status: 13 })
})

it("only chosen rows are written, and all are learnt from", () => {
  const reading = new Reading("macos", { tables: new Set(["socket_events"]) })
  reading.read(fork(4, 5), exec(5, "/a"), record(32, [argument(1, 3), subject({ pid: 5 }), returns()]))
  expect(reading.sink.rows.map(({ table }) => table)).toEqual(["socket_events"])
  expect(reading.row("socket_events").path).toBe("/a")
})
