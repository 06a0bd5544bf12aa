/** Damages a file in one of many ways, the same way for the same seed, and says which lines it has reached. */
import { seededRandom } from "../acceptance/read-rows.ts"

export interface Mutant {
  readonly bytes: Buffer
  /** `SEC.MSEC:SERIAL` of every event that a damaged, moved, added or lost line names or named. */
  readonly touched: ReadonlySet<string>
}

type Random = (limit: number) => number

const MAX_BYTES = 256 * 1024

export function mutate(original: Buffer, seed: number): Mutant {
  const random = seededRandom(seed)
  const below: Random = (limit) => Math.floor(random() * limit)
  let bytes: Buffer = Buffer.from(original)
  const moved: string[] = []
  for (let left = 1 + below(3); left > 0; left--) {
    bytes = OPERATIONS[below(OPERATIONS.length)]?.(bytes, below, moved) ?? bytes
    if (bytes.length > MAX_BYTES) bytes = bytes.subarray(0, MAX_BYTES)
  }
  return { bytes, touched: touchedKeys(original, bytes, moved) }
}

const OPERATIONS: readonly ((bytes: Buffer, below: Random, moved: string[]) => Buffer)[] = [
  flipBits,
  cutOut,
  cutEnd,
  duplicate,
  insertJunk,
  insertJunk,
  swapLines,
  blankOut,
  spliceWords,
]

function flipBits(bytes: Buffer, below: Random): Buffer {
  for (let count = 1 + below(64); count > 0 && bytes.length > 0; count--) {
    const at = below(bytes.length)
    bytes[at] = (bytes[at] as number) ^ (1 << below(8))
  }
  return bytes
}

function cutOut(bytes: Buffer, below: Random): Buffer {
  const start = below(bytes.length + 1)
  const length = below(below(8) === 0 ? bytes.length + 1 : 200)
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)])
}

function cutEnd(bytes: Buffer, below: Random): Buffer {
  return Buffer.from(bytes.subarray(0, below(bytes.length + 1)))
}

function duplicate(bytes: Buffer, below: Random): Buffer {
  const start = below(bytes.length + 1)
  const piece = bytes.subarray(start, start + below(2000))
  const at = below(bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
}

function insertJunk(bytes: Buffer, below: Random): Buffer {
  const junk = Buffer.from(Array.from({ length: 1 + below(200) }, () => below(256)))
  const at = below(bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(at)])
}

function blankOut(bytes: Buffer, below: Random): Buffer {
  const start = below(bytes.length + 1)
  bytes.fill(below(2) === 0 ? 0 : 0x20, start, Math.min(bytes.length, start + below(600)))
  return bytes
}

/** What means something to a reader, where it means nothing. */
const WORDS = [
  ..."\"'=:()[]{}\n\r\0\x1d\x1b,",
  "type=",
  "type=SYSCALL msg=audit(1.000:1): ",
  "node=x ",
  "msg='",
  "a0[99999999]=",
  "argc=4294967296 ",
  "a1_len=99999999999999999999 ",
  "saddr=",
  "audit(99999999999999999999.999:99999999999)",
  "\u202e",
  '{"MESSAGE":',
  "success=no exit=-99999999999999999999 ",
  "(null)",
]

function spliceWords(bytes: Buffer, below: Random): Buffer {
  let result = bytes
  for (let count = 1 + below(8); count > 0; count--) {
    const at = below(result.length + 1)
    const word = Buffer.from(WORDS[below(WORDS.length)] as string)
    result = Buffer.concat([result.subarray(0, at), word, result.subarray(at + below(word.length + 1))])
  }
  return result
}

function swapLines(bytes: Buffer, below: Random, moved: string[]): Buffer {
  const lines = bytes.toString("latin1").split("\n")
  const [a, b] = [below(lines.length), below(lines.length)]
  const [first, second] = [lines[a] as string, lines[b] as string]
  moved.push(first, second)
  lines[a] = second
  lines[b] = first
  return Buffer.from(lines.join("\n"), "latin1")
}

/** Every event named by a line that only one of the two holds, or that was moved. */
function touchedKeys(original: Buffer, bytes: Buffer, moved: readonly string[]): Set<string> {
  const counts = new Map<string, number>()
  for (const line of original.toString("latin1").split("\n")) counts.set(line, (counts.get(line) ?? 0) + 1)
  for (const line of bytes.toString("latin1").split("\n")) counts.set(line, (counts.get(line) ?? 0) - 1)
  const lines = [...moved, ...[...counts].filter(([, count]) => count !== 0).map(([line]) => line)]
  const keys = new Set<string>()
  for (const line of lines) {
    for (const [, sec, ms, serial] of line.matchAll(/(\d+)(?:\.(\d*))?(?::(\d+))?/g)) {
      keys.add(`${Number(sec)}.${(ms ?? "").padEnd(3, "0").slice(0, 3)}:${Number(serial ?? 0)}`)
    }
  }
  return keys
}
