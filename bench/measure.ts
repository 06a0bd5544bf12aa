/**
 * Programs side by side on the same file, each pinned to one core, runs interleaved (A B C A B C …) so that all see
 * the same machine.
 * Source of truth for the figures: time(1), user and system CPU seconds of the whole process.
 */
import { spawnSync } from "node:child_process"
import { readFileSync, rmSync, statSync } from "node:fs"
import { cpus, release, totalmem } from "node:os"
import { join } from "node:path"

export const ROOT = join(import.meta.dirname, "..")
export const RETRAIL = [process.execPath, join(ROOT, "bin/run.js")]
const CORE = "1"
/** retrail ends with 3 when it is done but recorded problems, with 1 when it found nothing. */
const DONE = new Set([0, 1, 3])
const LEFTOVERS = ["out.db", "out.db-wal", "out.db-shm", "csv"]

export interface Contestant {
  readonly name: string
  readonly log: string
  readonly command: readonly string[]
}

/** One comparison: the first contestant is what the others are measured against. */
export interface Contest {
  readonly title: string
  readonly contestants: readonly Contestant[]
}

interface Run {
  readonly wallS: number
  readonly cpuS: number
  readonly peakMiB: number
}

/** A heading and a table. @param folder where the programs write */
export function compare(contest: Contest, runs: number, folder: string, heading = "##"): string {
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
  return `${heading} ${contest.title}\n\n${head}\n${rows.join("\n")}\n`
}

function measure(contestant: Contestant, folder: string): Run {
  for (const leftover of LEFTOVERS) rmSync(join(folder, leftover), { recursive: true, force: true })
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

/** @param rival whose version is told */
export function describeMachine(rival: string): string {
  const [cpu] = cpus()
  return [
    `- ${cpus().length} cores, ${cpu?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `- Linux ${release().split("-")[0]}, Node.js ${process.versions.node}`,
    `- ${rival}; every program pinned to one core`,
  ].join("\n")
}

export function firstLine(command: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8" })
  return (stdout || stderr || "unknown").split("\n")[0] ?? ""
}

export function missingTools(tools: readonly string[]): string[] {
  return tools.filter((tool) => spawnSync(tool, ["--version"], { stdio: "ignore" }).error !== undefined)
}
