/** Recordings by perf, and their text, against what their workload did. */
import path from "node:path"
import { describe, expect, it } from "vitest"
import { NO_PROGRESS } from "../../../../src/app/progress.ts"
import { readSources } from "../../../../src/app/reading/read-sources.ts"
import type { Problem } from "../../../../src/base/problem.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import {
  hasShared,
  type Input,
  type Reading,
  readInputs,
  SHARED,
  sharedInput,
  truthOf,
  WITHOUT_SHARED,
} from "./rows-of.ts"

/** Recordings with execs, their text forms with them; what the text of perf trace lacks is checked apart. */
const TEXTS: readonly (readonly [name: string, truth: string])[] = [
  ...[
    "script",
    "script-ns",
    "script-events",
    "script-misc-period",
    "script-sym",
    "script-reltime",
    "script-deltatime",
  ].map((form) => [`perfdata/exec.${form}.txt`, "perfdata/exec.truth.jsonl"] as const),
  ...["script", "script-ns", "script-events", "script-tod"].map(
    (form) => [`perfdata/mono.${form}.txt`, "perfdata/mono.truth.jsonl"] as const,
  ),
  ...["callgraph", "cgroup", "full", "pipe", "zpipe", "zstd", "threads"].flatMap((name) =>
    ["script", "script-ns", "script-events"].map(
      (form) => [`perfdata/${name}.${form}.txt`, `perfdata/${name}.truth.jsonl`] as const,
    ),
  ),
]
const FILES = ["exec", "mono", "callgraph", "cgroup", "full", "zstd", "pipe", "zpipe"]

function readAll(...names: readonly string[]): Reading {
  return readInputs(names.map((name): Input => sharedInput(name)))
}

/** Every exec of the workload has its row; every row of a child of the workload has its exec. */
function checkExecs({ table }: Reading, truthName: string, knowsProcesses: boolean): void {
  const truth = truthOf(truthName)
  const rows = table("process_events").filter(({ event_type }) => event_type === "exec")
  const execs = truth.filter(({ op }) => op === "exec")
  for (const { pid, kind, path: name, errno = 0, ppid } of execs) {
    const own = rows.filter((row) => row.pid === pid)
    const row = own.find(({ status }) => status === errno)
    expect(row, `${kind} ${pid} ${name}`).toBeDefined()
    if (errno === 0 && name !== undefined)
      expect(isProgram(String(row?.path), name), `${row?.path} for ${name}`).toBe(true)
    if (errno === 0 || knowsProcesses) expect(row?.parent).toBe(ppid)
    // id is looked for in each folder of PATH.
    if (name !== "id") expect(own).toHaveLength(1)
  }
  const start = truth[0]?.pid
  const shell = execs.find(({ kind }) => kind === "shell")?.pid
  const known = new Set([start, ...execs.map(({ pid }) => pid)])
  const others = rows.filter(
    ({ pid, parent, status }) => !known.has(Number(pid)) && parent !== shell && status === 0,
  )
  expect(others.filter(({ pid, parent }) => parent === start || pid === 99_999)).toEqual([])
}

function isProgram(path: string, wanted: string): boolean {
  if (wanted.startsWith("memfd:")) return path.startsWith("/dev/fd/") || path.includes("memfd:")
  return (
    path.endsWith(wanted.replace(/^\.\//, "/").replace(/^id$/, "/id")) ||
    path === wanted ||
    path.startsWith("/dev/fd/")
  )
}

describe.each(TEXTS)("%s", (name, truth) => {
  it("has the execs of its workload", ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const reading = readAll(name)
    checkExecs(reading, truth, false)
    const isTimeless = name.includes("reltime") || name.includes("deltatime")
    expect(reading.codes).toEqual(["perf-script/low-trust", ...(isTimeless ? ["perf-script/no-time"] : [])])
  })
})

describe.each(["execsock", "execsock.abs"])("trace/%s", (name) => {
  it("has the execs and socket calls of its workload, without their names", ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const { table } = readAll(`trace/${name}.trace.txt`)
    const truth = truthOf(`trace/${name}.truth.jsonl`)
    const rows = table("process_events").filter(({ event_type }) => event_type === "exec")
    for (const { pid, errno = 0, kind } of truth.filter(({ op }) => op === "exec")) {
      // The thread that makes an exec is told by its own number.
      if (kind === "thread-exec") continue
      expect(
        rows.some((row) => row.pid === pid && row.status === errno),
        `${kind} ${pid}`,
      ).toBe(true)
    }
    const calls = truth.filter(({ op, call }) => op === "sock" && (call === "bind" || call === "connect"))
    const sockets = table("bpf_socket_events").filter(({ syscall, pid }) => {
      return (syscall === "bind" || syscall === "connect") && pid === calls[0]?.pid
    })
    expect(sockets.map(({ syscall, fd }) => [syscall, fd])).toEqual(
      calls.map(({ call, fd }) => [call, String(fd)]),
    )
  })
})

describe.each(FILES)("perfdata/%s.data", (name) => {
  it("gives the rows that its text with perf's own records gives", ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const text = readAll(`perfdata/${name}.script-events.txt`)
    checkExecs(text, `perfdata/${name}.truth.jsonl`, true)
    const rows = text.table("process_events").filter(({ event_type }) => event_type === "exec")
    expect(text.table("bpf_process_events")).toHaveLength(rows.filter(({ status }) => status === 0).length)
  })
})

/** A recording as a command reads it: with the sections at its end looked at first. */
async function readRecording(name: string): Promise<Reading> {
  const sink = new ObjectSink()
  const problems: Problem[] = []
  const paths = [path.join(SHARED, "perfdata", name)]
  const onProblem = (problem: Problem) => problems.push(problem)
  await readSources({ paths, writer: sink, host: "host-1", progress: NO_PROGRESS, onProblem })
  return {
    ...{ rows: sink.rows, records: [], problems, gaps: [] },
    table: (wanted) => sink.rows.filter(({ table }) => table === wanted).map(({ values }) => values),
    codes: problems.map(({ code }) => code),
  }
}

describe.each([...FILES, "threads"])("the recording perfdata/%s", (name) => {
  it("has every exec of its workload, with its parent", async ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const reading = await readRecording(name === "threads" ? "threads.dir" : `${name}.data`)
    checkExecs(reading, `perfdata/${name}.truth.jsonl`, true)
    // Some were made without a clock that tells the date.
    expect(reading.codes.filter((code) => code !== "perf-data/estimated-time")).toEqual([])
  })
})

describe.each(["mono", "full", "zstd", "pipe", "sock"])("the socket calls of perfdata/%s.data", (name) => {
  it("are those of its workload, in order", async ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const { table } = await readRecording(`${name}.data`)
    const calls = truthOf(`perfdata/${name}.truth.jsonl`).filter(({ op }) => op === "sock")
    const rows = table("bpf_socket_events").filter(({ pid }) => pid === calls[0]?.pid)
    expect(rows.map(({ syscall }) => syscall)).toEqual(
      calls.map(({ call }) => call?.replace("accept4", "accept")),
    )
    // The workload tells the descriptor that accept gave.
    const hasFd = ({ call = "" }: { call?: string }) => !call.startsWith("accept")
    expect(rows.filter((_, at) => hasFd(calls[at] ?? {})).map(({ fd }) => fd)).toEqual(
      calls.filter(hasFd).map(({ fd }) => String(fd)),
    )
  })
})

describe("hostile names", () => {
  it("forge no row in the text where the exec's own line tells its end", ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const { table, codes } = readAll("perfdata/hostile.script-ns.txt")
    const rows = table("process_events")
    expect(rows.filter(({ pid }) => pid === 99_999)).toEqual([])
    const paths = rows.filter(({ event_type }) => event_type === "exec").map(({ path }) => path)
    expect(paths).toContain("./eq=1 pid=7 old_pid=7")
    expect(paths).toContain("./sp ace")
    expect(paths.some((path) => String(path).startsWith("./nl\n") && String(path).includes("injected"))).toBe(
      true,
    )
    expect(codes).toContain("perf-script/low-trust")
  })

  it("is no problem for rings", ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const set = ["meta.json", "cpu0.ring", "cpu1.ring"].map((end) => `ring/hostile.${end}`)
    const { table, codes } = readAll(...set)
    expect(codes).toEqual([])
    const paths = table("bpf_process_events").map(({ path }) => String(path))
    expect(paths).toContain("./eq=1 pid=7 old_pid=7")
    expect(paths.some((path) => path.includes("\\x"))).toBe(true)
  })
})

describe("TCP states", () => {
  it("name both ends of a connection", ({ skip }) => {
    if (!hasShared) return skip(WITHOUT_SHARED)
    const { table } = readAll("perfdata/sock.script-events.txt")
    const truth = truthOf("perfdata/sock.truth.jsonl").filter(({ op }) => op === "sock")
    const rows = table("bpf_socket_events").filter(({ pid }) => pid === truth[0]?.pid)
    expect(rows).toHaveLength(truth.length)
    truth.forEach(({ call, raddr, rport, lport, ret, family }, index) => {
      const row = rows[index]
      if (call !== "connect" || raddr === undefined || row?.type !== 1) return
      expect([row.family, row.remote_address, row.remote_port]).toEqual([family, raddr, rport])
      if (ret === 0 && lport !== undefined) expect(row.local_port).toBe(lport)
    })
  })
})
