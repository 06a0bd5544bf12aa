/**
 * Holds the rows of a real capture against libauparse 4.2.2's fields of the same log.
 * The expected rows are made here from the golden fields alone, with none of the program's readers.
 */
import { execFileSync, spawnSync } from "node:child_process"
import path from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { hasShared, type Reading, type Row, readPaths, SHARED } from "./read-rows.ts"

const REAL = path.join(SHARED, "linux-audit/real")
const hasXz = spawnSync("xz", ["--version"]).status === 0

type Field = readonly [name: string, raw: string, interpreted: string]
interface GoldenRecord {
  readonly type: number
  readonly name: string
  readonly fields: readonly Field[]
}
interface GoldenEvent {
  readonly sec: number
  readonly milli: number
  readonly serial: number
  readonly records: readonly GoldenRecord[]
}

function readGolden(): GoldenEvent[] {
  const file = path.join(REAL, "golden/auparse-4.2.2.raw.jsonl.xz")
  const text = execFileSync("xz", ["-dc", file], { maxBuffer: 1 << 29 }).toString("utf8")
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as GoldenEvent)
}

const rawOf = (record: GoldenRecord | undefined, name: string): string | undefined =>
  record?.fields.find(([field]) => field === name)?.[1]

/** Bytes of a value that the kernel may have encoded: quoted text, hex, or a bare word. */
function decodeRaw(raw: string): Buffer {
  if (raw.startsWith('"')) return Buffer.from(raw.slice(1, -1), "latin1")
  if (/^(?:[0-9A-F]{2})+$/.test(raw)) return Buffer.from(raw, "hex")
  return raw === "(null)" ? Buffer.alloc(0) : Buffer.from(raw, "latin1")
}

/** Text with bytes that are not UTF-8 as `\xHH`, by way of the decoder of the platform. */
function showBytes(bytes: Buffer): string {
  const fatal = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  let text = ""
  for (let at = 0; at < bytes.length; ) {
    let length = 0
    for (let width = 4; width >= 1 && length === 0; width--) {
      const piece = bytes.subarray(at, at + width)
      try {
        const shown = fatal.decode(piece)
        if ([...shown].length === 1) {
          text += shown === "\0" ? "\\x00" : shown
          length = piece.length
        }
      } catch {
        length = 0
      }
    }
    if (length === 0) {
      text += `\\x${(bytes[at] as number).toString(16).toUpperCase().padStart(2, "0")}`
      length = 1
    }
    at += length
  }
  return text
}

const show = (raw: string | undefined): string => (raw === undefined ? "" : showText(decodeRaw(raw)))
const isPlain = (bytes: Buffer): boolean => bytes.every((byte) => byte >= 0x20 && byte < 0x7f)
const showText = (bytes: Buffer): string => (isPlain(bytes) ? bytes.toString("latin1") : showBytes(bytes))
const num = (raw: string | undefined): number | null => (raw === undefined ? null : Number(raw))

/** Arguments of an exec: `aN`, or the fragments `aN[k]` joined as bytes. */
function joinArguments(records: readonly GoldenRecord[]): Buffer[] {
  const pieces = new Map<number, Buffer[]>()
  for (const record of records) {
    if (record.type !== 1309) continue
    for (const [name, raw] of record.fields) {
      const match = /^a(\d+)(?:\[(\d+)\])?$/.exec(name)
      if (match === null) continue
      const at = Number(match[1])
      const list = pieces.get(at) ?? []
      list[Number(match[2] ?? 0)] = decodeRaw(raw)
      pieces.set(at, list)
    }
  }
  return [...pieces].sort(([a], [b]) => a - b).map(([, list]) => Buffer.concat(list))
}

const EXEC_CALLS = new Map([
  ["c000003e 59", "execve"],
  ["c000003e 322", "execveat"],
  ["40000003 11", "execve"],
])
const SOCKET_CALLS = new Map([
  ["42", "connect"],
  ["43", "accept"],
  ["49", "bind"],
  ["50", "listen"],
  ["288", "accept4"],
])

function absolute(name: string, cwd: string): string {
  return name === "" || name.startsWith("/") || cwd === "" ? name : `${cwd.replace(/\/$/, "")}/${name}`
}

function expectedExec(event: GoldenEvent, call: GoldenRecord, syscall: string): Row {
  const find = (type: number) => event.records.find((record) => record.type === type)
  const items = event.records.filter(({ type }) => type === 1302)
  const item = items.find((record) => rawOf(record, "item") === "0") ?? items[0]
  const cwd = show(rawOf(find(1307), "cwd"))
  const argv = joinArguments(event.records)
  const cmdline = Buffer.concat(argv.flatMap((arg, at) => (at === 0 ? [arg] : [Buffer.from(" "), arg])))
  const isFailed = rawOf(call, "success") === "no"
  const name = item === undefined ? undefined : rawOf(item, "name")
  const hasName = isFailed && name !== undefined && name !== "(null)"
  const numbers = ["pid", "auid", "uid", "euid", "gid", "egid", "fsuid", "suid", "fsgid", "sgid"]
  return {
    ...Object.fromEntries(numbers.map((key) => [key, num(rawOf(call, key))])),
    parent: num(rawOf(call, "ppid")),
    syscall,
    path: hasName ? absolute(show(name), cwd) : show(rawOf(call, "exe")),
    mode: rawOf(item, "mode") ?? "",
    owner_uid: num(rawOf(item, "ouid")),
    owner_gid: num(rawOf(item, "ogid")),
    cwd,
    cmdline: showText(cmdline),
    cmdline_size: argv.length === 0 ? null : cmdline.length,
    argv: argv.length === 0 ? "" : JSON.stringify(argv.map(showText)),
    status: isFailed ? -Number(rawOf(call, "exit")) : 0,
    time: event.sec,
    time_ns: BigInt(event.sec) * 1_000_000_000n + BigInt(event.milli) * 1_000_000n,
    record_id: event.serial,
    session_id: rawOf(call, "ses") === "4294967295" ? null : num(rawOf(call, "ses")),
    event_type: "exec",
    source: "audit",
    username: "",
  }
}

const pick = (row: Row | undefined, like: Row): Row =>
  Object.fromEntries(
    Object.keys(like).map((key) => {
      const value = row?.[key] ?? null
      // JSON leaves it open how a character is escaped.
      return [key, key === "argv" && value !== "" ? JSON.stringify(JSON.parse(String(value))) : value]
    }),
  )

describe.skipIf(!hasShared || !hasXz)("the real capture (needs ../shared and xz)", () => {
  let reading: Reading
  let golden: GoldenEvent[]

  beforeAll(async () => {
    reading = await readPaths([path.join(REAL, "audit.log")])
    golden = readGolden()
  }, 60_000)

  const rowsOf = (table: string): readonly Row[] => reading.rows.get(table) ?? []

  it("has 14,513 records in 4,135 events, and nothing is wrong with them", () => {
    expect([reading.records, reading.events, reading.rejected, reading.otherLines]).toEqual([
      14_513, 4_135, 0, 0,
    ])
    expect(reading.events).toBe(golden.length)
    expect(reading.problems).toEqual([])
  })

  it("counts 471 execs that succeeded and 1,204 that failed", () => {
    const execs = rowsOf("process_events").filter((row) => row.event_type === "exec")
    const done = execs.filter((row) => row.status === 0)
    expect(execs.length - done.length).toBe(1204)
    expect(done).toHaveLength(471)
    expect(done.filter((row) => row.syscall === "execve")).toHaveLength(466)
    expect(done.filter((row) => row.syscall === "execveat")).toHaveLength(5)
  })

  it("gives every exec the columns that its fields say", () => {
    const rows = new Map(
      rowsOf("process_events").flatMap((row) =>
        row.event_type === "exec" ? [[row.record_id, row] as const] : [],
      ),
    )
    const counts = new Map<string, number>()
    for (const event of golden) {
      const call = event.records.find(({ type }) => type === 1300)
      const arch = rawOf(call, "arch")
      const key = `${arch} ${rawOf(call, "syscall")}`
      const syscall = EXEC_CALLS.get(key)
      if (call === undefined || syscall === undefined) continue
      if (rawOf(call, "success") === "yes") counts.set(key, (counts.get(key) ?? 0) + 1)
      const wanted = expectedExec(event, call, syscall)
      expect(pick(rows.get(event.serial), wanted)).toEqual(wanted)
      rows.delete(event.serial)
    }
    expect([...rows.keys()]).toEqual([])
    expect(Object.fromEntries(counts)).toEqual({ "c000003e 59": 465, "c000003e 322": 5, "40000003 11": 1 })
  })

  it("keeps the longest argument and the longest list", () => {
    const execs = rowsOf("process_events").filter((row) => row.argv !== "" && row.event_type === "exec")
    const argv = execs.map((row) => JSON.parse(String(row.argv)) as string[])
    expect(Math.max(...argv.map((list) => list.length))).toBe(20_000)
    expect(Math.max(...argv.flat().map((arg) => arg.length))).toBe(131_071)
  })

  it("gives every socket call the address that libauparse reads in it", () => {
    const rows = new Map(rowsOf("socket_events").map((row) => [row.record_id, row]))
    const families = new Map<number | null, number>()
    for (const event of golden) {
      const call = event.records.find(({ type }) => type === 1300)
      const name =
        rawOf(call, "arch") === "c000003e" ? SOCKET_CALLS.get(rawOf(call, "syscall") ?? "") : undefined
      if (call === undefined || name === undefined) continue
      const row = rows.get(event.serial)
      rows.delete(event.serial)
      const [, raw, interpreted] =
        event.records.find(({ type }) => type === 1306)?.fields.find(([field]) => field === "saddr") ?? []
      const wanted: Row = {
        ...expectedSocket(call, name),
        ...expectedAddress(name === "bind", raw, interpreted),
        time: event.sec,
      }
      expect(pick(row, wanted), `${event.serial} ${raw} ${interpreted}`).toEqual(wanted)
      families.set(wanted.family as number | null, (families.get(wanted.family as number | null) ?? 0) + 1)
    }
    // What is left came through socketcall(2) of the 32-bit program.
    expect([...rows.values()].every((row) => row.record_id !== null)).toBe(true)
    const socketcalls = golden.filter(({ records }) => records.some(({ type }) => type === 1304))
    const serials = new Set(socketcalls.map(({ serial }) => serial))
    expect([...rows.keys()].filter((serial) => !serials.has(serial as number))).toEqual([])
    expect([...families.keys()].sort()).toEqual(expect.arrayContaining([1, 10, 16, 2]))
  })

  it("gives every user record its fields", () => {
    const wanted = golden.flatMap((event) =>
      event.records
        .filter(({ type }) => (type >= 1100 && type <= 1199) || (type >= 2100 && type <= 2999))
        .map((record) => expectedUser(event, record)),
    )
    const rows = rowsOf("user_events")
    expect(rows).toHaveLength(wanted.length)
    expect(rows.map((row, at) => pick(row, wanted[at] ?? {}))).toEqual(wanted)
  })
})

function expectedSocket(call: GoldenRecord, name: string): Row {
  const exit = Number(rawOf(call, "exit"))
  const isDone = rawOf(call, "success") === "yes"
  const status = isDone
    ? "succeeded"
    : name === "connect" && exit === -115
      ? "in_progress"
      : name.startsWith("accept") && exit === -11
        ? "no_client"
        : "failed"
  return {
    action: name === "accept4" ? "accept" : name,
    syscall: name,
    pid: num(rawOf(call, "pid")),
    auid: num(rawOf(call, "auid")),
    path: show(rawOf(call, "exe")),
    fd: rawOf(call, "a0") ?? "",
    status,
    success: status === "failed" ? 0 : 1,
    protocol: null,
  }
}

/** From libauparse's words where it has them, from the bytes for the families that it does not read. */
function expectedAddress(isLocal: boolean, raw: string | undefined, words: string | undefined): Row {
  const place = (address: string, port: number | null): Row => ({
    local_address: isLocal ? address : "",
    remote_address: isLocal ? "" : address,
    local_port: isLocal ? port : null,
    remote_port: isLocal ? null : port,
  })
  if (raw === undefined || words === undefined) return { family: null, socket: "", ...place("", null) }
  const family = Buffer.from(raw, "hex").readUInt16LE(0)
  // The scope of a link-local address (`%1`) has no column.
  const inet = /saddr_fam=inet6? laddr=([^\s%]+)(?:%\d+)? lport=(\d+)/.exec(words)
  if (inet !== null) return { family, socket: "", ...place(inet[1] ?? "", Number(inet[2])) }
  if (family === 1) {
    const name = Buffer.from(raw.slice(4), "hex")
    const isAbstract = name.length > 0 && name[0] === 0
    // libauparse cuts an abstract name at its second NUL, so this comes from the bytes.
    const text = isAbstract ? `@${showBytes(trimNul(name.subarray(1)))}` : untilNul(name).toString("latin1")
    if (!isAbstract && text !== "") expect(words).toContain(`path=${text}`)
    return { family, socket: text, ...place("", null) }
  }
  if (family === 40) {
    const bytes = Buffer.from(raw, "hex")
    return { family, socket: "", ...place(String(bytes.readUInt32LE(8)), bytes.readUInt32LE(4)) }
  }
  return { family, socket: "" }
}

function untilNul(name: Buffer): Buffer {
  const nul = name.indexOf(0)
  return nul < 0 ? name : name.subarray(0, nul)
}

function trimNul(name: Buffer): Buffer {
  let end = name.length
  while (end > 0 && name[end - 1] === 0) end--
  return name.subarray(0, end)
}

function expectedUser(event: GoldenEvent, record: GoldenRecord): Row {
  const known = (name: string): string => {
    const raw = rawOf(record, name)
    return raw === undefined || raw === "?" || raw === '"?"' ? "" : raw
  }
  const res = known("res") || known("result")
  const acct = known("acct")
  return {
    type: record.type,
    pid: num(rawOf(record, "pid")),
    uid: num(rawOf(record, "uid")),
    auid: num(rawOf(record, "auid")),
    path: known("exe") === "" ? "" : show(known("exe")),
    address: known("addr"),
    terminal: known("terminal"),
    username: acct === "" ? "" : show(acct),
    result: ["success", "yes", "1"].includes(res) ? "success" : res === "" ? "" : "failed",
    event_type: record.name,
    time: event.sec,
    record_id: event.serial,
  }
}
