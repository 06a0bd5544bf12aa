/**
 * A growing file behind one descriptor: what is new in it, and whether it is still the file that was read so far.
 * The bytes before the place reached are looked at again when the file has changed: one that was emptied and has
 * grown past that place would else be taken for the same.
 */
import { type BigIntStats, readSync } from "node:fs"
import type { FileHandle } from "node:fs/promises"
import type { Problem } from "../../base/problem.ts"
import { HEAD_BYTES } from "../evidence.ts"
import { codeOf, describeOpenFailure, kindOf, openReadOnly, refuse } from "../file-bytes.ts"
import type { SourceFacts } from "../source.ts"

/** Bytes before the place reached that must stay the same; a record's stamp lies in any so many. */
const TAIL_BYTES = 512

export type Change = "none" | "grown" | "truncated"

export class OpenLog {
  readonly path: string
  /** Device and inode. */
  readonly identity: string
  /** Everything before has been read. */
  offset = 0
  /** As of the last look. */
  size = 0
  readonly #handle: FileHandle
  #modifiedNs = -1n
  #tail: Buffer = Buffer.alloc(0)

  private constructor(path: string, handle: FileHandle, stats: BigIntStats) {
    this.path = path
    this.#handle = handle
    this.identity = identityOf(stats)
    this.size = Number(stats.size)
  }

  /** Opens a regular file, or says why not; null when nothing is there. The caller closes it. */
  static async open(path: string): Promise<OpenLog | Problem | null> {
    let handle: FileHandle
    try {
      handle = await openReadOnly(path)
    } catch (error) {
      return codeOf(error) === "ENOENT" ? null : describeOpenFailure(error)
    }
    try {
      const stats = await handle.stat({ bigint: true })
      if (stats.isFile()) return new OpenLog(path, handle, stats)
      await handle.close()
      return refuse("source/not-followed", `${kindOf(stats)} is not followed`, "warning")
    } catch (error) {
      await handle.close()
      return describeOpenFailure(error)
    }
  }

  async facts(): Promise<SourceFacts> {
    const { size, mtimeMs } = await this.#handle.stat()
    return { path: this.path, member: "", packing: "", storedSize: size, modifiedMs: mtimeMs }
  }

  async head(): Promise<Buffer> {
    return this.#readAt(0, Math.min(HEAD_BYTES, this.size))
  }

  /** Looks for bytes behind `offset`; `size` is known then. */
  async look(): Promise<Change> {
    const stats = await this.#handle.stat({ bigint: true })
    this.size = Number(stats.size)
    if (this.size < this.offset) return "truncated"
    if (this.size === this.offset && stats.mtimeNs === this.#modifiedNs) return "none"
    this.#modifiedNs = stats.mtimeNs
    if (!(await this.holds(this.#tail, this.offset))) return "truncated"
    return this.size > this.offset ? "grown" : "none"
  }

  /** Whether these bytes lie before `end`. */
  async holds(bytes: Buffer, end: number): Promise<boolean> {
    return bytes.length === 0 || bytes.equals(await this.#readAt(end - bytes.length, bytes.length))
  }

  /** As of the last look that found a change. */
  get modifiedNs(): bigint {
    return this.#modifiedNs
  }

  /** Fills `target` from a place, without a promise: for many small reads. Returns how many bytes are there. */
  readNow(target: Buffer, position: number): number {
    return readSync(this.#handle.fd, target, 0, target.length, position)
  }

  /** Fills `target` from a place with so many bytes; fewer when the file ends before. */
  async readAt(target: Buffer, position: number, length: number): Promise<Buffer> {
    const { bytesRead } = await this.#handle.read(target, 0, Math.min(target.length, length), position)
    return target.subarray(0, bytesRead)
  }

  /** The bytes before `offset`, by which the file is known again. */
  get tail(): Buffer {
    return this.#tail
  }

  /** Fills `target` as far as the last look saw; fewer bytes when the file has shrunk since. */
  async read(target: Buffer): Promise<Buffer> {
    const wanted = Math.min(target.length, this.size - this.offset)
    const { bytesRead } = await this.#handle.read(target, 0, wanted, this.offset)
    const bytes = target.subarray(0, bytesRead)
    this.offset += bytesRead
    this.#tail = Buffer.concat([this.#tail, bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES)
    return bytes
  }

  /** Goes on at another place. */
  async moveTo(offset: number): Promise<void> {
    this.offset = offset
    const length = Math.min(offset, TAIL_BYTES)
    this.#tail = await this.#readAt(offset - length, length)
    this.#modifiedNs = -1n
  }

  /** Where the last line begins that has no end yet; the end of the file when its bytes are no text. */
  async endOfLines(): Promise<number> {
    const { size } = this
    const length = Math.min(size, HEAD_BYTES)
    const last = await this.#readAt(size - length, length)
    const lineEnd = last.lastIndexOf(0x0a)
    return lineEnd < 0 || last.includes(0) ? size : size - last.length + lineEnd + 1
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async #readAt(position: number, length: number): Promise<Buffer> {
    const target = Buffer.allocUnsafeSlow(length)
    let done = 0
    while (done < length) {
      const { bytesRead } = await this.#handle.read(target, done, length - done, position + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return target.subarray(0, done)
  }
}

export function identityOf(stats: Pick<BigIntStats, "dev" | "ino">): string {
  return `${stats.dev}:${stats.ino}`
}
