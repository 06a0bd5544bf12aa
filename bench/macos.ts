/**
 * Runs retrail beside other readers on the same BSM trail and on the same messages of eslogger; replaces that part of
 * docs/performance.md.
 *
 *   node bench/macos.ts [--size 60MB] [--runs 5] [--folder FOLDER] [--out docs/performance.md]
 *
 * Trail and messages are cases of the corpus, repeated: a record refers to nothing outside of itself.
 */
import { closeSync, globSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { parseSize } from "./generate.ts"
import { type Contest, compare, describeMachine, firstLine, missingTools, RETRAIL, ROOT } from "./measure.ts"
import { writePart } from "./report.ts"

const TOOLS = ["python3", "jq", "taskset", "/usr/bin/time"]
const TRAILS = "corpus/bsm/macos/{session,sockets,remote-logins}/input.*"
const MESSAGES = "corpus/endpoint-security/macos-*/session-*/input.ndjson"

/** Writes what the files hold again and again; returns how many records that is. */
function repeat(
  pattern: string,
  path: string,
  sizeBytes: number,
  countOf: (bytes: Buffer) => number,
): number {
  const parts = globSync(pattern, { cwd: ROOT }).sort()
  const bytes = Buffer.concat(parts.map((name) => readFileSync(join(ROOT, name))))
  if (bytes.length === 0) throw new Error(`nothing is at ${pattern}`)
  const file = openSync(path, "wx", 0o600)
  const times = Math.ceil(sizeBytes / bytes.length)
  for (let at = 0; at < times; at++) writeSync(file, bytes)
  closeSync(file)
  return times * countOf(bytes)
}

function countRecords(trail: Buffer): number {
  let count = 0
  for (let at = 0; at + 5 <= trail.length; at += trail.readUInt32BE(at + 1)) count++
  return count
}

function countLines(text: Buffer): number {
  let count = 0
  for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, at + 1)) count++
  return count
}

function listContests(trail: string, messages: string, folder: string): Contest[] {
  const records = (log: string) => [...RETRAIL, "convert", log, "-t", "jsonl", "--records", "-o", "/dev/null"]
  const ingest = (log: string) => [...RETRAIL, "ingest", log, "-d", join(folder, "out.db")]
  return [
    {
      title: "A BSM trail: `python3` against `retrail`",
      contestants: [
        {
          name: "python3 bench/read-bsm.py",
          log: trail,
          command: ["python3", join(ROOT, "bench/read-bsm.py"), trail],
        },
        { name: "retrail convert -t jsonl --records", log: trail, command: records(trail) },
        {
          name: "retrail convert -t praudit --one-line",
          log: trail,
          command: [...RETRAIL, "convert", trail, "-t", "praudit", "--one-line", "-o", "/dev/null"],
        },
        { name: "retrail ingest", log: trail, command: ingest(trail) },
      ],
    },
    {
      title: "Messages of eslogger: `JSON.parse` and `jq` against `retrail`",
      contestants: [
        {
          name: "JSON.parse, line by line",
          log: messages,
          command: [process.execPath, join(ROOT, "bench/parse-json.ts"), messages],
        },
        { name: "jq -c .", log: messages, command: ["jq", "-c", ".", messages] },
        { name: "retrail ingest", log: messages, command: ingest(messages) },
        { name: "retrail convert -t jsonl --records", log: messages, command: records(messages) },
      ],
    },
  ]
}

function main(): number {
  const { values } = parseArgs({
    options: {
      size: { type: "string", default: "60MB" },
      runs: { type: "string", default: "5" },
      folder: { type: "string", default: tmpdir() },
      out: { type: "string", default: join(ROOT, "docs/performance.md") },
    },
  })
  const missing = missingTools(TOOLS)
  if (missing.length > 0) {
    console.error(
      `bench needs ${missing.join(" and ")}; the programs are in python3, jq, util-linux and time`,
    )
    return 66
  }
  const sizeBytes = parseSize(values.size)
  const runs = Number(values.runs)
  if (Number.isNaN(sizeBytes) || !(Number.isInteger(runs) && runs > 0)) {
    console.error("--size is like 60MB, --runs a whole number from 1")
    return 64
  }
  const folder = mkdtempSync(join(values.folder, "retrail-bench-"))
  try {
    const [trail, messages] = [join(folder, "trail.bsm"), join(folder, "eslogger.ndjson")]
    const records = repeat(TRAILS, trail, sizeBytes, countRecords)
    const lines = repeat(MESSAGES, messages, sizeBytes, countLines)
    const tables = listContests(trail, messages, folder).map((contest) =>
      compare(contest, runs, folder, "###"),
    )
    console.log(tables.join("\n"))
    writePart(
      values.out,
      "macos",
      `Written by \`node bench/macos.ts --size ${values.size} --runs ${runs}\`; medians of ${runs} interleaved runs. The trail has
${records} records, the other file ${lines} messages: cases of the corpus, repeated. MB/s counts user and system CPU
seconds, the start of the program among them; the ratio is against the first line of each table.

${describeMachine(firstLine("jq", "--version"))}

${tables.join("\n")}`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return 0
}

process.exitCode = main()
