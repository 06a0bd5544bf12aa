/**
 * Runs retrail and Debian's audit tools on the same generated log, side by side, and writes docs/performance.md.
 *
 *   node bench/run.ts [--size 500MB] [--runs 5] [--folder FOLDER] [--out docs/performance.md]
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { BUSY_RATE, parseSize, writeLog } from "./generate.ts"
import { type Contest, compare, describeMachine, firstLine, missingTools, RETRAIL, ROOT } from "./measure.ts"
import { writePart } from "./report.ts"

const TOOLS = ["ausearch", "taskset", "/usr/bin/time"]
const QUIET_RATE = 5

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

function writeReport(path: string, size: string, runs: number, tables: readonly string[]): void {
  const report = `# Performance

Written by \`node bench/run.ts --size ${size} --runs ${runs}\`; medians of ${runs} interleaved runs. The log is made by
\`bench/generate.ts\` from captured records, about 190 bytes each. MB/s counts user and system CPU seconds, the
ratio is against the first line of each table. The host is a busy one, with 1,200 events a second: ausearch
keeps the events of the last two seconds open and looks through them for every record, so it is slow there; the last
table shows a quiet host, where it passes records through faster than retrail makes rows of them. The ids in the log
are unknown on the machine that reads it, as they are when evidence comes from another host: ausearch looks each of
them up for CSV, retrail does not.

${describeMachine(firstLine("ausearch", "--version"))}

${tables.join("\n")}`
  writePart(path, "saved", report)
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
  const missing = missingTools(TOOLS)
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
