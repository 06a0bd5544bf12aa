/** What is missing is exactly what was taken away: from a recording in which nothing is. */
import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { describe, expect, it } from "vitest"
import { Completeness } from "../../../../src/formats/linux-audit/completeness.ts"
import { KernelFramer } from "../../../../src/formats/linux-audit/framing/kernel.ts"
import { HeaderReader } from "../../../../src/formats/linux-audit/header.ts"
import { RECORD_TYPES } from "../../../../src/formats/linux-audit/tables/record-types.gen.ts"
import { TypeNames } from "../../../../src/formats/linux-audit/type-names.ts"

const SYSCALL = 1300
const recording = resolve(import.meta.dirname, "../../../../../shared/data/linux-audit/real/netlink.bin")

const exec = (serial: number, withCapabilities: boolean): [number, string][] => {
  const stamp = `audit(1700000000.123:${serial}): `
  return [
    [1300, `${stamp}arch=c000003e syscall=59 success=yes exit=0 items=1 uid=0 euid=0 exe="/srv/demo/bin/a"`],
    [1309, `${stamp}argc=1 a0="a"`],
    ...(withCapabilities ? ([[1321, `${stamp}fver=0`]] as [number, string][]) : []),
    [1307, `${stamp}cwd="/"`],
    [1302, `${stamp}item=0 name="/srv/demo/bin/a"`],
    [1327, `${stamp}proctitle="a"`],
    [1320, stamp],
  ]
}

describe("completeness", () => {
  it("finds nothing missing in whole events", () => {
    expect(missingOf([...exec(1, false), ...exec(2, false)])).toEqual({ events: 0, records: 0 })
  })

  it.each([1309, 1307, 1302, 1327, 1320])("misses a record of type %i that is taken away", (type) => {
    const records = [...exec(1, false), ...exec(2, false).filter(([one]) => one !== type)]
    expect(missingOf(records)).toEqual({ events: 1, records: 1 })
  })

  it("learns from its like whether an exec has BPRM_FCAPS", () => {
    const records = [...exec(1, true), ...exec(2, false), ...exec(3, true)]
    expect(missingOf(records)).toEqual({ events: 1, records: 1 })
    const two = [...exec(1, true), ...exec(2, false).filter(([type]) => type !== 1302)]
    expect(missingOf(two)).toEqual({ events: 1, records: 2 })
  })

  it("keeps interleaved events apart", () => {
    const [a, b] = [exec(1, false), exec(2, false)]
    expect(missingOf(a.flatMap((record, at) => [record, b[at] ?? record]))).toEqual({ events: 0, records: 0 })
  })

  describe.skipIf(!existsSync(recording))("on a recording (needs ../shared)", () => {
    const frames = existsSync(recording) ? splitFrames(readFileSync(recording)) : []
    const execs = serialsOfExecs(frames)
    const own = frames.filter((frame) => execs.has(serialOf(frame)))

    it("finds nothing missing in execs that are whole", () => {
      expect(execs.size).toBeGreaterThan(400)
      expect(missingOfFrames(own).records).toBe(0)
    })

    it.each([1, 2, 3])("counts what is taken away from them, seed %i", (seed) => {
      const random = randomOf(seed)
      // Further EXECVE records of one exec are one loss to the kernel; execs of one kind may all lack FCAPS.
      const isTakeable = (frame: Buffer) => ![SYSCALL, 1309, 1321].includes(typeOf(frame))
      const kept = own.filter((frame) => !isTakeable(frame) || random() > 0.1)
      expect(own.length - kept.length).toBeGreaterThan(100)
      expect(missingOfFrames(kept).records).toBe(own.length - kept.length)
    })
  })
})

function missingOf(records: readonly (readonly [number, string])[]) {
  return missingOfFrames(records.map(([type, text]) => frameOf(type, text)))
}

function missingOfFrames(frames: readonly Buffer[]) {
  const completeness = new Completeness()
  const framer = new KernelFramer({
    consumer: { record: (record) => completeness.note(record), problem: fail, foreign() {} },
    header: new HeaderReader(new TypeNames(RECORD_TYPES.pairs().map(([number, name]) => [name, number]))),
    place() {},
    control() {},
  })
  framer.push(Buffer.concat(frames))
  completeness.end()
  return completeness.missing
}

function fail(): never {
  throw new Error("a problem in sound records")
}

function frameOf(type: number, text: string): Buffer {
  const frame = Buffer.alloc(20 + text.length)
  frame.writeUInt32LE(16 + text.length, 0)
  frame.writeUInt32LE(text.length, 4)
  frame.writeUInt16LE(type, 8)
  frame.latin1Write(text, 20)
  return frame
}

function splitFrames(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32LE(at)
    frames.push(bytes.subarray(at, end))
    at = end
  }
  return frames
}

function typeOf(frame: Buffer): number {
  return frame.readUInt16LE(8)
}

function serialOf(frame: Buffer): string {
  return /^audit\(([^)]*)\)/.exec(frame.subarray(20, 60).latin1Slice())?.[1] ?? ""
}

function serialsOfExecs(frames: readonly Buffer[]): Set<string> {
  const isExec = (frame: Buffer) =>
    typeOf(frame) === SYSCALL &&
    /arch=c000003e syscall=59 success=yes/.test(frame.subarray(20, 120).latin1Slice())
  return new Set(frames.filter(isExec).map(serialOf))
}

function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return state / 0x7fff_ffff
  }
}
