/**
 * Walks the members of a tar stream. tar-stream decodes the headers (ustar, GNU and pax extensions); the walk from
 * header to header is ours, because after damage it has to find the next sound header instead of giving up.
 * Layout: POSIX pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
 */

import { extract, type Header } from "tar-stream"
import { textOfBytes } from "../base/text.ts"
import { messageOf } from "./bytes.ts"
import type { Cursor } from "./cursor.ts"
import type { Report } from "./source.ts"

/** tar-stream reads two options more than its types know: accept v7 headers, and give names byte for byte. */
const DECODER_OPTIONS = { highWaterMark: 1, allowUnknownFormat: true, filenameEncoding: "latin1" } as const

const BLOCK = 512
const LONG_HEADER_BYTES = 4 * 1024 * 1024

export interface TarMember {
  /** Hostile text, never a path to open. */
  readonly name: string
  /** Bytes of content in the archive. */
  readonly size: number
  readonly modifiedMs: number
  /** Offset of the content in the uncompressed archive. */
  readonly dataOffset: number
  /** Why this is no file to read (a link, a device, a sparse file), '' for a file, `folder` for a folder. */
  readonly notAFile: string
}

export class TarReader {
  readonly #cursor: Cursor
  readonly #report: Report
  /** Bytes of the current member, then padding, still to be passed. */
  #left = 0
  #padding = 0
  /** After the end mark, or once the reader of a cut member has been told. */
  #sawEnd = false
  #isFile = false

  constructor(cursor: Cursor, report: Report) {
    this.#cursor = cursor
    this.#report = report
  }

  /**
   * The next member, null at the end. Passes over what is left of the one before. That a file is cut is for whoever
   * reads it to report; everything else about the archive is reported here.
   */
  async next(): Promise<TarMember | null> {
    await this.#passBody()
    for (;;) {
      const start = this.#cursor.position
      const block = await this.#cursor.peek(BLOCK)
      if (block.length < BLOCK) return this.#reportEnd(block.length)
      if (isZero(block)) {
        this.#sawEnd = true
        this.#cursor.consume(BLOCK)
        continue
      }
      const header = await this.#decodeHeader()
      if (!(header instanceof Error)) return this.#begin(header)
      const rest = await this.#cursor.peek(BLOCK)
      if (rest.length < BLOCK) return this.#reportEnd(rest.length)
      await this.#findHeader(start, header.message)
    }
  }

  /** The content of the member that `next` gave. */
  async *body(report: Report): AsyncGenerator<Buffer, void, undefined> {
    const size = this.#left
    while (this.#left > 0) {
      const bytes = await this.#cursor.available()
      if (bytes === null) {
        const message = `the archive ends ${this.#left} bytes before this member does`
        const offset = size - this.#left
        report({ code: "source/truncated", severity: "error", offset, length: this.#left, message })
        this.#left = 0
        this.#sawEnd = true
        return
      }
      const step = bytes.subarray(0, this.#left)
      this.#left -= step.length
      this.#cursor.consume(step.length)
      yield step
    }
  }

  #begin(header: Header): TarMember {
    this.#sawEnd = false
    this.#left = header.type === "directory" ? 0 : header.size
    this.#padding = (BLOCK - (this.#left % BLOCK)) % BLOCK
    const notAFile = describeType(header)
    this.#isFile = notAFile === ""
    return {
      name: nameOf(header),
      size: this.#left,
      modifiedMs: header.mtime.getTime(),
      dataOffset: this.#cursor.position,
      notAFile,
    }
  }

  async #passBody(): Promise<void> {
    const unread = this.#left
    this.#left = 0
    if ((await this.#cursor.skip(unread)) === unread) await this.#cursor.skip(this.#padding)
    else this.#sawEnd = this.#isFile
    this.#padding = 0
  }

  /** Reads header blocks until one names a member. Consumes none when the first is unsound. */
  async #decodeHeader(): Promise<Header | Error> {
    const decoder = new HeaderDecoder()
    try {
      for (let total = 0; total <= LONG_HEADER_BYTES; total += BLOCK) {
        const block = await this.#cursor.peek(BLOCK)
        if (block.length < BLOCK) return new Error("the archive ends within a header")
        const outcome = await decoder.feed(Buffer.from(block))
        if (outcome instanceof Error) return outcome
        this.#cursor.consume(BLOCK)
        if (outcome !== null) return outcome
      }
      return new Error("its extended header is larger than 4 MiB")
    } finally {
      decoder.close()
    }
  }

  /** Passes over blocks until one looks like a header. */
  async #findHeader(start: number, why: string): Promise<void> {
    let passed = this.#cursor.position - start
    if (passed === 0) passed += await this.#cursor.skip(BLOCK)
    for (;;) {
      const block = await this.#cursor.peek(BLOCK)
      if (block.length < BLOCK) passed += await this.#cursor.skip(block.length)
      if (block.length < BLOCK || looksLikeHeader(block)) break
      passed += await this.#cursor.skip(BLOCK)
    }
    const [code, severity] = this.#sawEnd
      ? (["source/trailing-garbage", "warning"] as const)
      : (["source/corrupt", "error"] as const)
    const message = `${passed} bytes at offset ${start} of the archive are no tar header (${why}); they were passed over`
    this.#report({ code, severity, offset: start, length: passed, message })
    this.#sawEnd = true
  }

  #reportEnd(rest: number): null {
    if (!this.#sawEnd || rest > 0) {
      const offset = this.#cursor.position
      const message = "the archive ends without its end mark; members may be missing"
      this.#report({ code: "source/truncated", severity: "warning", offset, length: rest, message })
    }
    return null
  }
}

/** Gives tar-stream one header's blocks, and never the content behind it. */
class HeaderDecoder {
  readonly #extract = extract(DECODER_OPTIONS)
  #settle: (outcome: Header | Error | null) => void = () => {}

  constructor() {
    this.#extract.on("entry", (header: Header, body) => {
      body.on("error", () => {})
      this.#settle(header)
    })
    this.#extract.on("error", (error) => this.#settle(new Error(messageOf(error))))
    this.#extract.on("drain", () => this.#settle(null))
  }

  /** The member's header once `block` completes it, null while more blocks belong to it. */
  feed(block: Buffer): Promise<Header | Error | null> {
    return new Promise((resolve) => {
      this.#settle = resolve
      this.#extract.write(block)
    })
  }

  close(): void {
    this.#extract.destroy()
  }
}

/** tar-stream gives pax names decoded, all others byte for byte as Latin-1. */
function nameOf(header: Header): string {
  if (paxOf(header).get("path") === header.name) return header.name
  return textOfBytes(Buffer.from(header.name, "latin1"))
}

function paxOf(header: Header): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(header.pax ?? {}))
}

function describeType(header: Header): string {
  if ([...paxOf(header).keys()].some((key) => key.startsWith("GNU.sparse."))) return "a sparse file"
  switch (header.type as string | null) {
    case "file":
    case "contiguous-file":
      return ""
    case "directory":
      return "folder"
    case "link":
      return "a hard link"
    case "symlink":
      return "a symbolic link"
    case "fifo":
      return "a FIFO"
    case "block-device":
    case "character-device":
      return "a device"
    default:
      return "an entry of an unknown or sparse type"
  }
}

function looksLikeHeader(block: Buffer): boolean {
  if (block.latin1Slice(257, 262) !== "ustar") return false
  let sum = 8 * 0x20
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0
  return Number.parseInt(block.latin1Slice(148, 156).trim(), 8) === sum
}

function isZero(block: Buffer): boolean {
  return block.every((byte) => byte === 0)
}
