/**
 * What a live capture costs the workload and itself, against this kernel; replaces that part of docs/performance.md.
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

interface Costs {
  readonly program: string
  readonly plain: Cost[]
  readonly audited: Cost[]
  readonly busy: Cost[]
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

/** @param extra options of capture audit */
async function startCapture(folder: string, extra: readonly string[]): Promise<Capture> {
  const database = join(folder, `live-${Date.now()}.db`)
  const words = ["capture", "audit", "-d", database, "--json", ...extra]
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
    const { rows, loss } = JSON.parse(out)
    return { rows: rows.process_events ?? 0, lost: loss.kernelLost, exitCode }
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
  const programs = [tiny, ORDINARY].map((program) => ({ program, plain: [], audited: [], busy: [] }) as Costs)
  let rows = 0
  let lost = 0
  let reader = 0
  runStorm(storm, execs, tiny)
  for (let round = 0; round < rounds; round++) {
    for (const { program, plain, busy } of programs) {
      plain.push(runStorm(storm, execs, program))
      busy.push(runBesideBusyCore(storm, execs, program))
    }
    const capture = await startCapture(folder, [])
    // A capture runs for long: its first ten seconds, in which code is compiled, are not what it costs.
    runStorm(storm, WARM_UP, tiny)
    const before = cpuOf(capture.pid)
    for (const { program, audited } of programs) audited.push(runStorm(storm, execs, program))
    reader += cpuOf(capture.pid) - before
    const end = await capture.stop()
    rows += end.rows
    lost += end.lost
  }
  const took = (reader * 1e6) / (rounds * execs * programs.length)
  const line = (name: string, { plain, audited, busy }: Costs, of: (cost: Cost) => number) => {
    const pairs = plain.map((cost, at) => of(audited[at] ?? cost) / of(cost))
    const cells = [plain, audited, busy].map((costs) => `${median(costs.map(of)).toFixed(0)} µs`)
    return `| ${[name, ...cells, `${median(pairs).toFixed(2)}×`].join(" | ")} |`
  }
  const lines = programs.flatMap((costs) => {
    const name = costs.program === tiny ? "the smallest program" : `\`${costs.program}\``
    return [
      line(`${name}: wall time`, costs, ({ wall }) => wall),
      line(`${name}: CPU of the workload`, costs, ({ cpu }) => cpu),
    ]
  })
  return [
    `${rounds} rounds of ${execs} execs, without and with capture in turn; medians, the ratio pair by pair. Every exec is`,
    `vfork, execve of a program that ends at once, and wait: seven audit records. ${lost} records lost, ${rows} rows. The`,
    `capture itself, warmed up by ${WARM_UP} execs, took ${took.toFixed(0)} µs of CPU an exec. The last column is the same`,
    "exec without a capture, while a loop keeps the other core busy: on a virtual machine an exec depends on what the",
    "other core does, whatever that is.",
    "",
    "| an exec | without | with capture | beside a busy core | ratio of the first two |",
    "|---|---:|---:|---:|---:|",
    ...lines,
  ]
}

async function measureMemory(folder: string, minutes: number): Promise<string[]> {
  const { storm, tiny } = compile(folder)
  const capture = await startCapture(folder, [])
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
    const head = `Written by \`node bench/live.ts --rounds ${rounds} --execs ${execs} --minutes ${minutes}\` on ${cpus().length} cores, Linux ${release()}, Node.js ${process.versions.node}.`
    const text = [head, "", ...cost, "", ...memory].join("\n")
    console.log(text)
    writePart(values.out, "live", text)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return 0
}

process.exitCode = await main()
