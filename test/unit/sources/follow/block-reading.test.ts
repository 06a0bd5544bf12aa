import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, utimesSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { BlockShape } from "../../../../src/sources/follow/block-shape.ts"
import { type FollowOptions, follow } from "../../../../src/sources/follow/follow.ts"

/** `HEAD`, then blocks of `BLK:` and `M` with a number and the moment at which it was begun. */
const SHAPE: BlockShape = {
  headerBytes: 16,
  blockBytes: 64,
  headBytes: 32,
  magic: Buffer.from("BLK:"),
  mark: { at: 8, bytes: 24, magic: Buffer.from("M"), numberAt: 8 },
}

let folder = ""
let log = ""
let file = -1
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-blocks-"))
  log = path.join(folder, "ring.log")
  file = openSync(log, "w+")
  write("HEAD", 0)
})
afterEach(() => {
  closeSync(file)
  rmSync(folder, { recursive: true })
})

const placeOf = (block: number) => SHAPE.headerBytes + block * SHAPE.blockBytes

function write(text: string, at: number): void {
  writeSync(file, Buffer.from(text.padEnd(16, ".")), 0, 16, at)
}

function block(at: number, number: number, moment = 0): void {
  const bytes = Buffer.alloc(SHAPE.blockBytes)
  bytes.write("BLK:", 0)
  bytes.write("M", 8)
  bytes.writeBigUInt64LE(BigInt(number), 16)
  bytes.writeUInt32LE(moment, 24)
  writeSync(file, bytes, 0, bytes.length, placeOf(at))
}

/** What each look hands on: numbers of blocks, `h` for the header, `!` where another file begins. */
async function look(
  steps: readonly (() => void)[],
  more: Partial<FollowOptions> = {},
): Promise<readonly (readonly (number | string)[])[]> {
  const looks: (number | string)[][] = [[]]
  const controller = new AbortController()
  const waiting = [...steps]
  const options = { signal: controller.signal, sleep: async () => {}, watch: false, blocksOf: () => SHAPE }
  for await (const event of follow([log], { ...options, ...more })) {
    if (event.kind === "end" && event.why === "truncated") looks.at(-1)?.push("!")
    if (event.kind === "bytes") {
      if (event.offset === 0) looks.at(-1)?.push("h")
      else
        for (let at = event.offset; at < event.offset + event.bytes.length; at += SHAPE.blockBytes)
          looks.at(-1)?.push((at - SHAPE.headerBytes) / SHAPE.blockBytes)
    }
    if (event.kind !== "idle") continue
    looks.push([])
    const step = waiting.shift()
    if (step === undefined) controller.abort()
    else step()
  }
  return looks
}

describe("a file that is written in blocks", () => {
  beforeEach(() => {
    for (let at = 0; at < 8; at++) block(at, 10 + at)
  })

  it("is handed on whole, then what has changed of it", async () => {
    const looks = await look([
      () => write("changed", 0),
      () => write("added", placeOf(7) + 40),
      () => write("added", placeOf(4) + 40),
      () => block(8, 18),
      () => writeSync(file, Buffer.from("x"), 0, 1, placeOf(2) + 4),
      () => {},
    ])
    expect(looks).toEqual([["h", 0, 1, 2, 3, 4, 5, 6, 7], ["h"], [7], [4], [8], [2], [], []])
  })

  it("is not read again behind a head that stays, unless it is one of the newest", async () => {
    expect(await look([() => write("late", placeOf(1) + 40)])).toEqual([
      ["h", 0, 1, 2, 3, 4, 5, 6, 7],
      [],
      [],
    ])
  })

  it("is handed on from its oldest block when the ring has come round", async () => {
    block(0, 18)
    block(1, 19)
    const ring = () => {
      block(2, 20)
      block(3, 21)
      write("added", placeOf(1) + 40)
    }
    expect(await look([ring])).toEqual([["h", 2, 3, 4, 5, 6, 7, 0, 1], [1, 2, 3], []])
  })

  it("is looked at once more at the end, whatever its time says", async () => {
    const old = new Date(1_700_000_000_000)
    utimesSync(log, old, old)
    const looks = await look([
      () => {
        write("added", placeOf(7) + 40)
        utimesSync(log, old, old)
      },
      () => {},
    ])
    expect(looks).toEqual([["h", 0, 1, 2, 3, 4, 5, 6, 7], [], [], [7]])
  })

  it.each([
    ["is shorter", () => ftruncateSync(file, placeOf(6))],
    ["has a lower number where a block was", () => block(3, 2)],
    ["has a block with the same number of another moment", () => block(0, 10, 5)],
  ])("is another one when it %s", async (_name, step) => {
    const [, second] = await look([step])
    expect(second?.slice(0, 4)).toEqual(["!", "h", 0, 1])
  })

  it("may end inside a block", async () => {
    writeSync(file, Buffer.from("BLK:"), 0, 4, placeOf(8))
    const looks = await look([() => block(8, 18)])
    expect(looks).toEqual([["h", 0, 1, 2, 3, 4, 5, 6, 7, 8], [8], []])
  })

  it("is followed as far as its blocks can be compared in time", async () => {
    ftruncateSync(file, placeOf(262_146))
    const problems: [string, number][] = []
    let end = 0
    const options = { signal: AbortSignal.abort(), watch: false, blocksOf: () => SHAPE }
    for await (const event of follow([log], options)) {
      if (event.kind === "problem") problems.push([event.problem.code, event.problem.offset])
      if (event.kind === "bytes") end = Math.max(end, event.offset + event.bytes.length)
    }
    expect([problems, end]).toEqual([[["source/not-followed", placeOf(262_144)]], placeOf(262_144)])
  })

  it("is taken in turns when there is much of it", async () => {
    for (let at = 0; at < 40_000; at++) block(at, 10 + at)
    const looks = await look([])
    expect(looks[0]).toEqual(["h", ...Array.from({ length: 40_000 }, (_, at) => at)])
  })
})
