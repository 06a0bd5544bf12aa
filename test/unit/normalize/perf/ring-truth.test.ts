/** Saved rings against what their workload did, and against a second decoder's reading of the same bytes. */
import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import {
  type Action,
  hasShared,
  readInputs,
  SHARED,
  sharedInput,
  truthOf,
  WITHOUT_SHARED,
} from "./rows-of.ts"

const PERF = ["perf-array", "perf-array-tidtimecpu", "perf-array-lost-wrapped", "hostile"]
const ALL = [...PERF, "ringbuf"]

function filesOf(set: string) {
  const rings = set === "ringbuf" ? ["consumer.page", "producer-and-data.img"] : ["cpu0.ring", "cpu1.ring"]
  return ["meta.json", ...rings].map((end) => sharedInput(`ring/${set}.${end}`))
}

interface Decoded {
  readonly ts: string
  readonly cpu: number
  readonly type: string
  readonly tgid: number
  readonly tid: number
  readonly uid: number
  readonly seq: number
  readonly a0: string
  readonly a1: string
  readonly a2: string
  readonly comm: string
  readonly path?: string
  readonly argv?: readonly string[]
}

function decodedOf(set: string): Decoded[] {
  const text = readFileSync(path.join(SHARED, `ring/${set}.decoded.jsonl`), "utf8")
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Decoded)
}

describe.each(ALL)("%s", (set) => {
  it("gives the records that the other decoder gives, in its order", ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const ours = readInputs(filesOf(set), { asRecords: true }).records.map((text) => JSON.parse(text))
    const theirs = decodedOf(set)
    const keyOf = (ts: unknown, type: unknown, tid: unknown, seq: unknown, rest: readonly unknown[]) =>
      `${ts} ${type} ${tid} ${seq} ${rest.join(" ")}`
    expect(
      ours.map(({ type, record }) => keyOf(record.ntime, type, record.tid, record.number, record.arguments)),
    ).toEqual(theirs.map(({ ts, type, tid, seq, a0, a1, a2 }) => keyOf(ts, type, tid, seq, [a0, a1, a2])))
    const isPlain = (text: string) => !/[\\\ufffd]|\u001b/.test(text)
    ours.forEach(({ record }, index) => {
      const other = theirs[index]
      if (other?.path !== undefined && isPlain(other.path)) expect(record.path).toBe(other.path)
      if (other?.argv?.every(isPlain)) expect(record.argv).toEqual(other.argv)
    })
  })

  it("counts what was lost as the programs themselves did", ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const { gaps } = readInputs(filesOf(set))
    const meta = JSON.parse(readFileSync(path.join(SHARED, `ring/${set}.meta.json`), "utf8"))
    const lost = gaps.reduce((sum, { what }) => sum + Number.parseInt(what, 10), 0)
    expect(lost).toBe(meta.bpf_stats.lost)
  })
})

describe.each(["perf-array", "perf-array-tidtimecpu", "ringbuf"])("%s, rows", (set) => {
  it("has a row for each exec that took place, and none for what did not", ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const { table, codes } = readInputs(filesOf(set))
    expect(codes).toEqual([])
    const rows = table("process_events").filter(({ event_type }) => event_type === "exec")
    const execs = truthOf(`ring/${set}.truth.jsonl`).filter(({ op }) => op === "exec")
    for (const action of execs) {
      const own = rows.filter(({ pid }) => pid === action.pid)
      const status = action.errno ?? 0
      const row = own.find((one) => one.status === status && isExpected(action, one))
      expect(
        row,
        `${action.kind} ${action.pid} ${own.map((one) => `${one.path} ${one.argv}`).join(" | ")}`,
      ).toBeDefined()
      expect(row?.parent).toBe(action.ppid)
      if (action.uid !== undefined) expect(row?.uid).toBe(action.uid)
    }
    const known = new Set(execs.map(({ pid }) => pid))
    const start = truthOf(`ring/${set}.truth.jsonl`)[0]?.pid ?? 0
    // The shell of the workload starts cat, wc and ls by itself.
    const shell = execs.find(({ kind }) => kind === "shell")?.pid
    for (const { pid, parent } of rows)
      expect(known.has(Number(pid)) || pid === start || parent === shell).toBe(true)
    expect(table("bpf_process_events")).toHaveLength(rows.filter(({ status }) => status === 0).length)
  })

  it("has a row for each socket call, with both addresses that were given", ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const actions = truthOf(`ring/${set}.truth.jsonl`).filter(({ op }) => op === "sock")
    const { table } = readInputs(filesOf(set))
    const rows = table("bpf_socket_events").filter(({ pid }) => pid === actions[0]?.pid)
    expect(rows.map((row) => [row.syscall, row.fd])).toEqual(
      actions.map(({ call, fd, ...more }) => [
        call === "accept4" ? "accept" : call,
        // An accept names the listening socket.
        String(call === "accept4" ? ("listen_fd" in more ? more.listen_fd : 5) : fd),
      ]),
    )
    actions.forEach(({ call, family, laddr, lport, raddr, rport, ret, path: name }, index) => {
      const row = rows[index]
      if (family !== undefined) expect(row?.family).toBe(family)
      if (call === "bind" && family !== 16 && laddr !== undefined) {
        expect([row?.local_address, row?.local_port]).toEqual([laddr, lport])
      }
      if (call === "bind" && name !== undefined) expect(row?.local_address).toBe(name)
      if (call === "connect" && raddr !== undefined) {
        expect([row?.remote_address, row?.remote_port]).toEqual([raddr, rport])
        expect(row?.local_address).toBe("")
      }
      if (ret !== undefined) expect(BigInt.asIntN(64, BigInt(String(row?.exit_code)))).toBe(BigInt(ret))
    })
  })
})

/** The kernel starts an interpreter for a script, and a file without a name has one in /dev/fd. */
function isExpected(
  { kind, argv = [], path: name }: Action,
  row: Readonly<Record<string, unknown>>,
): boolean {
  const given = JSON.parse(String(row.argv || "[]")) as string[]
  if (kind === "shebang") return row.path === name && given.slice(-2).join() === argv.slice(-2).join()
  if (kind === "fexecve" || kind === "memfd")
    return String(row.path).startsWith("/dev/fd/") && given.join("\0") === argv.join("\0")
  const isLong = argv.some((argument) => argument.length > 4000)
  const isSame = isLong ? given[1]?.startsWith("LLLL") === true : given.join("\0") === argv.join("\0")
  return isSame && (name?.startsWith("/") !== true || row.path === name)
}
