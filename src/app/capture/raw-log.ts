/**
 * Keeps the messages of a live capture as the log that auditd would have written, in rotated files.
 * FILE is the newest, then FILE.1 to FILE.N, the oldest; a file begins and ends between events.
 * Source of truth: auditd.conf(5) max_log_file, num_logs; audit-userspace src/auditd-event.c rotate_logs.
 */
import { closeSync, fchownSync, fstatSync, fsyncSync, lstatSync, renameSync, writeSync } from "node:fs"
import { type AuditMessage, lineLength, writeLine } from "../../formats/linux-audit/auditd-line.ts"
import { IoError } from "../errors.ts"
import { EventBorder, type Place } from "./event-border.ts"
import { createOwnFile, openOwnFile } from "./own-file.ts"

export interface Rotation {
  /** Of the file that is written from now on. */
  readonly path: string
  /** Where the one before lies now. */
  readonly rotatedTo: string
  /** Its bytes. */
  readonly size: number
}

export interface RawLogOptions {
  readonly path: string
  /** A file this long is followed by a new one; unless given, by none. */
  readonly maxBytes?: number
  /** Files kept beside the newest. */
  readonly keep?: number
  readonly bufferBytes?: number
  /** Account that earlier runs handed the file over to, whose file may be appended to as well. */
  readonly owner?: number
  /** Called while `append` runs, before the line goes into the new file. */
  readonly onRotate?: (rotation: Rotation) => void
  /** One sentence; called once, when files cannot be rotated any more and the last one grows on. */
  readonly onProblem?: (message: string) => void
}

const KEEP = 5
const BUFFER_BYTES = 256 * 1024
/** Beyond `maxBytes` by this much a file ends even while an event is open: its EOE may be lost. */
const SLACK_BYTES = 1024 * 1024

export class RawLog {
  readonly #options: RawLogOptions
  readonly #border = new EventBorder()
  readonly #message: AuditMessage = { type: 0, buffer: Buffer.alloc(0), start: 0, end: 0 }
  #buffer: Buffer
  #filled = 0
  #descriptor: number
  #size: number
  #canRotate: boolean

  /** Opens the file, and makes it when there is none. The caller closes. @throws RetrailError */
  constructor(options: RawLogOptions) {
    const { path, maxBytes, bufferBytes, owner } = options
    this.#options = options
    this.#buffer = Buffer.allocUnsafe(bufferBytes ?? BUFFER_BYTES)
    this.#canRotate = maxBytes !== undefined
    const { descriptor, size, isTorn } = openOwnFile(path, owner)
    this.#descriptor = descriptor
    this.#size = size
    if (isTorn) this.#endTornLine()
  }

  /** Bytes of the file with what is not written yet. */
  get size(): number {
    return this.#size
  }

  /**
   * Takes one message, its payload in `buffer[start, end)`. Returns where its line begins in the file; for EOE,
   * which has none, where the next will. @throws IoError when the disk is full or fails
   */
  append(type: number, buffer: Buffer, start: number, end: number): number {
    const message = this.#message
    message.type = type
    message.buffer = buffer
    message.start = start
    message.end = end
    if (this.#isDue(this.#border.take(type, buffer, start, end))) this.#rotate()
    const offset = this.#size
    const length = lineLength(message)
    if (length > this.#buffer.length - this.#filled) this.#makeRoom(length)
    this.#filled += writeLine(message, this.#buffer, this.#filled)
    this.#size += length
    return offset
  }

  /** Writes what is buffered. @throws IoError; what could not be written is kept */
  flush(): void {
    let done = 0
    try {
      while (done < this.#filled)
        done += writeSync(this.#descriptor, this.#buffer, done, this.#filled - done, null)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new IoError(`writing ${this.#options.path} failed (${code})`, "Make room, and start again.")
    } finally {
      this.#buffer.copyWithin(0, done, this.#filled)
      this.#filled -= done
    }
  }

  /** Gives the file to the account that the process goes on as: it owns what it rotates and appends to. */
  handOver(uid: number, gid: number): void {
    fchownSync(this.#descriptor, uid, gid)
  }

  /** Writes everything through to the disk and closes the file. */
  close(): void {
    try {
      this.flush()
      fsyncSync(this.#descriptor)
    } finally {
      closeSync(this.#descriptor)
    }
  }

  #isDue(place: Place): boolean {
    const { maxBytes } = this.#options
    if (!this.#canRotate || maxBytes === undefined || this.#size < maxBytes) return false
    return place === "border" || (place === "between" && this.#size >= maxBytes + SLACK_BYTES)
  }

  #makeRoom(length: number): void {
    this.flush()
    if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(length)
  }

  /** A line that a killed process left without its end must not swallow the next one. */
  #endTornLine(): void {
    this.#buffer.write("\n", "latin1")
    this.#filled = 1
    this.#size++
    this.flush()
  }

  #rotate(): void {
    this.flush()
    const { path, onRotate } = this.#options
    const rotatedTo = `${path}.1`
    try {
      if (!this.#isStillAtPath()) throw new Error("it is another file now")
      this.#shift()
      const next = this.#startNext(path, rotatedTo)
      closeSync(this.#descriptor)
      this.#descriptor = next
    } catch (error) {
      this.#giveUpRotating(error)
      return
    }
    const size = this.#size
    this.#size = 0
    onRotate?.({ path, rotatedTo, size })
  }

  /** Each file takes the name of the next older one; the oldest goes. */
  #shift(): void {
    const { path, keep = KEEP } = this.#options
    for (let number = keep - 1; number >= 1; number--) {
      renameIfThere(`${path}.${number}`, `${path}.${number + 1}`)
    }
    renameSync(path, `${path}.1`)
  }

  #startNext(path: string, rotatedTo: string): number {
    try {
      return createOwnFile(path).descriptor
    } catch (error) {
      renameSync(rotatedTo, path)
      throw error
    }
  }

  #isStillAtPath(): boolean {
    const named = lstatSync(this.#options.path, { throwIfNoEntry: false, bigint: true })
    const open = fstatSync(this.#descriptor, { bigint: true })
    return named?.ino === open.ino && named.dev === open.dev
  }

  #giveUpRotating(error: unknown): void {
    this.#canRotate = false
    const why = error instanceof Error ? error.message : String(error)
    this.#options.onProblem?.(`${this.#options.path} is not rotated any more, and grows on: ${why}`)
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
  }
}
