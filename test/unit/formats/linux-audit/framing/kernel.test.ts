/** Messages from the socket and the same messages from a recording of it give the same records. */
import { globSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { KernelFramer } from "../../../../../src/formats/linux-audit/framing/kernel.ts"
import { HeaderReader } from "../../../../../src/formats/linux-audit/header.ts"
import {
  hasShared,
  type Kept,
  keeper,
  placeless,
  runFramer,
  SHARED,
  TYPES,
  WITHOUT_SHARED,
} from "./run-framer.ts"

const CORPUS = path.resolve(import.meta.dirname, "../../../../../corpus")
const OFFSET = 1000
/** Frames of recordings that are whole; the damaged ones are for the framer that has to find frames again. */
const recordings = globSync("**/*.netlink.bin", { cwd: CORPUS }).filter((file) => !file.includes("damaged"))

interface Taken extends Kept {
  readonly controls: readonly (readonly [type: number, payload: string])[]
  readonly noted: readonly number[]
}

/** @param messages how many are pushed at a time */
function runKernel(recording: Buffer, messages = 100): Taken {
  const { kept, consumer } = keeper()
  const controls: [number, string][] = []
  const noted: number[] = []
  let next = OFFSET
  const framer = new KernelFramer({
    consumer,
    header: new HeaderReader(TYPES),
    place: (_type, _buffer, start, end, place) => {
      place.offset = next
      place.length = end - start
      next += place.length
    },
    control: (type, payload) => controls.push([type, payload.toString("latin1")]),
    note: ({ serial }) => noted.push(serial),
  })
  for (let at = 0; at < recording.length; ) {
    let end = at
    for (let count = 0; count < messages && end < recording.length; count++)
      end += 4 + recording.readUInt32LE(end)
    const block = Buffer.from(recording.subarray(at, end))
    framer.push(block)
    // The block is used again for what comes next.
    block.fill(0xaa)
    at = end
  }
  framer.end()
  return { ...kept, controls, noted }
}

function expectSame(recording: Buffer): void {
  const wanted = runFramer("netlink", recording)
  for (const messages of [1, 7, 1000]) {
    const taken = runKernel(recording, messages)
    expect(taken.records.map(placeless)).toEqual(wanted.records.map(placeless))
    expect(taken.problems).toHaveLength(wanted.problems.length)
    expect(taken.noted).toEqual(wanted.records.map(({ serial }) => serial))
    expect(taken.controls).toHaveLength(wanted.foreign.length)
  }
}

describe("the kernel's messages", () => {
  it("has recordings to read", () => expect(recordings.length).toBeGreaterThan(0))

  it.each(recordings)("%s", (file) => expectSame(readFileSync(path.join(CORPUS, file))))

  it.skipIf(!hasShared)(`of the real capture ${WITHOUT_SHARED}`, () => {
    expectSame(readFileSync(path.join(SHARED, "real/netlink.bin")))
  })

  it("lie where they are said to lie", () => {
    const { records } = runKernel(
      Buffer.concat([message(1300, "audit(1.002:3): a=b"), message(1320, "audit(1.002:3): ")]),
    )
    expect(records.map(({ offset, length }) => [offset, length])).toEqual([
      [OFFSET, 19],
      [OFFSET + 19, 15],
    ])
  })

  it("may break lines and end in NUL or blanks: it is one line, without them", () => {
    const { records } = runKernel(
      Buffer.concat([message(1300, "audit(1.002:3): a=b\nc=d \n\0"), message(1300, "audit(1.002:4): e=f")]),
    )
    expect(records.map(({ body }) => body)).toEqual(["a=b c=d", "e=f"])
  })

  it("that are no records go to the one who asked for them", () => {
    const { records, controls } = runKernel(
      Buffer.concat([message(1329, "\x05\0\0\0"), message(2, ""), message(1300, "audit(1.002:3): a=b")]),
    )
    expect(controls).toEqual([
      [1329, "\x05\0\0\0"],
      [2, ""],
    ])
    expect(records).toHaveLength(1)
  })

  it("with a stamp that cannot be read are a problem, and the next is taken", () => {
    const { records, problems } = runKernel(
      Buffer.concat([message(1300, "audit(x.002:3): a=b"), message(1300, "audit(1.002:3): a=b")]),
    )
    expect(records).toHaveLength(1)
    expect(problems).toMatchObject([{ code: "linux-audit/bad-header", severity: "error", offset: OFFSET }])
  })
})

/** As it comes out of the reader: behind its length. */
function message(type: number, text: string): Buffer {
  const bytes = Buffer.alloc(20 + text.length)
  bytes.writeUInt32LE(16 + text.length, 0)
  bytes.writeUInt32LE(text.length, 4)
  bytes.writeUInt16LE(type, 8)
  bytes.write(text, 20, "latin1")
  return bytes
}
