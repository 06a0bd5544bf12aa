/**
 * Unpacks gzip (RFC 1952, any number of members), zstd (RFC 8878, any number of frames) and zip's raw deflate.
 * Whatever could be decoded before damage is handed on before the damage is reported.
 */

import { crc32 } from "node:zlib"
import type { Problem } from "../base/problem.ts"
import type { Bytes } from "./bytes.ts"
import { Cursor } from "./cursor.ts"
import { type Codec, decode, type Ending, INPUT_STEP, type PackedInput } from "./decoder.ts"
import { packingOf } from "./packing.ts"
import type { Report } from "./source.ts"
import { describeBomb, type SourceLimits } from "./source-limits.ts"

export interface UnpackInput {
  /** The packed bytes, from their start. */
  readonly live: AsyncGenerator<Buffer, void, undefined>
  /** The same bytes for a second reading after damage. */
  readonly bytes: Bytes
  readonly limits: SourceLimits
  readonly report: Report
}

/** What a zip's directory says about a member. */
export interface DeclaredContent {
  readonly size: number
  readonly crc32: number
}

type Buffers<End = void> = AsyncGenerator<Buffer, End, undefined>

/** The content of a gzip file. */
export async function* gunzip(input: UnpackInput): Buffers {
  const unpacker = new Unpacker(input)
  try {
    for (let member = 1; ; member++) {
      const start = unpacker.cursor.position
      const header = await skipGzipHeader(unpacker.cursor)
      if (header !== "complete") return unpacker.reportDamage(header, "the gzip header is cut", start)
      const sum = yield* unpacker.member("deflate")
      if (sum === null) return
      const trailer = await unpacker.cursor.peek(8)
      if (trailer.length < 8) return unpacker.reportDamage("truncated", "the gzip trailer is cut", start)
      unpacker.checkSum(sum, trailer.readUInt32LE(0), trailer.readUInt32LE(4))
      unpacker.cursor.consume(8)
      if (!(await unpacker.hasMore("gz", member))) return
    }
  } finally {
    await unpacker.cursor.close()
  }
}

/** The content of a zstd file. */
export async function* unzstd(input: UnpackInput): Buffers {
  const unpacker = new Unpacker(input)
  try {
    for (let frame = 1; ; frame++) {
      if ((yield* unpacker.member("zstd")) === null) return
      if (!(await unpacker.hasMore("zst", frame))) return
    }
  } finally {
    await unpacker.cursor.close()
  }
}

/** The content of a zip member. */
export async function* inflateZipMember(
  input: UnpackInput,
  codec: Codec,
  declared: DeclaredContent,
): Buffers {
  const unpacker = new Unpacker(input)
  try {
    const sum = yield* unpacker.member(codec)
    if (sum !== null) unpacker.checkSum(sum, declared.crc32, declared.size)
  } finally {
    await unpacker.cursor.close()
  }
}

/** The content of a zip member that is stored as it is. */
export async function* copyZipMember(input: UnpackInput, declared: DeclaredContent): Buffers {
  const unpacker = new Unpacker(input)
  let sum = 0
  let length = 0
  for await (const bytes of input.live) {
    sum = crc32(bytes, sum)
    length += bytes.length
    yield bytes
  }
  unpacker.content = length
  unpacker.checkSum({ crc32: sum, length }, declared.crc32, declared.size)
}

interface Sum {
  readonly crc32: number
  readonly length: number
}

/** What the formats have in common: counting, guarding and reporting over one run of packed bytes. */
class Unpacker {
  readonly cursor: Cursor
  readonly #packed: PackedInput
  readonly #limits: SourceLimits
  readonly #report: Report
  /** Bytes of content so far. */
  content = 0

  constructor(input: UnpackInput) {
    this.cursor = new Cursor(input.live)
    this.#packed = { cursor: this.cursor, bytes: input.bytes }
    this.#limits = input.limits
    this.#report = input.report
  }

  /** One member or frame; gives null after an end that nothing may follow. */
  async *member(codec: Codec): Buffers<Sum | null> {
    const start = this.content
    const storedStart = this.cursor.position
    const decoding = decode(this.#packed, codec)
    let sum = 0
    try {
      for (;;) {
        const step = await decoding.next()
        if (step.done === true) {
          const length = this.content - start
          return this.#accepts(step.value, storedStart) ? { crc32: sum, length } : null
        }
        sum = crc32(step.value, sum)
        this.content += step.value.length
        yield step.value
        const bomb = describeBomb(this.cursor.position + INPUT_STEP, this.content, this.#limits)
        if (bomb !== "") {
          this.#say("source/bomb", "error", `${bomb}: given up after ${this.content} bytes`)
          return null
        }
      }
    } finally {
      await decoding.return({ how: "complete", message: "" })
    }
  }

  /** Compares what came out with what a trailer or directory declares (-1: nothing); sizes modulo 2^32. */
  checkSum(sum: Sum, declaredCrc: number, declaredSize: number): void {
    if (declaredSize < 0) return
    if (sum.crc32 !== declaredCrc) {
      const [expected, found] = [hex32(declaredCrc), hex32(sum.crc32)]
      const message = `the content's CRC-32 is ${found}, not ${expected} as declared; it was read as it is`
      this.#say("source/checksum", "warning", message, { expected, found })
    } else if (sum.length % 2 ** 32 !== declaredSize % 2 ** 32) {
      const message = `the content has ${sum.length} bytes, not ${declaredSize} as declared`
      const sizes = { expected: String(declaredSize), found: String(sum.length) }
      this.#say("source/checksum", "warning", message, sizes)
    }
  }

  /** Whether another member follows; zero padding is none, anything else is reported. */
  async hasMore(packing: "gz" | "zst", members: number): Promise<boolean> {
    const at = this.cursor.position
    const next = await this.cursor.peek(8)
    if (next.length === 0) return false
    if (packingOf(next) === packing) {
      if (members < this.#limits.archiveMembers) return true
      this.#say("source/bomb", "error", `it consists of more than ${members} ${packing} members`)
      return false
    }
    const garbage = await countUnlessZero(this.cursor)
    if (garbage === 0) return false
    const message = `${garbage} bytes that are no ${packing} follow at stored offset ${at}; they were not read`
    this.#say("source/trailing-garbage", "warning", message)
    return false
  }

  reportDamage(how: "truncated" | "damaged", message: string, storedStart: number): void {
    const where = `stored offset ${this.cursor.position} (of the member at ${storedStart})`
    const kept = `${this.content} bytes of content came out before`
    if (how === "truncated") this.#say("source/truncated", "error", `${message}, at ${where}; ${kept}`)
    else this.#say("source/corrupt", "error", `${message}, near ${where}; ${kept}`)
  }

  #accepts(ending: Ending, storedStart: number): boolean {
    if (ending.how === "complete") return true
    if (ending.how === "mismatched") {
      const message = `the content does not match its checksum (${ending.message}); it was read as it is, what follows it was not`
      this.#say("source/checksum", "warning", message)
    } else this.reportDamage(ending.how, ending.message, storedStart)
    return false
  }

  #say(code: string, severity: Problem["severity"], message: string, more: Partial<Problem> = {}): void {
    this.#report({ code, severity, offset: this.content, length: 0, message, ...more })
  }
}

const FLAG_CRC = 2
const FLAG_EXTRA = 4
const FLAG_NAME = 8
const FLAG_COMMENT = 16

/** 1f 8b, method, flags, time (4), level, system, then what the flags announce. */
async function skipGzipHeader(cursor: Cursor): Promise<"complete" | "truncated" | "damaged"> {
  const fixed = await cursor.peek(10)
  if (fixed.length < 10) return "truncated"
  if (fixed[2] !== 8) return "damaged"
  const flags = fixed[3] ?? 0
  cursor.consume(10)
  if (flags & FLAG_EXTRA) {
    const length = await cursor.peek(2)
    if (length.length < 2) return "truncated"
    const extra = 2 + length.readUInt16LE(0)
    if ((await cursor.skip(extra)) < extra) return "truncated"
  }
  if (flags & FLAG_NAME && !(await skipPastZero(cursor))) return "truncated"
  if (flags & FLAG_COMMENT && !(await skipPastZero(cursor))) return "truncated"
  if (flags & FLAG_CRC && (await cursor.skip(2)) < 2) return "truncated"
  return "complete"
}

async function skipPastZero(cursor: Cursor): Promise<boolean> {
  for (;;) {
    const bytes = await cursor.available()
    if (bytes === null) return false
    const end = bytes.indexOf(0)
    cursor.consume(end < 0 ? bytes.length : end + 1)
    if (end >= 0) return true
  }
}

/** Consumes the rest and returns its length, or 0 when it is all zeros. */
async function countUnlessZero(cursor: Cursor): Promise<number> {
  let length = 0
  let isZero = true
  for (;;) {
    const bytes = await cursor.available()
    if (bytes === null) return isZero ? 0 : length
    isZero &&= bytes.every((byte) => byte === 0)
    length += bytes.length
    cursor.consume(bytes.length)
  }
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0")
}
