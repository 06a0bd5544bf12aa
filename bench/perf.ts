/**
 * Runs retrail and `perf script` on the same recording; replaces that part of docs/performance.md. Needs root and perf,
 * which records the calls of a dd that copies byte by byte.
 *
 *   node bench/perf.ts [--calls 500000] [--runs 5] [--folder FOLDER] [--out docs/performance.md]
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { type Contest, compare, describeMachine, firstLine, missingTools, RETRAIL, ROOT } from "./measure.ts"
import { writePart } from "./report.ts"

const TOOLS = ["perf", "dd", "taskset", "/usr/bin/time"]

/** Two calls a byte, each with a sample where it begins and where it ends. */
function record(path: string, calls: number): void {
  const count = `count=${Math.ceil(calls / 2)}`
  const dd = ["dd", "if=/dev/zero", "of=/dev/null", "bs=1", count]
  const events = ["-e", "syscalls:sys_*_read,syscalls:sys_*_write"]
  const options = ["record", "-q", "-m", "2048", "-k", "CLOCK_MONOTONIC", ...events, "-o", path, "--"]
  spawnSync("perf", [...options, ...dd], { stdio: "ignore" })
  if (!existsSync(path)) throw new Error("perf recorded nothing: it needs root")
}

function listContest(recording: string, folder: string): Contest {
  const convert = (...rest: string[]) => [...RETRAIL, "convert", recording, ...rest, "-o", "/dev/null"]
  const fields = ["-F", "comm,pid,tid,cpu,time,event,trace"]
  return {
    title: "A recording: `perf script` against `retrail`",
    contestants: [
      {
        name: "perf script",
        log: recording,
        command: ["perf", "script", "-i", recording, "--ns", ...fields],
      },
      {
        name: "retrail convert -t perf-script",
        log: recording,
        command: convert("-t", "perf-script", "--ns"),
      },
      {
        name: "retrail convert -t jsonl --records",
        log: recording,
        command: convert("-t", "jsonl", "--records"),
      },
      { name: "retrail convert -t jsonl", log: recording, command: convert("-t", "jsonl") },
      {
        name: "retrail ingest",
        log: recording,
        command: [...RETRAIL, "ingest", recording, "-d", join(folder, "out.db")],
      },
    ],
  }
}

function main(): number {
  const { values } = parseArgs({
    options: {
      calls: { type: "string", default: "500000" },
      runs: { type: "string", default: "5" },
      folder: { type: "string", default: tmpdir() },
      out: { type: "string", default: join(ROOT, "docs/performance.md") },
    },
  })
  const missing = missingTools(TOOLS)
  if (missing.length > 0) {
    console.error(`bench needs ${missing.join(" and ")}; the programs are in linux-perf, util-linux and time`)
    return 66
  }
  const [calls, runs] = [Number(values.calls), Number(values.runs)]
  if (!(Number.isInteger(calls) && calls > 0 && Number.isInteger(runs) && runs > 0)) {
    console.error("--calls and --runs are whole numbers from 1")
    return 64
  }
  const folder = mkdtempSync(join(values.folder, "retrail-bench-"))
  try {
    const recording = join(folder, "perf.data")
    record(recording, calls)
    const table = compare(listContest(recording, folder), runs, folder, "###")
    console.log(table)
    writePart(
      values.out,
      "perf",
      `Written by \`node bench/perf.ts --calls ${calls} --runs ${runs}\`; medians of ${runs} interleaved runs. The recording has two
samples a call. MB/s counts user and system CPU seconds, the start of the program among them; the ratio is against the
first line.

${describeMachine(firstLine("perf", "--version"))}

${table}`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return 0
}

process.exitCode = main()
