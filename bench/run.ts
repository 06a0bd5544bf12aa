/**
 * Runs retrail and Debian's audit tools on the same generated log, side by side, and writes docs/performance.md.
 * Source of truth for the figures: time(1), user and system CPU seconds of the whole process.
 *
 *   node bench/run.ts [--size 500MB] [--runs 5] [--folder FOLDER] [--out docs/performance.md]
 *
 * Every program is pinned to one core; runs are interleaved (A B C A B C …) so that all see the same machine.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { cpus, release, tmpdir, totalmem } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { BUSY_RATE, parseSize, writeLog } from "./generate.ts"
import { writePart } from "./report.ts"

const ROOT = join(import.meta.dirname, "..")
const RETRAIL = [process.execPath, join(ROOT, "bin/run.js")]
const CORE = "1"
const QUIET_RATE = 5
/** retrail ends with 3 when it is done but recorded problems. */
const DONE = new Set([0, 3])

interface Contestant {
  readonly name: string
  readonly log: string
  readonly command: readonly string[]
}

interface Run {
  readonly wallS: number
  readonly cpuS: number
  readonly peakMiB: number
}

/** One comparison: the first contestant is what the others are measured against. */
interface Contest {
  readonly title: string
  readonly contestants: readonly Contestant[]
}

function listContests(whole: string, halved: string, quiet: string, folder: string): Contest[] {
  const database = join(folder, "out.db")
  const ingest = (log: string): string[] => [...RETRAIL, "ingest", log, "-d", database]
  const convert = (...rest: string[]): string[] => [...RETRAIL, "convert", whole, "-t", "csv", ...rest]
  return [
    {
      title: "Read everything: `ausearch --raw` against `retrail ingest`",
      contestants: [
        { name: "ausearch --raw", log: whole, command: ["ausearch", "-if", whole, "--raw"] },
        { name: "retrail ingest", log: whole, command: ingest(whole) },
      ],
    },
    {
      title: "To CSV: `ausearch --format csv` against `retrail convert`",
      contestants: [
        { name: "ausearch --format csv", log: whole, command: ["ausearch", "-if", whole, "--format", "csv"] },
        {
          name: "retrail convert, process_events",
          log: whole,
          command: convert("--table", "process_events", "-o", "/dev/null"),
        },
        { name: "retrail convert, all tables", log: whole, command: convert("-o", join(folder, "csv")) },
      ],
    },
    {
      title: "Lost records: half of the PROCTITLE records removed",
      contestants: [
        { name: "retrail ingest, whole log", log: whole, command: ingest(whole) },
        { name: "retrail ingest, halved PROCTITLE", log: halved, command: ingest(halved) },
      ],
    },
    {
      title: "A quiet host: the same records, seconds between them",
      contestants: [
        { name: "ausearch --raw", log: quiet, command: ["ausearch", "-if", quiet, "--raw"] },
        { name: "retrail ingest", log: quiet, command: ingest(quiet) },
        { name: "ausearch --format csv", log: quiet, command: ["ausearch", "-if", quiet, "--format", "csv"] },
      ],
    },
  ]
}

function measure(contestant: Contestant, folder: string): Run {
  for (const leftover of ["out.db", "out.db-wal", "out.db-shm", "csv"]) {
    rmSync(join(folder, leftover), { recursive: true, force: true })
  }
  const times = join(folder, "times")
  const args = ["-c", CORE, "/usr/bin/time", "-f", "%e %U %S %M", "-o", times, ...contestant.command]
  const { status, stderr } = spawnSync("taskset", args, { stdio: ["ignore", "ignore", "pipe"] })
  if (!DONE.has(status ?? -1)) throw new Error(`${contestant.name} ended with ${status}: ${stderr}`)
  const line = readFileSync(times, "utf8").trimEnd().split("\n").at(-1) ?? ""
  const [wallS = NaN, userS = NaN, systemS = NaN, peakKiB = NaN] = line.split(" ").map(Number)
  return { wallS, cpuS: userS + systemS, peakMiB: peakKiB / 1024 }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2
}

function compare(contest: Contest, runs: number, folder: string): string {
  const results = contest.contestants.map((contestant) => ({ contestant, runs: [] as Run[] }))
  for (let i = 0; i < runs; i++) {
    for (const result of results) result.runs.push(measure(result.contestant, folder))
  }
  let firstRate = NaN
  const rows = results.map(({ contestant, runs }) => {
    const cpuS = median(runs.map((run) => run.cpuS))
    const rate = statSync(contestant.log).size / 1e6 / cpuS
    if (Number.isNaN(firstRate)) firstRate = rate
    const wallS = median(runs.map((run) => run.wallS))
    const peakMiB = Math.max(...runs.map((run) => run.peakMiB))
    const cells = [cpuS.toFixed(2), wallS.toFixed(2), rate.toFixed(1), `${(rate / firstRate).toFixed(2)}×`]
    return `| ${contestant.name} | ${cells.join(" | ")} | ${peakMiB.toFixed(0)} |`
  })
  const head = "| program | CPU s | wall s | MB/s (CPU) | ratio | peak MiB |\n|---|---:|---:|---:|---:|---:|"
  return `## ${contest.title}\n\n${head}\n${rows.join("\n")}\n`
}

function firstLine(command: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8" })
  return (stdout || stderr || "unknown").split("\n")[0] ?? ""
}

function describeMachine(): string {
  const [cpu] = cpus()
  return [
    `- ${cpus().length} cores, ${cpu?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `- Linux ${release().split("-")[0]}, Node.js ${process.versions.node}`,
    `- ${firstLine("ausearch", "--version")}; every program pinned to one core`,
  ].join("\n")
}

function writeReport(path: string, size: string, runs: number, tables: readonly string[]): void {
  const report = `# Performance

Written by \`node bench/run.ts --size ${size} --runs ${runs}\`; medians of ${runs} interleaved runs. The log is made by
\`bench/generate.ts\` from captured records, about 190 bytes each. MB/s counts user and system CPU seconds, the
ratio is against the first line of each table. The host is a busy one, with 1,200 events a second: ausearch
keeps the events of the last two seconds open and looks through them for every record, so it is slow there; the last
table shows a quiet host, where it passes records through faster than retrail makes rows of them. The ids in the log
are unknown on the machine that reads it, as they are when evidence comes from another host: ausearch looks each of
them up for CSV, retrail does not.

${describeMachine()}

${tables.join("\n")}`
  writePart(path, "saved", report)
}

function missingTools(): string[] {
  return ["ausearch", "taskset", "/usr/bin/time"].filter(
    (tool) => spawnSync(tool, ["--version"], { stdio: "ignore" }).error !== undefined,
  )
}

function main(): number {
  const { values } = parseArgs({
    options: {
      size: { type: "string", default: "500MB" },
      runs: { type: "string", default: "5" },
      folder: { type: "string", default: tmpdir() },
      out: { type: "string", default: join(ROOT, "docs/performance.md") },
    },
  })
  const missing = missingTools()
  if (missing.length > 0) {
    console.error(`bench needs ${missing.join(" and ")}: install the packages auditd, util-linux and time`)
    return 66
  }
  const sizeBytes = parseSize(values.size)
  const runs = Number(values.runs)
  if (Number.isNaN(sizeBytes) || !(Number.isInteger(runs) && runs > 0)) {
    console.error("--size is like 500MB, --runs a whole number from 1")
    return 64
  }
  const folder = mkdtempSync(join(values.folder, "retrail-bench-"))
  try {
    const [whole, halved] = [join(folder, "whole.log"), join(folder, "halved.log")]
    const quiet = join(folder, "quiet.log")
    const common = { sizeBytes, seed: 1, enriched: false, node: false, rate: BUSY_RATE }
    writeLog(whole, { ...common, dropProctitle: 0 })
    writeLog(halved, { ...common, dropProctitle: 0.5 })
    writeLog(quiet, { ...common, sizeBytes: sizeBytes / 5, dropProctitle: 0, rate: QUIET_RATE })
    const tables = listContests(whole, halved, quiet, folder).map((contest) => compare(contest, runs, folder))
    console.log(tables.join("\n"))
    writeReport(values.out, values.size, runs, tables)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return 0
}

process.exitCode = main()
