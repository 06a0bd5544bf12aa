/** A writer that rotates at any moment loses no byte to one who follows: many small steps in random order. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../acceptance/read-rows.ts"
import { runFollow } from "./run-follow.ts"

const SEEDS = Array.from({ length: 40 }, (_, at) => at + 1)
const STEPS = 60
/** More than the steps can rotate: what falls off the end before it is seen is gone. */
const KEEP = STEPS

class Writer {
  /** Everything written, in order. */
  text = ""
  readonly #log: string
  readonly #random: () => number
  #descriptor: number
  #line = 0
  /** Whether the current file is older than the follower's last look. */
  #isSeen = false
  /** Whether the follower has read of the current file since it was emptied. */
  #isRead = false

  constructor(log: string, random: () => number) {
    this.#log = log
    this.#random = random
    this.#descriptor = openSync(log, "a")
  }

  looked(): void {
    this.#isSeen = true
  }

  read(): void {
    this.#isRead = true
  }

  /** Whole lines and parts of lines. */
  write(): void {
    for (let count = Math.floor(this.#random() * 4); count >= 0; count--) {
      const text = `line ${this.#line++} ${"x".repeat(Math.floor(this.#random() * 900))}`
      const ending = this.#random() < 0.8 ? "\n" : ""
      writeSync(this.#descriptor, text + ending)
      this.text += text + ending
    }
  }

  /** Renames; the daemon opens the new file at once, or writes on into the old one for a while. */
  rename(): void {
    this.#shift()
    renameSync(this.#log, `${this.#log}.1`)
    const isSeen = this.#isSeen
    if (this.#random() < 0.5) writeFileSync(this.#log, "")
    if (this.#random() < 0.5) this.write()
    closeSync(this.#descriptor)
    // A file that nobody has opened yet is gone with its name.
    if (isSeen && this.#random() < 0.5) this.#pack()
    this.#descriptor = openSync(this.#log, "a")
    this.#isSeen = false
  }

  /** Not twice before a look that finds bytes: of what the second one empties nothing would have been seen. */
  copyAndTruncate(): void {
    if (!this.#isSeen || !this.#isRead) return
    this.#shift()
    copyFileSync(this.#log, `${this.#log}.1`)
    ftruncateSync(this.#descriptor)
    this.#isSeen = false
    this.#isRead = false
  }

  recreate(): void {
    if (!this.#isSeen) return
    rmSync(this.#log)
    closeSync(this.#descriptor)
    this.#descriptor = openSync(this.#log, "a")
    this.#isSeen = false
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #shift(): void {
    for (let number = KEEP; number >= 1; number--) {
      for (const packed of ["", ".gz"]) {
        const from = `${this.#log}.${number}${packed}`
        if (existsSync(from)) renameSync(from, `${this.#log}.${number + 1}${packed}`)
      }
    }
  }

  #pack(): void {
    writeFileSync(`${this.#log}.1.gz`, gzipSync(readFileSync(`${this.#log}.1`)))
    rmSync(`${this.#log}.1`)
  }
}

type Style = "rename" | "copyAndTruncate" | "recreate"

async function followWriter(seed: number, style: Style): Promise<{ got: string; written: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), "retrail-interleave-"))
  try {
    const log = path.join(folder, "audit.log")
    const random = seededRandom(seed)
    const writer = new Writer(log, random)
    const controller = new AbortController()
    let steps = 0
    const followed = await runFollow([log], {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === "idle") writer.looked()
        if (event.kind === "bytes" && event.offset === 0) writer.read()
        // Events but the idle one come in the middle of a look: the writer does not wait for its end.
        for (let more = random(); more < 0.7 && steps < STEPS; more = random()) {
          steps++
          if (random() < 0.7) writer.write()
          else writer[style]()
        }
        if (steps >= STEPS && event.kind === "idle") controller.abort()
      },
    })
    writer.close()
    return { got: followed.text, written: writer.text }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.each(["rename", "copyAndTruncate", "recreate"] as const)("a log rotated by %s", (style) => {
  it.each(SEEDS)("is read whole and in order (seed %i)", async (seed) => {
    const { got, written } = await followWriter(seed, style)
    expect(written.length).toBeGreaterThan(1000)
    expect(got === written, `${got.length} of ${written.length} bytes`).toBe(true)
  })
})
