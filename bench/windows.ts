/**
 * Runs retrail and libevtx on the same event log, and retrail and xml2js on the same events as XML; replaces that part
 * of docs/performance.md.
 *
 *   node bench/windows.ts [--from FOLDER] [--size 31MB] [--runs 5] [--folder FOLDER] [--out docs/performance.md]
 *
 * The log is made of the chunks of all logs in FOLDER whose name tells of the Security channel, repeated until it is
 * large enough: a chunk refers to nothing outside of itself, so it can be moved without a change.
 */
import { spawnSync } from "node:child_process"
import {
  closeSync,
  existsSync,
  globSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { CHUNK_SIZE } from "../test/evtx-writer/chunk-bytes.ts"
import { chunkStart, fileHeader } from "../test/evtx-writer/file.ts"
import { parseSize } from "./generate.ts"
import { type Contest, compare, describeMachine, firstLine, missingTools, RETRAIL, ROOT } from "./measure.ts"
import { writePart } from "./report.ts"

const LOGS = join(ROOT, "../shared/data/windows/omerbenamram")
const TOOLS = ["evtxexport", "taskset", "/usr/bin/time"]

/** Chunks with records, as they lie in the logs. */
function readChunks(folder: string): Buffer[] {
  const logs = globSync("*ecurity*.evtx", { cwd: folder }).sort()
  return logs.flatMap((name) => {
    const bytes = readFileSync(join(folder, name))
    const count = Math.floor((bytes.length - chunkStart(0)) / CHUNK_SIZE)
    const chunks = Array.from({ length: count }, (_, at) =>
      bytes.subarray(chunkStart(at), chunkStart(at + 1)),
    )
    return chunks.filter((chunk) => chunk.toString("latin1", 0, 7) === "ElfChnk")
  })
}

/** Returns how many chunks it has. */
function writeLog(path: string, chunks: readonly Buffer[], sizeBytes: number): number {
  const count = Math.ceil(sizeBytes / CHUNK_SIZE)
  const file = openSync(path, "wx", 0o600)
  const header = {
    firstChunk: 0n,
    lastChunk: BigInt(count - 1),
    nextId: 1n,
    minorVersion: 1,
    chunks: count,
    flags: 0,
  } as const
  writeSync(file, fileHeader(header))
  for (let at = 0; at < count; at++) writeSync(file, chunks[at % chunks.length] ?? Buffer.alloc(0))
  closeSync(file)
  return count
}

function listContests(log: string, xml: string, folder: string): Contest[] {
  const convert = (input: string, ...rest: string[]) => [
    ...RETRAIL,
    "convert",
    input,
    ...rest,
    "-o",
    "/dev/null",
  ]
  return [
    {
      title: "An event log: `evtxexport` against `retrail`",
      contestants: [
        { name: "evtxexport -f xml", log, command: ["evtxexport", "-f", "xml", log] },
        { name: "retrail convert -t xml", log, command: convert(log, "-t", "xml") },
        {
          name: "retrail convert -t jsonl --records",
          log,
          command: convert(log, "-t", "jsonl", "--records"),
        },
        {
          name: "the same with --event-id 4624",
          log,
          command: convert(log, "-t", "jsonl", "--records", "--event-id", "4624"),
        },
        {
          name: "the same with --event-id 4688, of which there is none",
          log,
          command: convert(log, "-t", "jsonl", "--records", "--event-id", "4688"),
        },
        { name: "retrail ingest", log, command: [...RETRAIL, "ingest", log, "-d", join(folder, "out.db")] },
      ],
    },
    {
      title: "The same events as XML: `xml2js` against `retrail`",
      contestants: [
        {
          name: "xml2js, event by event",
          log: xml,
          command: [process.execPath, join(ROOT, "bench/parse-xml.ts"), xml],
        },
        {
          name: "retrail convert -t jsonl --records",
          log: xml,
          command: convert(xml, "-t", "jsonl", "--records"),
        },
        {
          name: "retrail ingest",
          log: xml,
          command: [...RETRAIL, "ingest", xml, "-d", join(folder, "out.db")],
        },
      ],
    },
  ]
}

function main(): number {
  const { values } = parseArgs({
    options: {
      from: { type: "string", default: LOGS },
      size: { type: "string", default: "31MB" },
      runs: { type: "string", default: "5" },
      folder: { type: "string", default: tmpdir() },
      out: { type: "string", default: join(ROOT, "docs/performance.md") },
    },
  })
  const missing = missingTools(TOOLS)
  const chunks = existsSync(values.from) ? readChunks(values.from) : []
  if (missing.length > 0 || chunks.length === 0) {
    const needs = missing.length > 0 ? missing.join(" and ") : "a folder with Security logs: --from FOLDER"
    console.error(`bench needs ${needs}; the programs are in libevtx-utils, util-linux and time`)
    return 66
  }
  const sizeBytes = parseSize(values.size)
  const runs = Number(values.runs)
  if (Number.isNaN(sizeBytes) || !(Number.isInteger(runs) && runs > 0)) {
    console.error("--size is like 31MB, --runs a whole number from 1")
    return 64
  }
  const folder = mkdtempSync(join(values.folder, "retrail-bench-"))
  try {
    const [log, xml] = [join(folder, "Security.evtx"), join(folder, "Security.xml")]
    const count = writeLog(log, chunks, sizeBytes)
    spawnSync(process.execPath, [...RETRAIL.slice(1), "convert", log, "-t", "xml", "-o", xml], {
      stdio: "ignore",
    })
    if (!existsSync(xml) || statSync(xml).size === 0) throw new Error("retrail convert -t xml wrote nothing")
    const tables = listContests(log, xml, folder).map((contest) => compare(contest, runs, folder, "###"))
    console.log(tables.join("\n"))
    writePart(values.out, "windows", report(values.size, runs, count, chunks.length, tables))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return 0
}

function report(
  size: string,
  runs: number,
  count: number,
  different: number,
  tables: readonly string[],
): string {
  return `Written by \`node bench/windows.ts --size ${size} --runs ${runs}\`; medians of ${runs} interleaved runs. The log has ${count}
chunks, made of ${different} that Windows wrote, repeated. MB/s counts user and system CPU seconds, the start of the
program among them; the ratio is against the first line of each table. The XML is what retrail makes of the log.

${describeMachine(firstLine("evtxexport", "-V"))}

${tables.join("\n")}`
}

process.exitCode = main()
