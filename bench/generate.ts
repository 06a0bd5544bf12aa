/**
 * Makes an audit log of any size from captured corpus cases: repeated with later times, serials and other pids, at
 * an even rate of events.
 * Source of truth: the RAW and ENRICHED cases under corpus/linux-audit/debian-12-linux-6.18.
 *
 *   node bench/generate.ts --size 500MB --out big.log [--seed 1] [--drop-proctitle 0.5] [--enriched] [--node] [--rate 1200]
 *
 * Equal options give equal bytes. The log ends with a whole block, so it is a little longer than asked for; what
 * --drop-proctitle leaves out counts towards the size, so that the events stay the same.
 */
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { gunzipSync } from "node:zlib"

const CASES = join(import.meta.dirname, "../corpus/linux-audit/debian-12-linux-6.18")
/**
 * How often each case is drawn: mostly shell work, some servers, files, sudo and logins, and now and then a crash or
 * a seccomp message, whose events no PROCTITLE ends, and command lines of several thousand bytes, as on any host.
 */
const MIX = [
  ["session-mixed", 24],
  ["net-curl", 12],
  ["file-operations", 8],
  ["sudo", 4],
  ["user-records", 4],
  ["process-lives", 6],
  ["exec-plain", 6],
  ["exec-script", 4],
  ["net-ipv4", 4],
  ["net-ipv6", 2],
  ["net-unix", 2],
  ["net-failed", 2],
  ["signals", 2],
  ["exit-codes", 2],
  ["fork-family", 4],
  ["su", 2],
  ["accounts", 1],
  ["anom-abend", 1],
  ["seccomp", 1],
  ["landlock", 1],
  ["login-uid", 1],
  ["config-change", 1],
  ["exec-failed", 2],
  ["exec-argv-500", 1],
  ["exec-argv-split", 1],
  ["i386-calls", 1],
  ["ids-and-capset", 1],
  ["io-uring", 1],
  ["mmap-fd-pair", 1],
  ["mqueue-ipc", 1],
  ["netfilter-nft", 1],
  ["openat2", 1],
  ["bpf-load", 1],
  ["fanotify", 1],
  ["tty-input", 1],
  ["system-calls", 1],
  ["clone-threads", 2],
] as const
const HOSTS = ["web-1", "db-1"]
const FORK_CALLS = new Set(["56", "57", "58", "435"])
const FIRST_MS = 1_700_000_000_000
const FIRST_SERIAL = 1000
/** The kernel's clock for stamps. */
const TICK_MS = 4
/** A busy host, such as a build server: on quiet ones logs do not grow to sizes where speed matters. */
export const BUSY_RATE = 1200
const HIGHEST_PID = 4_000_000
const WRITE_BYTES = 1 << 20

export interface GenerateOptions {
  readonly sizeBytes: number
  readonly seed: number
  /** Share of PROCTITLE records to leave out, 0 to 1. */
  readonly dropProctitle: number
  readonly enriched: boolean
  readonly node: boolean
  /** Events a second. */
  readonly rate: number
}

/** A line cut at what changes from repeat to repeat: `texts[0] slot[0] texts[1] slot[1] … texts[n]`. */
interface Template {
  readonly isProctitle: boolean
  readonly stampMs: number
  readonly serial: number
  readonly texts: readonly string[]
  readonly pids: readonly number[]
}

interface Block {
  readonly lines: readonly Template[]
  readonly lengthMs: number
  readonly serials: number
}

function readCase(name: string, enriched: boolean): string {
  const enrichedCase = join(CASES, `${name}-enriched`)
  const base = enriched && existsSync(enrichedCase) ? enrichedCase : join(CASES, name)
  const plain = join(base, "input.log")
  if (existsSync(plain)) return readFileSync(plain, "latin1")
  return gunzipSync(readFileSync(join(base, "input.log.gz"))).toString("latin1")
}

const STAMP = /^(type=\S+ msg=audit\()(\d+)\.(\d+):(\d+)/

function readTemplate(line: string): Template {
  const stamp = STAMP.exec(line)
  if (stamp === null) throw new Error(`not an audit record: ${line.slice(0, 80)}`)
  const [head, start = "", sec, ms, serial] = stamp
  const forks = FORK_CALLS.has(/ syscall=(\d+) success=yes /.exec(line)?.[1] ?? "")
  const slots = forks ? /(?<=[ :](?:p|pp|op|s)id=|success=yes exit=)\d+/g : /(?<=[ :](?:p|pp|op|s)id=)\d+/g
  const body = line.slice(head.length)
  const texts = [start]
  const pids: number[] = []
  let at = 0
  for (const match of body.matchAll(slots)) {
    texts.push(body.slice(at, match.index))
    pids.push(Number(match[0]))
    at = match.index + match[0].length
  }
  texts.push(body.slice(at))
  const stampMs = Number(sec) * 1000 + Number(ms)
  return { isProctitle: line.startsWith("type=PROCTITLE"), stampMs, serial: Number(serial), texts, pids }
}

function readBlock(name: string, enriched: boolean): Block {
  const lines = readCase(name, enriched).split("\n").filter(Boolean).map(readTemplate)
  const firstMs = Math.min(...lines.map((line) => line.stampMs))
  const firstSerial = Math.min(...lines.map((line) => line.serial))
  const moved = lines.map((line) => ({
    ...line,
    stampMs: line.stampMs - firstMs,
    serial: line.serial - firstSerial,
  }))
  return {
    lines: moved,
    lengthMs: Math.max(...moved.map((line) => line.stampMs)),
    serials: Math.max(...moved.map((line) => line.serial)) + 1,
  }
}

/** Random numbers in [0, 1) that depend on the seed alone (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function movePid(pid: number, by: number): number {
  return pid <= 1 ? pid : 2 + ((pid + by) % (HIGHEST_PID - 2))
}

function writeLine(line: Template, prefix: string, ms: number, serial: number, pidShift: number): string {
  const sec = Math.floor(ms / 1000)
  const stamp = `${sec}.${String(ms % 1000).padStart(3, "0")}:${serial % 2 ** 32}`
  let text = `${prefix}${line.texts[0]}${stamp}${line.texts[1]}`
  for (const [i, pid] of line.pids.entries()) text += movePid(pid, pidShift) + (line.texts[i + 2] ?? "")
  return `${text}\n`
}

/** Gives the log piece by piece, one block at a time, until `sizeBytes` have been given or left out. */
export function* generateLog(options: GenerateOptions): Generator<string> {
  const blocks = MIX.flatMap(([name, weight]) => Array<Block>(weight).fill(readBlock(name, options.enriched)))
  const draw = seededRandom(options.seed)
  const drawDropped = seededRandom(options.seed + 1)
  let given = 0
  let ms = FIRST_MS
  let serial = FIRST_SERIAL
  for (let repeat = 1; given < options.sizeBytes; repeat++) {
    const block = blocks[Math.floor(draw() * blocks.length)]
    if (block === undefined) throw new Error("the mix is empty")
    const prefix = options.node ? `node=${HOSTS[Math.floor(draw() * HOSTS.length)]} ` : ""
    const lastsMs = (block.serials * 1000) / options.rate
    const pace = block.lengthMs > lastsMs ? lastsMs / block.lengthMs : 1
    let piece = ""
    for (const line of block.lines) {
      const sinceMs = TICK_MS * Math.floor((line.stampMs * pace) / TICK_MS)
      const text = writeLine(line, prefix, ms + sinceMs, serial + line.serial, repeat * 211)
      const isDropped = line.isProctitle && drawDropped() < options.dropProctitle
      given += text.length
      if (!isDropped) piece += text
    }
    ms += TICK_MS * Math.ceil(lastsMs / TICK_MS)
    serial += block.serials
    yield piece
  }
}

/** Bytes of `500MB`, `64KiB` or a bare number; NaN when it is none. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kMG])(i?)B?|B)?$/.exec(text)
  if (match === null) return Number.NaN
  const power = match[2] === undefined ? 0 : "kMG".indexOf(match[2]) + 1
  return Math.round(Number(match[1]) * (match[3] === "i" ? 1024 : 1000) ** power)
}

/** Writes the log to `path` (`-` is stdout) and gives its length in bytes. */
export function writeLog(path: string, options: GenerateOptions): number {
  const fd = path === "-" ? 1 : openSync(path, "w")
  let held: string[] = []
  let heldBytes = 0
  let total = 0
  const flush = (): void => {
    const bytes = Buffer.from(held.join(""), "latin1")
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    total += bytes.length
    held = []
    heldBytes = 0
  }
  for (const piece of generateLog(options)) {
    held.push(piece)
    heldBytes += piece.length
    if (heldBytes >= WRITE_BYTES) flush()
  }
  flush()
  if (fd !== 1) closeSync(fd)
  return total
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      size: { type: "string", default: "5MB" },
      out: { type: "string", default: "-" },
      seed: { type: "string", default: "1" },
      "drop-proctitle": { type: "string", default: "0" },
      enriched: { type: "boolean", default: false },
      node: { type: "boolean", default: false },
      rate: { type: "string", default: String(BUSY_RATE) },
    },
  })
  const sizeBytes = parseSize(values.size)
  const dropProctitle = Number(values["drop-proctitle"])
  const rate = Number(values.rate)
  if (Number.isNaN(sizeBytes) || !(dropProctitle >= 0 && dropProctitle <= 1) || !(rate > 0)) {
    console.error("--size is like 500MB, --drop-proctitle a share from 0 to 1, --rate in events a second")
    process.exit(64)
  }
  const { enriched, node } = values
  const seed = Number(values.seed)
  const total = writeLog(values.out, { sizeBytes, seed, dropProctitle, enriched, node, rate })
  console.error(`${total} bytes`)
}
