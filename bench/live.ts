/**
 * What a live capture costs the workload and itself, against this kernel, by audit and by BPF in the same run; replaces
 * that part of docs/performance.md.
 *
 *   node bench/live.ts [--rounds 7] [--execs 3000] [--minutes 10] [--out docs/performance.md]     as root, after npm run build
 *
 * Needs a C compiler for the workload: vfork, execve of a static program that ends at once, wait.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { cpus, release, tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { writePart } from "./report.ts"

const WARM_UP = 20_000
/** A program with the usual libraries. */
const ORDINARY = "/bin/true"
const ROOT = resolve(import.meta.dirname, "..")
const STORM = `#include <stdlib.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/wait.h>
static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
int main(int count, char **words) {
  int execs = atoi(words[1]), rate = atoi(words[3]);
  double began = now();
  for (int at = 0; at < execs; at++) {
    pid_t child = vfork();
    if (child == 0) { char *argv[] = {words[2], 0}; char *envp[] = {0}; execve(words[2], argv, envp); _exit(1); }
    int status;
    waitpid(child, &status, 0);
    double ahead = began + (at + 1.0) / (rate > 0 ? rate : 1e9) - now();
    if (rate > 0 && ahead > 0) usleep(ahead * 1e6);
  }
  struct rusage own, children;
  getrusage(RUSAGE_SELF, &own);
  getrusage(RUSAGE_CHILDREN, &children);
  double cpu = seconds(own.ru_utime) + seconds(own.ru_stime) + seconds(children.ru_utime) + seconds(children.ru_stime);
  printf("%f %f\\n", (now() - began) * 1e6 / execs, cpu * 1e6 / execs);
}
`
const TINY = `void _start(void) { __asm__ volatile("mov $60, %eax; xor %edi, %edi; syscall"); }\n`

interface Cost {
  /** Microseconds an exec. */
  readonly wall: number
  readonly cpu: number
}

const KINDS = ["audit", "bpf"] as const
type Kind = (typeof KINDS)[number]

interface Costs {
  readonly program: string
  readonly plain: Cost[]
  readonly captured: Readonly<Record<Kind, Cost[]>>
  readonly busy: Cost[]
}

/** Of all rounds of a kind: rows, records lost, seconds of CPU that the capture took itself. */
interface Total {
  rows: number
  lost: number
  own: number
}

interface Capture {
  readonly child: ChildProcess
  readonly pid: number
  stop(): Promise<{ readonly rows: number; readonly lost: number; readonly exitCode: number }>
}

function compile(folder: string): { storm: string; tiny: string } {
  const build = (name: string, text: string, options: readonly string[]) => {
    const source = join(folder, `${name}.c`)
    writeFileSync(source, text)
    const { status } = spawnSync("cc", ["-O1", ...options, "-o", join(folder, name), source], {
      stdio: "inherit",
    })
    if (status !== 0) throw new Error("cc failed: the workload is a C program")
    return join(folder, name)
  }
  const bare = ["-nostdlib", "-static", "-fno-pie", "-no-pie", "-fno-stack-protector"]
  return { storm: build("storm", STORM, []), tiny: build("tiny", TINY, bare) }
}

function runStorm(storm: string, execs: number, tiny: string, rate = 0): Cost {
  const { stdout } = spawnSync(storm, [String(execs), tiny, String(rate)], { encoding: "utf8" })
  const [wall = Number.NaN, cpu = Number.NaN] = stdout.trim().split(" ").map(Number)
  return { wall, cpu }
}

async function startCapture(folder: string, kind: Kind): Promise<Capture> {
  const database = join(folder, `live-${Date.now()}.db`)
  const words = ["capture", kind, "-d", database, "--json"]
  const child = spawn(process.execPath, [join(ROOT, "bin/run.js"), ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  let out = ""
  let heard = ""
  child.stdout?.on("data", (chunk) => {
    out += chunk
  })
  const recording = new Promise<void>((resolve, reject) => {
    child.stderr?.on("data", (chunk) => {
      heard += chunk
      if (heard.includes("Recording into")) resolve()
    })
    child.once("exit", () => reject(new Error(heard)))
  })
  await recording
  const stop = async () => {
    const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? -1)))
    child.kill("SIGINT")
    const exitCode = await ended
    const { rows, loss, bpf } = JSON.parse(out)
    const lost = kind === "audit" ? loss.kernelLost : bpf.lost
    return { rows: rows.process_events ?? 0, lost, exitCode }
  }
  return { child, pid: child.pid ?? 0, stop }
}

function statusOf(pid: number, field: string): number {
  const text = readFileSync(`/proc/${pid}/status`, "utf8")
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1])
}

/** Time on a core of all threads of a process so far, in seconds; what /proc/PID/stat says is counted in ticks. */
function cpuOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = threads.map((thread) => {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0])
  })
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e9
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** The same without a capture, beside a loop that keeps the other core busy: what work there costs an exec in any case. */
function runBesideBusyCore(storm: string, execs: number, program: string): Cost {
  const loop = spawn("sh", ["-c", "while :; do :; done"], { stdio: "ignore" })
  try {
    return runStorm(storm, execs, program)
  } finally {
    loop.kill("SIGKILL")
  }
}

async function measureCost(folder: string, rounds: number, execs: number): Promise<string[]> {
  const { storm, tiny } = compile(folder)
  const programs = [tiny, ORDINARY].map((program): Costs => {
    return { program, plain: [], captured: { audit: [], bpf: [] }, busy: [] }
  })
  const totals: Readonly<Record<Kind, Total>> = {
    audit: { rows: 0, lost: 0, own: 0 },
    bpf: { rows: 0, lost: 0, own: 0 },
  }
  runStorm(storm, execs, tiny)
  for (let round = 0; round < rounds; round++) {
    for (const { program, plain, busy } of programs) {
      plain.push(runStorm(storm, execs, program))
      busy.push(runBesideBusyCore(storm, execs, program))
    }
    for (const kind of KINDS) {
      const capture = await startCapture(folder, kind)
      // A capture runs for long: its first ten seconds, in which code is compiled, are not what it costs.
      runStorm(storm, WARM_UP, tiny)
      const before = cpuOf(capture.pid)
      for (const { program, captured } of programs) captured[kind].push(runStorm(storm, execs, program))
      const total = totals[kind]
      total.own += cpuOf(capture.pid) - before
      const { rows, lost } = await capture.stop()
      total.rows += rows
      total.lost += lost
    }
  }
  return costText(programs, totals, rounds, execs)
}

function costText(
  programs: readonly Costs[],
  totals: Readonly<Record<Kind, Total>>,
  rounds: number,
  execs: number,
): string[] {
  const line = (name: string, { plain, captured, busy }: Costs, of: (cost: Cost) => number) => {
    const ratios = KINDS.map((kind) => {
      const pairs = plain.map((cost, at) => of(captured[kind][at] ?? cost) / of(cost))
      return `${median(pairs).toFixed(2)}×`
    })
    const cells = [plain, captured.audit, captured.bpf, busy]
    return `| ${[name, ...cells.map((costs) => `${median(costs.map(of)).toFixed(0)} µs`), ...ratios].join(" | ")} |`
  }
  const lines = programs.flatMap((costs) => {
    const name = costs.program === ORDINARY ? `\`${costs.program}\`` : "the smallest program"
    return [
      line(`${name}: wall time`, costs, ({ wall }) => wall),
      line(`${name}: CPU of the workload`, costs, ({ cpu }) => cpu),
    ]
  })
  const own = (kind: Kind) => {
    const { own, rows, lost } = totals[kind]
    const took = (own * 1e6) / (rounds * execs * programs.length)
    return `${took.toFixed(0)} µs of CPU an exec by ${kind} (${rows} rows, ${lost} records lost)`
  }
  return [
    `${rounds} rounds of ${execs} execs, without and with each capture in turn; medians, the ratios pair by pair. Every exec`,
    `is vfork, execve of a program that ends at once, and wait. The capture itself, warmed up by ${WARM_UP} execs, took`,
    `${own("audit")}, ${own("bpf")}.`,
    "Beside a busy core means the same exec without a capture, while a loop keeps the other core busy: on a virtual",
    "machine an exec depends on what the other core does, whatever that is.",
    "",
    "| an exec | without | with audit | with BPF | beside a busy core | ratio, audit | ratio, BPF |",
    "|---|---:|---:|---:|---:|---:|---:|",
    ...lines,
  ]
}

async function measureMemory(folder: string, minutes: number): Promise<string[]> {
  const { storm, tiny } = compile(folder)
  const capture = await startCapture(folder, "audit")
  const seconds = minutes * 60
  const resident: number[] = []
  for (let at = 0; at < seconds; at += 10) {
    runStorm(storm, 10_000, tiny, 1000)
    resident.push(statusOf(capture.pid, "VmRSS") / 1024)
  }
  const peak = statusOf(capture.pid, "VmHWM") / 1024
  const { rows, lost, exitCode } = await capture.stop()
  const half = resident.slice(resident.length >> 1)
  return [
    `${minutes} minutes at 1,000 execs a second: ${rows} rows, ${lost} records lost, exit code ${exitCode}. Resident memory at most`,
    `${peak.toFixed(1)} MiB; in the second half between ${Math.min(...half).toFixed(1)} and ${Math.max(...half).toFixed(1)} MiB.`,
  ]
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "7" },
      execs: { type: "string", default: "3000" },
      minutes: { type: "string", default: "10" },
      out: { type: "string", default: join(ROOT, "docs/performance.md") },
    },
  })
  if (process.geteuid?.() !== 0) {
    console.error("bench/live.ts records the kernel's audit events: run it as root")
    return 77
  }
  const folder = mkdtempSync(join(tmpdir(), "retrail-bench-"))
  try {
    const [rounds, execs, minutes] = [values.rounds, values.execs, values.minutes].map(Number) as [
      number,
      number,
      number,
    ]
    const cost = await measureCost(folder, rounds, execs)
    const memory = minutes > 0 ? await measureMemory(folder, minutes) : []
    const head = `Written by \`node bench/live.ts --rounds ${rounds} --execs ${execs} --minutes ${minutes}\` on ${cpus().length} cores, Linux ${release().split("-")[0]}, Node.js ${process.versions.node}.`
    const text = [head, "", ...cost, "", ...memory].join("\n")
    console.log(text)
    writePart(values.out, "live", text)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return 0
}

process.exitCode = await main()
